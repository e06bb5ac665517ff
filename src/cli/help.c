/* Help and completion, both from the tables. */
#include "base/banned.h"
#include "base/text.h"
#include "cli/cli.h"

static void print_wrapped(FILE *f, const char *text, int indent, int width)
{
	int col = indent;

	while (*text) {
		size_t n = strcspn(text, " ");

		if (col > indent && col + (int)n > width) {
			fprintf(f, "\n%*s", indent, "");
			col = indent;
		}
		fprintf(f, "%s%.*s", col > indent ? " " : "", (int)n, text);
		col += (int)n + 1;
		text += n + (text[n] == ' ');
	}
	fputc('\n', f);
}

static void print_option(FILE *f, const struct au_option *o)
{
	char head[80];

	snprintf(head, sizeof(head), "%c%c%s --%s%s%s", o->letter ? '-' : ' ', o->letter ? o->letter : ' ',
		 o->letter ? "," : " ", o->name, o->arg ? "=" : "", o->arg ? o->arg : "");
	if (strlen(head) > 29)
		fprintf(f, "  %s\n%*s", head, 33, "");
	else
		fprintf(f, "  %-30s ", head);
	print_wrapped(f, o->text, 33, 80);
}

static void print_options(FILE *f, unsigned verb)
{
	const char *group = NULL;

	for (int i = 0; i < OPT_N; i++) {
		if (!(au_options[i].verbs & verb))
			continue;
		if (!group || strcmp(group, au_options[i].group) != 0)
			fprintf(f, "\n%s:\n", au_options[i].group);
		group = au_options[i].group;
		print_option(f, &au_options[i]);
	}
}

static void print_overview(FILE *f)
{
	fputs("assay: what is in this model, dataset or code tree, and may we use it?\n\n"
	      "  assay scan ./model-repository\n"
	      "  assay scan -o sarif=assay.sarif -o markdown=summary.md .\n\nCommands:\n", f);
	for (size_t i = 0; i < au_n_verbs; i++)
		fprintf(f, "  %-12s %s\n", au_verbs[i].name, au_verbs[i].text);
	fputs("\nExit status: 0 gate passed and all read, 1 gate failed, 2 something could not be read,\n"
	      "3 nothing to scan, 4 wrong option or configuration, 70 internal error.\n"
	      "'assay help COMMAND' lists a command's options. Nothing is ever sent anywhere.\n", f);
}

void au_print_help(FILE *f, const struct au_verb *v)
{
	if (!v) {
		print_overview(f);
		return;
	}
	fprintf(f, "assay %s %s\n\n  %s\n", v->name, v->args, v->text);
	print_options(f, v->id);
}

int au_cmd_help(struct au_args *a)
{
	const struct au_verb *v = NULL;

	if (a->n_words) {
		const char *name = !strcmp(a->words[0], "license") ? "licence" : a->words[0];

		for (size_t i = 0; i < au_n_verbs; i++)
			if (!strcmp(au_verbs[i].name, name))
				v = &au_verbs[i];
		if (!v)
			return au_usage_error("unknown command '%s'; see 'assay help'", a->words[0]);
	}
	au_print_help(stdout, v);
	return AU_EXIT_PASS;
}

static void complete_bash(void)
{
	puts("# bash completion for assay, made by 'assay completion bash'\n_assay()\n{\n"
	     "\tlocal cur=${COMP_WORDS[COMP_CWORD]} verb= i\n"
	     "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	     "\t\t[[ ${COMP_WORDS[i]} == -* ]] || { verb=${COMP_WORDS[i]}; break; }\n\tdone\n"
	     "\tlocal words=\n\tcase $verb in");
	for (size_t i = 0; i < au_n_verbs; i++) {
		printf("\t%s) words='", au_verbs[i].name);
		for (int o = 0; o < OPT_N; o++)
			if (au_options[o].verbs & au_verbs[i].id)
				printf("--%s%s ", au_options[o].name, au_options[o].arg ? "=" : "");
		puts("' ;;");
	}
	fputs("\t'') words='", stdout);
	for (size_t i = 0; i < au_n_verbs; i++)
		printf("%s ", au_verbs[i].name);
	puts("--help --version' ;;\n\tesac\n"
	     "\tif [[ $cur == -* || -z $verb ]]; then\n"
	     "\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	     "\t\t[[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace\n"
	     "\telse\n\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n\tfi\n}\ncomplete -o filenames -F _assay assay");
}

/* Text inside single quotes of a zsh or fish script. */
static void print_quoted(const char *s, const char *also)
{
	for (; *s; s++) {
		if (*s == '\'')
			fputs("'\\''", stdout);
		else if (strchr(also, *s))
			printf("\\%c", *s);
		else
			putchar(*s);
	}
}

static void complete_zsh(void)
{
	puts("#compdef assay\n# zsh completion for assay, made by 'assay completion zsh'\n_assay() {\n"
	     "\tlocal -a verbs\n\tverbs=(");
	for (size_t i = 0; i < au_n_verbs; i++) {
		printf("\t\t'%s:", au_verbs[i].name);
		print_quoted(au_verbs[i].text, ":");
		puts("'");
	}
	puts("\t)\n\tif (( CURRENT == 2 )); then\n\t\t_describe command verbs\n\t\treturn\n\tfi\n\tcase $words[2] in");
	for (size_t i = 0; i < au_n_verbs; i++) {
		printf("\t%s) _arguments", au_verbs[i].name);
		for (int o = 0; o < OPT_N; o++) {
			if (!(au_options[o].verbs & au_verbs[i].id))
				continue;
			printf(" \\\n\t\t'*--%s%s[", au_options[o].name, au_options[o].arg ? "=" : "");
			print_quoted(au_options[o].text, "[]");
			printf("]%s'", au_options[o].arg ? ":value:_files" : "");
		}
		puts(" \\\n\t\t'*:file:_files' ;;");
	}
	puts("\tesac\n}\n_assay \"$@\"");
}

static void complete_fish(void)
{
	puts("# fish completion for assay, made by 'assay completion fish'");
	for (size_t i = 0; i < au_n_verbs; i++) {
		printf("complete -c assay -n __fish_use_subcommand -a %s -d '", au_verbs[i].name);
		print_quoted(au_verbs[i].text, "");
		puts("'");
		for (int o = 0; o < OPT_N; o++) {
			if (!(au_options[o].verbs & au_verbs[i].id))
				continue;
			printf("complete -c assay -n '__fish_seen_subcommand_from %s' -l %s%s", au_verbs[i].name,
			       au_options[o].name, au_options[o].arg ? " -r" : "");
			if (au_options[o].letter)
				printf(" -s %c", au_options[o].letter);
			fputs(" -d '", stdout);
			print_quoted(au_options[o].text, "");
			puts("'");
		}
	}
}

int au_cmd_completion(struct au_args *a)
{
	const char *shell = a->n_words == 1 ? a->words[0] : "";

	if (!strcmp(shell, "bash"))
		complete_bash();
	else if (!strcmp(shell, "zsh"))
		complete_zsh();
	else if (!strcmp(shell, "fish"))
		complete_fish();
	else
		return au_usage_error("name one shell: assay completion bash|zsh|fish");
	return AU_EXIT_PASS;
}
