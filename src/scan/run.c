/* Lanes over the plan, slots by ordinal, and the merge that makes the order total; see scan.h. */
#include "base/banned.h"
#include <pthread.h>
#include <sched.h>
#include "base/buf.h"
#include "base/map.h"
#include "base/rc.h"
#include "base/text.h"
#include "legal/legal.h"
#include "detect/registry.h"
#include "ext/digest.h"
#include "io/view.h"
#include "licence/licence.h"
#include "scan/entry.h"

struct slot {
	struct au_entry *entries;
	struct au_finding *findings;
	struct au_coverage *coverage;
	uint32_t n_entries;
	uint64_t bytes;
	bool done;
};

struct au_scan {
	struct au_arena *arena;
	const struct au_scan_options *o;
	struct au_plan *plan;
	uint32_t *order;              /* ordinals, largest file first */
	_Atomic size_t next;
	struct slot *slots;
	struct au_lane *lanes;
	unsigned n_lanes;
	struct au_audit audit;
};

unsigned au_scan_default_jobs(void)
{
	cpu_set_t set;
	int n = 1;

	if (!sched_getaffinity(0, sizeof(set), &set))
		n = CPU_COUNT(&set);
	return n < 1 ? 1 : n > 64 ? 64 : (unsigned)n;
}

static void run_job(struct au_scan *s, struct au_lane *lane, uint32_t ordinal)
{
	const struct au_plan_item *it = &s->plan->items[ordinal];
	struct au_job job = {
		.arena = lane->arena, .limits = &lane->run->limits, .run = lane->run, .lane = lane->licence,
		.ordinal = ordinal, .packed = it->size,
	};
	struct au_entry *e = AU_NEW(lane->arena, struct au_entry);
	struct slot *slot = &s->slots[ordinal];
	struct au_arena *scratch = au_arena_new();
	uint64_t size = 0;
	int fd = au_plan_open(it, &size);

	e->path = e->name = it->path;
	e->job = ordinal;
	e->mode = it->mode;
	e->size = it->size;
	job.entries = job.last_entry = e;
	job.n_entries = 1;
	job.scratch = scratch;
	if (fd < 0) {
		au_emit_coverage(&job, e, errno == ENOENT ? "vanished" : "unreadable", 0, "cannot be opened: %s",
				 errno == EINVAL ? "no longer a regular file" : strerror(errno));
	} else {
		au_scan_entry(lane, &job, e, au_view_fd(scratch, fd, 0, size));
		close(fd);
	}
	au_arena_free(scratch);
	*slot = (struct slot){ job.entries, job.findings, job.coverage, job.n_entries, job.bytes_read, true };
	if (lane->progress)
		lane->progress->files++;
}

struct worker {
	struct au_scan *s;
	struct au_lane *lane;
	pthread_t thread;
	bool started;
};

static void *work(void *ctx)
{
	struct worker *w = ctx;
	struct au_scan *s = w->s;

	for (;;) {
		size_t i = s->next++;

		if (i >= s->plan->n_items || (w->lane->progress && w->lane->progress->stop))
			return NULL;
		run_job(s, w->lane, s->order[i]);
	}
}

static int largest_first(const void *a, const void *b, void *ctx)
{
	const struct au_plan_item *items = ctx;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	if (items[x].size != items[y].size)
		return items[x].size < items[y].size ? 1 : -1;
	return x < y ? -1 : x > y;
}

static void run_lanes(struct au_scan *s, unsigned jobs)
{
	struct worker *w = AU_ARRAY(s->arena, struct worker, jobs);

	s->order = AU_ARRAY(s->arena, uint32_t, s->plan->n_items);
	for (size_t i = 0; i < s->plan->n_items; i++)
		s->order[i] = (uint32_t)i;
	qsort_r(s->order, s->plan->n_items, sizeof(*s->order), largest_first, s->plan->items);
	s->lanes = AU_ARRAY(s->arena, struct au_lane, jobs);
	s->n_lanes = jobs;
	for (unsigned i = 0; i < jobs; i++) {
		s->lanes[i] = (struct au_lane){ .run = s->o->run, .arena = au_arena_new(),
						.sha256 = au_digest_new(AU_SHA256), .progress = s->o->progress };
		if (s->o->run->licences)
			s->lanes[i].licence = au_licence_scratch_new(s->o->run->licences);
		w[i] = (struct worker){ .s = s, .lane = &s->lanes[i] };
	}
	for (unsigned i = 1; i < jobs; i++)
		w[i].started = !pthread_create(&w[i].thread, NULL, work, &w[i]);
	work(&w[0]);
	for (unsigned i = 1; i < jobs; i++)
		if (w[i].started)
			pthread_join(w[i].thread, NULL);
}

static int finding_order(const void *a, const void *b)
{
	const struct au_finding *x = *(const struct au_finding *const *)a;
	const struct au_finding *y = *(const struct au_finding *const *)b;
	int c;

	if (!x->entry || !y->entry)
		return !x->entry == !y->entry ? strcmp(x->message, y->message) : !x->entry ? 1 : -1;
	if (x->entry->job != y->entry->job)
		return x->entry->job < y->entry->job ? -1 : 1;
	if (x->entry->ordinal != y->entry->ordinal)
		return x->entry->ordinal < y->entry->ordinal ? -1 : 1;
	if (x->span.off != y->span.off)
		return x->span.off < y->span.off ? -1 : 1;
	c = strcmp(x->rule->id, y->rule->id);
	if (!c)
		c = strcmp(x->key, y->key);
	return c ? c : strcmp(x->message, y->message);
}

/* Fingerprint v1: SHA-256 over "v1", rule id, path chain and evidence key, NUL-separated; its first
 * 16 bytes. Nothing in it moves with lines, offsets or time. */
static void fingerprint(struct au_digest *d, struct au_finding *f)
{
	uint8_t sum[32];
	const char *path = f->entry ? f->entry->path : "";

	au_digest_reset(d);
	au_digest_update(d, "v1", 3);
	au_digest_update(d, f->rule->id, strlen(f->rule->id) + 1);
	au_digest_update(d, path, strlen(path) + 1);
	au_digest_update(d, f->key, strlen(f->key));
	au_digest_final(d, sum);
	memcpy(f->fingerprint, sum, sizeof(f->fingerprint));
}

static void collect_findings(struct au_scan *s, struct au_finding *closing)
{
	struct au_audit *a = &s->audit;
	struct au_digest *d = au_digest_new(AU_SHA256);
	struct au_map seen;
	size_t n = 0;

	for (size_t i = 0; i < s->plan->n_items; i++)
		for (struct au_finding *f = s->slots[i].findings; f; f = f->next)
			n++;
	for (struct au_finding *f = closing; f; f = f->next)
		n++;
	a->findings = AU_ARRAY(s->arena, struct au_finding *, n);
	for (size_t i = 0; i < s->plan->n_items; i++)
		for (struct au_finding *f = s->slots[i].findings; f; f = f->next)
			a->findings[a->n_findings++] = f;
	for (struct au_finding *f = closing; f; f = f->next)
		a->findings[a->n_findings++] = f;
	qsort(a->findings, n, sizeof(*a->findings), finding_order);
	au_map_init(&seen, s->arena);
	for (size_t i = 0; i < n; i++) {
		struct au_finding *f = a->findings[i];
		uintptr_t times;
		void **slot;

		fingerprint(d, f);
		slot = au_map_put(&seen, (const char *)f->fingerprint, sizeof(f->fingerprint));
		times = (uintptr_t)*slot;
		f->repeat = (unsigned)times;
		*slot = (void *)(times + 1);
	}
	au_digest_free(d);
}

static void collect_coverage(struct au_scan *s)
{
	struct au_audit *a = &s->audit;
	size_t n = s->plan->n_skips + 1, k = 0;

	for (size_t i = 0; i < s->plan->n_items; i++) {
		n += !s->slots[i].done;
		for (struct au_coverage *c = s->slots[i].coverage; c; c = c->next)
			n++;
	}
	a->coverage = AU_ARRAY(s->arena, struct au_coverage *, n);
	for (size_t i = 0; i < s->plan->n_items; i++) {
		for (; k < s->plan->n_skips && strcmp(s->plan->skips[k].path, s->plan->items[i].path) < 0; k++) {
			struct au_coverage *c = AU_NEW(s->arena, struct au_coverage);

			*c = (struct au_coverage){ .path = s->plan->skips[k].path, .reason = s->plan->skips[k].reason,
						   .text = s->plan->skips[k].text, .benign = s->plan->skips[k].benign };
			a->coverage[a->n_coverage++] = c;
		}
		if (!s->slots[i].done) {
			struct au_coverage *c = AU_NEW(s->arena, struct au_coverage);

			*c = (struct au_coverage){ .path = s->plan->items[i].path, .reason = "interrupted",
						   .text = "the scan was stopped before this file" };
			a->coverage[a->n_coverage++] = c;
		}
		for (struct au_coverage *c = s->slots[i].coverage; c; c = c->next)
			a->coverage[a->n_coverage++] = c;
	}
	for (; k < s->plan->n_skips; k++) {
		struct au_coverage *c = AU_NEW(s->arena, struct au_coverage);

		*c = (struct au_coverage){ .path = s->plan->skips[k].path, .reason = s->plan->skips[k].reason,
					   .text = s->plan->skips[k].text, .benign = s->plan->skips[k].benign };
		a->coverage[a->n_coverage++] = c;
	}
}

static void collect_entries(struct au_scan *s)
{
	struct au_audit *a = &s->audit;
	struct au_model_id *models = AU_ARRAY(s->arena, struct au_model_id, s->plan->n_items);
	size_t n = 0;

	for (size_t i = 0; i < s->plan->n_items; i++)
		n += s->slots[i].n_entries;
	a->entries = AU_ARRAY(s->arena, struct au_entry *, n);
	for (size_t i = 0; i < s->plan->n_items; i++) {
		models[i] = s->plan->items[i].model;
		a->bytes += s->slots[i].bytes;
		for (struct au_entry *e = s->slots[i].entries; e; e = e->next)
			a->entries[a->n_entries++] = e;
	}
	a->models = models;
	a->n_jobs = s->plan->n_items;
}

static void merge(struct au_scan *s)
{
	struct au_job closing = { .arena = s->arena, .limits = &s->o->run->limits, .run = s->o->run,
				  .ordinal = UINT32_MAX };

	closing.scratch = au_arena_new();
	collect_entries(s);
	collect_coverage(s);
	if (!s->o->run->only_hash)
		s->audit.legal = au_legal_build(s->arena, &s->audit, s->o->run->uses);
	for (size_t i = 0; i < au_n_judges; i++)
		if (au_judges[i]->target)
			au_judges[i]->target(&closing, &s->audit);
	collect_findings(s, closing.findings);
	au_arena_free(closing.scratch);
}

static const char *target_name(struct au_arena *a, const struct au_plan_options *o)
{
	struct au_buf b;
	char *s;

	au_buf_init(&b, 1 << 20);
	for (size_t i = 0; i < o->n_targets; i++)
		au_buf_fmt(&b, "%s%s", i ? ", " : "", o->targets[i]);
	s = au_arena_strn(a, au_buf_cstr(&b), b.len);
	au_buf_release(&b);
	return s;
}

int au_scan_run(const struct au_scan_options *o, struct au_scan **ret, const char **ret_error)
{
	struct au_arena *arena = au_arena_new();
	struct au_scan *s = AU_NEW(arena, struct au_scan);
	unsigned jobs = o->jobs ? o->jobs : au_scan_default_jobs();
	int rc;

	s->arena = arena;
	s->o = o;
	*ret = s;
	rc = au_plan_make(arena, &o->plan, &s->plan, ret_error);
	if (rc != AU_OK)
		return rc;
	au_plan_layouts(arena, s->plan);
	if (o->progress) {
		o->progress->total_bytes = s->plan->bytes;
		o->progress->total_files = s->plan->n_items;
	}
	s->slots = AU_ARRAY(arena, struct slot, s->plan->n_items);
	if (jobs > s->plan->n_items)
		jobs = s->plan->n_items ? (unsigned)s->plan->n_items : 1;
	if (jobs > 64)
		jobs = 64;
	s->audit = (struct au_audit){ .arena = arena, .run = o->run, .target = target_name(arena, &o->plan) };
	run_lanes(s, jobs);
	merge(s);
	au_plan_close(s->plan);
	return AU_OK;
}

const struct au_audit *au_scan_audit(const struct au_scan *s)
{
	return &s->audit;
}

void au_scan_free(struct au_scan *s)
{
	if (!s)
		return;
	for (unsigned i = 0; i < s->n_lanes; i++) {
		au_arena_free(s->lanes[i].arena);
		au_digest_free(s->lanes[i].sha256);
		au_licence_scratch_free(s->lanes[i].licence);
	}
	au_arena_free(s->arena);
}
