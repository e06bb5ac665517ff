/* What weights say of themselves: GGUF keys, safetensors' __metadata__, ONNX metadata_props. The
 * format readers have emitted them (aux: key, text: value); the same words mean the same in all. */
#include "base/banned.h"
#include "declare/read.h"
#include "base/text.h"

struct key {
	const char *key;      /* glob on the key */
	const char *topic;    /* NULL: a licence */
	const char *aux;
};

static const struct key keys[] = {
	{ "general.license", NULL, NULL }, { "license", NULL, NULL }, { "licence", NULL, NULL },
	{ "modelspec.license", NULL, NULL }, { "License", NULL, NULL }, { "model_license", NULL, NULL },
	{ "general.license.name", "declared.licence_name", NULL },
	{ "general.license.link", "declared.licence_link", NULL },
	{ "license_link", "declared.licence_link", NULL }, { "license_name", "declared.licence_name", NULL },
	{ "general.base_model.*.repo_url", "declared.base_model", NULL },
	{ "general.base_model.*.name", "declared.base_model", "name" },
	{ "base_model", "declared.base_model", NULL }, { "ss_sd_model_name", "declared.base_model", "adapter" },
	{ "general.dataset.*.repo_url", "declared.dataset", NULL },
	{ "general.dataset.*.name", "declared.dataset", "name" }, { "general.datasets", "declared.dataset", NULL },
	{ "general.name", "declared.model_id", NULL }, { "modelspec.title", "declared.model_id", NULL },
	{ "general.source.huggingface.repository", "declared.model_id", "source" },
	{ "general.author", "declared.author", NULL }, { "modelspec.author", "declared.author", NULL },
	{ "author", "declared.author", NULL }, { "general.tags", "declared.tag", NULL },
	{ "general.architecture", "declared.tag", "model_type" },
};

/* "https://host/org/name" to "org/name". */
static const char *hub_name(const char *s)
{
	const char *p = strstr(s, "://");

	if (!p)
		return s;
	p = strchr(p + 3, '/');
	if (!p)
		return s;
	p++;
	return au_starts(p, "datasets/") ? p + 9 : p;
}

/* Some tools store one JSON text (onnx.meta, PEFT's) under a key: short values only are names. */
static void one(struct au_decl *d, const struct au_fact *f)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (!au_glob(keys[i].key, f->aux))
			continue;
		if (!keys[i].topic)
			au_decl_licence(d, f->text, f->span);
		else
			au_decl_fact(d, keys[i].topic, hub_name(f->text), keys[i].aux, f->span);
		return;
	}
}

void au_decl_tensor_meta(struct au_decl *d)
{
	static const struct { const char *topic; enum au_decl_source src; } topics[] = {
		{ "gguf.kv", AU_DECL_GGUF }, { "safetensors.metadata", AU_DECL_SAFETENSORS },
		{ "onnx.meta", AU_DECL_ONNX },
	};
	const struct au_fact *last = d->e->last_fact;

	for (const struct au_fact *f = d->e->facts; f; f = f == last ? NULL : f->next)
		for (size_t i = 0; i < 3; i++)
			if (f->aux && f->text && !strcmp(f->topic, topics[i].topic)) {
				d->src = topics[i].src;
				one(d, f);
			}
}
