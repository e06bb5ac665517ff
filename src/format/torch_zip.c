/* PyTorch's zip layout: PREFIX/data.pkl names storages by key, PREFIX/data/KEY holds their bytes,
 * TorchScript adds PREFIX/code/. The members are entries of their own (the pickle reader reads
 * data.pkl there); here is what only the whole archive shows. Facts:
 *   torch.storage-size   a storage is missing or not as large as stated; text its member, aux how, num
 *                        the bytes there are
 *   torch.code           a program file in the archive outside of TorchScript's own code; text member
 *   torch.file-op        TorchScript code uses an operator that reaches files; text operator, aux member */
#include "base/banned.h"
#include "base/num.h"
#include "base/rc.h"
#include "base/text.h"
#include "base/map.h"
#include "format/torch.h"
#include "format/zip.h"
#include "io/view.h"

enum { CODE_MAX = 4 * 1024 * 1024, PICKLE_MAX = 512 * 1024 * 1024 };

static const struct au_zip_member *find_pickle(const struct au_zip *z)
{
	const struct au_zip_member *hit = NULL;

	for (size_t i = 0; i < z->n; i++)
		if (au_ieq(au_basename(z->members[i].name), "data.pkl"))
			hit = &z->members[i];
	return hit;
}

static bool looks_zip(const struct au_probe *p)
{
	return (p->head_len >= 4 && !memcmp(p->head, "PK\3\4", 4)) ||
	       (p->tail_len >= 22 && memmem(p->tail, p->tail_len, "PK\5\6", 4));
}

static int probe(const struct au_probe *p)
{
	struct au_arena *a;
	struct au_zip z;
	int score = 0;

	if (!looks_zip(p))
		return 0;
	a = au_arena_new();
	if (au_zip_open(p->view, a, 1000000, &z) == AU_OK && find_pickle(&z))
		score = 100;
	au_arena_free(a);
	return score;
}

static void read_code(struct au_job *job, struct au_entry *e, struct au_view *v, const struct au_zip_member *m)
{
	static const char *const ops[] = { "torch.from_file", "torch.save(", "torch.load(", "aten.from_file",
					   "aten.save", "ops.aten._save", "aten::save", "aten::from_file", NULL };
	struct au_view *code = NULL;
	const uint8_t *p;
	size_t n = 0;
	int rc = au_zip_member_view(v, job->scratch, m, CODE_MAX, &code);

	p = code ? au_view_all(code, job->scratch, CODE_MAX, &n) : NULL;
	if (!p) {
		au_emit_coverage(job, e, rc == AU_LIMIT ? "limit" : "malformed", m->header_at,
				 "the code member '%s' could not be read for file operators", m->name);
		return;
	}
	for (size_t i = 0; ops[i]; i++) {
		const uint8_t *hit = memmem(p, n, ops[i], strlen(ops[i]));

		if (hit)
			au_emit(job, e, "torch.file-op", au_arena_fmt(job->scratch, "%.*s",
				(int)strcspn(ops[i], "("), ops[i]), m->name, au_span(m->header_at, 30));
	}
}

static bool is_program(const char *name)
{
	static const char *const ends[] = { ".py", ".pyc", ".so", ".dll", ".dylib", ".sh", ".exe", ".bat", ".ps1",
					    ".pyd", ".js", ".pth", NULL };

	for (size_t i = 0; ends[i]; i++)
		if (au_iends(name, ends[i]))
			return true;
	return false;
}

static void read_members(struct au_job *job, struct au_entry *e, struct au_view *v, const struct au_zip *z,
			 const char *prefix)
{
	const char *code = au_arena_fmt(job->scratch, "%scode/", prefix);

	for (size_t i = 0; i < z->n; i++) {
		const struct au_zip_member *m = &z->members[i];

		if (au_starts(m->name, code) && au_iends(m->name, ".py"))
			read_code(job, e, v, m);
		else if (is_program(m->name))
			au_emit(job, e, "torch.code", m->name, NULL, au_span(m->header_at, 30));
	}
}

static void place(struct au_job *job, struct au_entry *e, const struct au_pickle *p, const struct au_map *names,
		  const char *prefix, struct au_torch_place *places)
{
	for (size_t i = 0; i < p->n_storages; i++) {
		const struct au_pickle_storage *s = &p->storages[i];
		const struct au_torch_dtype *d = au_torch_dtype(s->cls);
		const char *name = au_arena_fmt(job->scratch, "%sdata/%s", prefix, s->key);
		const struct au_zip_member *m = au_map_get(names, name, strlen(name));
		uint64_t want = 0;
		struct au_span at = au_span(s->at, 1);

		if (!m) {
			au_emit(job, e, "torch.storage-size", name, "it is missing", at);
			continue;
		}
		places[i] = (struct au_torch_place){ m->data_at, m->size, true, m->method == 0 };
		if (d && (!au_mul(s->numel, d->size, &want) || want != m->size))
			au_emit(job, e, "torch.storage-size", name, au_arena_fmt(job->scratch, "the pickle states %"
				PRIu64 " bytes, there are %" PRIu64, want, m->size), at)->num = m->size;
	}
}

static bool big_endian(struct au_job *job, struct au_view *v, const struct au_map *names, const char *prefix)
{
	const char *name = au_arena_fmt(job->scratch, "%sbyteorder", prefix);
	const struct au_zip_member *m = au_map_get(names, name, strlen(name));
	struct au_view *view = NULL;
	uint8_t text[3];

	return m && au_zip_member_view(v, job->scratch, m, 64, &view) == AU_OK &&
	       au_view_read(view, 0, text, 3) == AU_OK && !memcmp(text, "big", 3);
}

static int read_zip(struct au_job *job, struct au_entry *e, struct au_view *v)
{
	struct au_pickle_opts o = { .max_streams = 1, .tensors = true };
	const struct au_zip_member *m;
	struct au_torch_place *places;
	struct au_view *pickle = NULL;
	struct au_pickle p;
	struct au_map names;
	struct au_zip z;
	const char *prefix;

	if (au_zip_open(v, job->scratch, job->limits->members, &z) != AU_OK || !(m = find_pickle(&z)))
		return AU_NOTME;
	prefix = au_arena_strn(job->scratch, m->name, (size_t)(au_basename(m->name) - m->name));
	read_members(job, e, v, &z, prefix);
	if (au_zip_member_view(v, job->scratch, m, PICKLE_MAX, &pickle) != AU_OK || !pickle)
		return AU_OK; /* the walk over the members tells it */
	if (au_pickle_scan(pickle, job->arena, job->scratch, &o, &p) == AU_IO)
		return AU_IO;
	au_map_init(&names, job->scratch);
	for (size_t i = 0; i < z.n; i++)
		*au_map_put(&names, z.members[i].name, strlen(z.members[i].name)) = &z.members[i];
	places = AU_ARRAY(job->scratch, struct au_torch_place, p.n_storages + 1);
	place(job, e, &p, &names, prefix, places);
	au_torch_tensors(job, e, &p, places, big_endian(job, v, &names, prefix));
	return AU_OK;
}

const struct au_format au_format_torch_zip = {
	.name = "torch-zip",
	.title = "PyTorch model",
	.extensions = (const char *const[]){ "pt", "pth", "bin", "ckpt", NULL },
	.flags = AU_FMT_MODEL | AU_FMT_EXECUTES,
	.probe = probe,
	.read = read_zip,
	.checked = "storages against what the pickle states, program files, TorchScript's file operators",
};
