/* Emit calls; see job.h. */
#include "base/banned.h"
#include "audit/job.h"
#include "base/text.h"

enum { FACT_TEXT_MAX = 64 * 1024 };

struct au_fact *au_emit_n(struct au_job *job, struct au_entry *e, const char *topic, const void *text,
			  size_t len, const char *aux, struct au_span span)
{
	struct au_fact *f = AU_NEW(job->facts_full ? job->scratch : job->arena, struct au_fact);

	f->topic = topic;
	f->span = span;
	if (job->n_facts >= job->limits->facts) {
		if (!job->facts_full)
			au_emit_coverage(job, e, "limit", span.off,
					 "more than %llu facts in one file: the rest is not listed",
					 (unsigned long long)job->limits->facts);
		job->facts_full = true;
		return f;
	}
	job->n_facts++;
	if (text)
		f->text = au_arena_strn(job->arena, text, len < FACT_TEXT_MAX ? len : FACT_TEXT_MAX);
	f->aux = au_arena_str(job->arena, aux);
	if (e->last_fact)
		e->last_fact->next = f;
	else
		e->facts = f;
	e->last_fact = f;
	return f;
}

struct au_fact *au_emit(struct au_job *job, struct au_entry *e, const char *topic, const char *text,
			const char *aux, struct au_span span)
{
	return au_emit_n(job, e, topic, text, text ? strlen(text) : 0, aux, span);
}

void au_emit_coverage(struct au_job *job, struct au_entry *e, const char *reason, uint64_t off,
		      const char *fmt, ...)
{
	struct au_coverage *c = AU_NEW(job->arena, struct au_coverage);
	va_list ap;
	char *raw;

	va_start(ap, fmt);
	raw = au_arena_vfmt(job->arena, fmt, ap);
	va_end(ap);
	c->entry = e;
	c->path = e ? e->path : NULL;
	c->reason = reason;
	c->off = off;
	c->text = au_printable(job->arena, raw, strlen(raw), 1000);
	if (job->last_coverage)
		job->last_coverage->next = c;
	else
		job->coverage = c;
	job->last_coverage = c;
}

void au_emit_tensors(struct au_entry *e, const struct au_tensor *t, size_t n)
{
	e->tensors = t;
	e->n_tensors = n;
}

struct au_finding *au_find(struct au_job *job, const struct au_rule *rule, const struct au_entry *e,
			   struct au_span span, const char *key, const char *fmt, ...)
{
	struct au_finding *f = AU_NEW(job->arena, struct au_finding);
	va_list ap;
	char *raw;

	va_start(ap, fmt);
	raw = au_arena_vfmt(job->arena, fmt, ap);
	va_end(ap);
	f->rule = rule;
	f->entry = e;
	f->span = span;
	f->sev = rule->sev;
	f->key = au_arena_str(job->arena, key ? key : "");
	f->message = au_printable(job->arena, raw, strlen(raw), 1000);
	if (job->last_finding)
		job->last_finding->next = f;
	else
		job->findings = f;
	job->last_finding = f;
	return f;
}
