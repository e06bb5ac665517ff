/* Model ids told by the layout of a folder: the hub's cache (models--ORG--NAME/snapshots/REV), the
 * Ollama store (manifests/HOST/NAMESPACE/NAME/TAG and blobs/sha256-…) and the OCI image layout
 * (image-spec v1.1: oci-layout, index.json, blobs/sha256/…). */
#include "base/banned.h"
#include "base/map.h"
#include "base/node.h"
#include "base/rc.h"
#include "base/text.h"
#include "io/json.h"
#include "io/view.h"
#include "scan/plan.h"

enum { MANIFEST_MAX = 1024 * 1024, MANIFEST_NODES = 20000 };

static bool hub_cache(struct au_arena *a, const char *full, struct au_model_id *ret)
{
	static const char *const kinds[] = { "models--", "datasets--", "spaces--" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		const char *at = strstr(full, kinds[i]), *name, *sep, *end, *rev;

		if (!at || (at != full && at[-1] != '/'))
			continue;
		name = at + strlen(kinds[i]);
		end = strchr(name, '/');
		if (!end)
			end = name + strlen(name);
		sep = strstr(name, "--");
		ret->id = sep && sep < end
			? au_arena_fmt(a, "%.*s/%.*s", (int)(sep - name), name, (int)(end - sep - 2), sep + 2)
			: au_arena_strn(a, name, (size_t)(end - name));
		ret->source = "hub-cache";
		rev = strstr(end, "/snapshots/");
		if (rev) {
			rev += strlen("/snapshots/");
			ret->revision = au_arena_strn(a, rev, strcspn(rev, "/"));
		}
		return true;
	}
	return false;
}

static const struct au_node *load(struct au_arena *a, const struct au_plan_item *it)
{
	struct au_node *doc = NULL;
	uint64_t size;
	size_t n = 0;
	int fd = it->size <= MANIFEST_MAX ? au_plan_open(it, &size) : -1;
	const uint8_t *p;

	if (fd < 0)
		return NULL;
	p = au_view_all(au_view_fd(a, fd, 0, size), a, MANIFEST_MAX, &n);
	if (!p || au_json_load(a, p, n, MANIFEST_NODES, NULL, &doc, NULL) != AU_OK)
		doc = NULL;
	close(fd);
	return doc;
}

/* "sha256:HEX" as the key of a blob. */
static void claim(struct au_map *blobs, const char *digest, struct au_model_id *id)
{
	if (digest && au_starts(digest, "sha256:") && strlen(digest) == 7 + 64) {
		void **slot = au_map_put(blobs, digest + 7, 64);

		if (!*slot)
			*slot = id;
	}
}

static void claim_manifest(struct au_map *blobs, const struct au_node *m, struct au_model_id *id)
{
	claim(blobs, au_node_str(au_node_get(m, "config"), "digest"), id);
	AU_EACH(layer, au_node_get(m, "layers"))
		claim(blobs, au_node_str(layer, "digest"), id);
}

/* .../manifests/HOST/NAMESPACE/NAME/TAG */
static void ollama(struct au_arena *a, const struct au_plan_item *it, const char *full, struct au_map *blobs,
		   struct au_model_id *ret)
{
	const char *at = strstr(full, "/manifests/"), *part[8] = { 0 };
	struct au_model_id *id;
	unsigned n = 0;
	char *copy;

	if (!at)
		return;
	copy = au_arena_str(a, at + strlen("/manifests/"));
	for (char *p = copy; n < 8;) {
		size_t len = strcspn(p, "/");

		part[n++] = p;
		if (!p[len])
			break;
		p[len] = 0;
		p += len + 1;
	}
	if (n != 4)
		return;
	id = AU_NEW(a, struct au_model_id);
	id->id = !strcmp(part[1], "library") ? part[2] : au_arena_fmt(a, "%s/%s", part[1], part[2]);
	id->revision = part[3];
	id->source = "ollama";
	claim_manifest(blobs, load(a, it), id);
	*ret = *id;
}

static const struct au_plan_item *blob_item(const struct au_plan *p, const char *digest)
{
	if (!digest || !au_starts(digest, "sha256:"))
		return NULL;
	for (size_t i = 0; i < p->n_items; i++)
		if (au_ends(p->items[i].path, digest + 7))
			return &p->items[i];
	return NULL;
}

static void oci(struct au_arena *a, const struct au_plan *p, const struct au_plan_item *it, struct au_map *blobs)
{
	const struct au_node *index = load(a, it);

	if (!au_node_get(index, "schemaVersion"))
		return;
	AU_EACH(m, au_node_get(index, "manifests")) {
		const struct au_node *notes = au_node_get(m, "annotations");
		const char *digest = au_node_str(m, "digest");
		const struct au_plan_item *blob = blob_item(p, digest);
		struct au_model_id *id = AU_NEW(a, struct au_model_id);

		id->id = au_node_str(notes, "org.opencontainers.image.title");
		id->revision = au_node_str(notes, "org.opencontainers.image.ref.name");
		id->source = "oci";
		if (!id->id) {
			id->id = id->revision;
			id->revision = digest;
		}
		if (!id->id)
			continue;
		claim(blobs, digest, id);
		if (blob)
			claim_manifest(blobs, load(a, blob), id);
	}
}

/* The digest in a blob's name: "sha256-HEX" or HEX below a folder sha256/. */
static const char *digest_of(const char *path)
{
	const char *name = au_basename(path);
	uint8_t bytes[32];

	if (au_starts(name, "sha256-"))
		name += 7;
	return strlen(name) == 64 && au_unhex(name, 32, bytes) ? name : NULL;
}

void au_plan_layouts(struct au_arena *a, struct au_plan *p)
{
	struct au_map blobs;

	au_map_init(&blobs, a);
	for (size_t i = 0; i < p->n_items; i++) {
		struct au_plan_item *it = &p->items[i];
		const char *full = au_arena_fmt(a, "%s/%s", it->root->real ? it->root->real : "",
						it->path + strlen(it->root->prefix));

		if (hub_cache(a, full, &it->model))
			continue;
		ollama(a, it, full, &blobs, &it->model);
		if (!strcmp(au_basename(it->path), "index.json"))
			oci(a, p, it, &blobs);
	}
	for (size_t i = 0; i < p->n_items && blobs.n; i++) {
		const char *digest = digest_of(p->items[i].path);
		const struct au_model_id *id = digest ? au_map_get(&blobs, digest, 64) : NULL;

		if (id && !p->items[i].model.id)
			p->items[i].model = *id;
	}
}
