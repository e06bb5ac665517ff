/* Facts of a JSON or YAML document:
 *   hf.auto_map       code of the repository (or of another one) stands in for a library class;
 *                     text: "[repo--]module.Class", aux: the key
 *   hf.pipeline       a custom pipeline; text: its name
 *   hf.trust          trust_remote_code is switched on by the file; text: the key
 *   hydra.target      text: dotted name that an instantiator imports and calls; aux: the key
 *   json.object       an object reference of jsonpickle; text: the name, aux: the key
 *   template.*        chat templates, see jinja.c */
#include "base/banned.h"
#include "base/text.h"
#include "format/jinja.h"
#include "format/jsondoc.h"

enum { DEPTH = 256, VISITS = 4000000 };

struct walk {
	struct au_job *job;
	struct au_entry *e;
	uint64_t left;
	unsigned depth;
};

static struct au_span at(const struct au_node *n)
{
	struct au_span s = au_span(n->off, n->len ? n->len : 1);

	s.line = n->line;
	return s;
}

static bool dotted(const char *s)
{
	bool dot = false;

	for (; *s; s++) {
		if (*s == '.')
			dot = true;
		else if (!isalnum((uint8_t)*s) && *s != '_')
			return false;
	}
	return dot;
}

static void auto_map(struct walk *w, const struct au_node *m)
{
	if (m->type == AU_NODE_STRING && m->len)
		au_emit(w->job, w->e, "hf.auto_map", m->text, m->key ? m->key : "auto_map", at(m));
	AU_EACH(c, m)
		auto_map(w, c);
}

static void templates(struct walk *w, const struct au_node *n, const char *where)
{
	const char *name = au_node_str(n, "name");

	if (n->type == AU_NODE_STRING)
		au_jinja_facts(w->job, w->e, n->text, n->len, where, at(n), false);
	AU_EACH(c, n)
		templates(w, c, name ? name : c->key ? c->key : where);
}

static void string_member(struct walk *w, const struct au_node *c)
{
	const char *k = c->key;

	if (!strcmp(k, "_target_") || ((!strcmp(k, "target") || !strcmp(k, "class_path") || !strcmp(k, "__target__") ||
					!strcmp(k, "_partial_target_")) && dotted(c->text)))
		au_emit(w->job, w->e, "hydra.target", c->text, k, at(c));
	else if (!strcmp(k, "custom_pipeline"))
		au_emit(w->job, w->e, "hf.pipeline", c->text, k, at(c));
	else if (au_starts(k, "py/") && (!strcmp(k + 3, "object") || !strcmp(k + 3, "type") ||
					 !strcmp(k + 3, "function") || !strcmp(k + 3, "repr") ||
					 !strcmp(k + 3, "module") || !strcmp(k + 3, "newargs")))
		au_emit(w->job, w->e, "json.object", c->text, k, at(c));
}

static void member(struct walk *w, const struct au_node *c)
{
	const char *k = c->key;

	if (!strcmp(k, "auto_map")) {
		auto_map(w, c);
	} else if (!strcmp(k, "custom_pipelines")) {
		AU_EACH(p, c)
			au_emit(w->job, w->e, "hf.pipeline", au_node_str(p, "impl") ? au_node_str(p, "impl") :
				p->key ? p->key : "?", k, at(p));
	} else if (!strcmp(k, "trust_remote_code")) {
		if (c->type == AU_NODE_BOOL && au_lower(*c->text) == 't')
			au_emit(w->job, w->e, "hf.trust", k, NULL, at(c));
	} else if (strstr(k, "chat_template")) {
		templates(w, c, k);
	} else if (!strcmp(k, "_class_name") && c->type == AU_NODE_SEQ && c->first && c->first->len) {
		au_emit(w->job, w->e, "hf.pipeline", c->first->text, k, at(c->first));
	} else if (!strcmp(k, "py/reduce") && c->first) {
		const char *f = au_node_text(c->first);

		if (!f && c->first->first)
			f = au_node_text(c->first->first);
		au_emit(w->job, w->e, "json.object", f ? f : "?", k, at(c));
	} else if (c->type == AU_NODE_STRING) {
		string_member(w, c);
	}
}

static void visit(struct walk *w, const struct au_node *n)
{
	if (w->depth >= DEPTH)
		return;
	w->depth++;
	AU_EACH(c, n) {
		if (!w->left || !w->left--)
			break;
		if (c->key)
			member(w, c);
		if (c->first)
			visit(w, c);
	}
	w->depth--;
}

void au_jsondoc_walk(struct au_job *job, struct au_entry *e, const struct au_node *root)
{
	struct walk w = { .job = job, .e = e, .left = VISITS };

	visit(&w, root);
}
