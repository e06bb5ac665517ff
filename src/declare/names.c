/* The table of licence names; see names.h. It is kept sorted, so that it needs no loading. */
#include "base/banned.h"
#include "declare/names.h"
#include "base/text.h"

/* The assembler puts the file into the object: no copy, no generator. */
__asm__(".section .rodata\n"
	".global au_licence_names\n"
	"au_licence_names:\n"
	".incbin \"rules/licence-names.tsv\"\n"
	".global au_licence_names_end\n"
	"au_licence_names_end:\n"
	".byte 0\n"
	".text\n");
extern const char au_licence_names[], au_licence_names_end[];

static const char *const noise[] = {
	"the", "license", "licenses", "licence", "licences", "licensed", "version", "ver", "v",
	"software", "agreement", "terms", "of", "under", "a", "an", "ref", NULL,
};

static bool is_noise(const char *s, size_t n)
{
	for (size_t i = 0; noise[i]; i++)
		if (strlen(noise[i]) == n && !memcmp(noise[i], s, n))
			return true;
	return false;
}

/* Length of a number with dots between its digits. */
static size_t number_len(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && (isdigit((unsigned char)s[i]) ||
			 (s[i] == '.' && i + 1 < n && i && isdigit((unsigned char)s[i + 1]))))
		i++;
	return i;
}

static size_t letters_len(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && isalpha((unsigned char)s[i]))
		i++;
	return i;
}

/* "gplv3": the v belongs to the number. */
static size_t without_v(const char *s, size_t len)
{
	return len > 1 && s[len - 1] == 'v' && isdigit((unsigned char)s[len]) ? len - 1 : len;
}

static size_t short_number(const char *s, size_t n)
{
	size_t whole = strspn(s, "0123456789");

	return n == whole + 2 && s[whole] == '.' && s[whole + 1] == '0' ? whole : n;
}

bool au_name_fold(const char *s, size_t n, char ret[AU_FOLD_MAX])
{
	char low[AU_FOLD_MAX];
	size_t out = 0;

	if (n >= AU_FOLD_MAX)
		return false;
	for (size_t i = 0; i < n; i++)
		low[i] = au_lower(s[i]);
	low[n] = 0;
	for (size_t i = 0; i < n;) {
		size_t len = number_len(low + i, n - i), keep;
		const char *tok = low + i;

		keep = len ? short_number(tok, len) : without_v(tok, len = letters_len(tok, n - i));
		if (!len && (*tok == '+' || (*tok == '>' && tok[1] == '='))) {
			len = *tok == '+' ? 1 : 2;
			tok = "+";
			keep = 1;
		}
		i += len ? len : 1;
		if (!len || is_noise(tok, keep))
			continue;
		if (out + keep + 2 > AU_FOLD_MAX)
			return false;
		if (out)
			ret[out++] = ' ';
		memcpy(ret + out, tok, keep);
		out += keep;
	}
	ret[out] = 0;
	return true;
}

const char *au_name_table(size_t *ret_len)
{
	*ret_len = (size_t)(au_licence_names_end - au_licence_names);
	return au_licence_names;
}

static int compare(const char *folded, const char *line)
{
	while (*folded && *folded == *line) {
		folded++;
		line++;
	}
	return (unsigned char)*folded - (*line == '\t' ? 0 : (unsigned char)*line);
}

bool au_name_find(const char *folded, struct au_name *ret)
{
	size_t lo = 0, hi;
	const char *t = au_name_table(&hi);

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const char *line;
		int c;

		while (mid > lo && t[mid - 1] != '\n')
			mid--;
		line = t + mid;
		c = compare(folded, line);
		if (!c) {
			ret->id = strchr(line, '\t') + 1;
			ret->id_len = strcspn(ret->id, "\t");
			ret->cls = ret->id + ret->id_len + 1;
			ret->cls_len = strcspn(ret->cls, "\n");
			return true;
		}
		if (c < 0)
			hi = mid;
		else
			lo = mid + strcspn(line, "\n") + 1;
	}
	return false;
}

static const char *const classes[] = {
	"public-domain", "permissive", "weak-copyleft", "strong-copyleft", "network-copyleft",
	"use-restricted", "community", "no-derivatives", "non-commercial", "proprietary", "unknown",
	"exception",
};

const char *au_name_class(const char *id)
{
	char key[AU_FOLD_MAX];
	struct au_name row;

	if (!au_name_fold(id, strlen(id), key) || !au_name_find(key, &row))
		return NULL;
	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++)
		if (strlen(classes[i]) == row.cls_len && !memcmp(classes[i], row.cls, row.cls_len))
			return classes[i];
	return NULL;
}
