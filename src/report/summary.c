/* Counted once, so that all writers agree; see report.h. */
#include "base/banned.h"
#include "base/text.h"
#include "report/report.h"

static void count_family(struct au_summary *s, const char *family)
{
	const size_t max = sizeof(s->families) / sizeof(*s->families);

	for (size_t i = 0; i < s->n_families; i++) {
		if (!strcmp(s->families[i].family, family)) {
			s->families[i].n++;
			return;
		}
	}
	if (s->n_families < max)
		s->families[s->n_families++] = (struct au_family_count){ family, 1 };
}

static void count_entry(struct au_summary *s, const struct au_entry *e)
{
	bool licence = false;

	s->files += !e->parent;
	s->members += e->parent != NULL;
	s->texts += e->text;
	s->unrecognised += !e->text && !e->lfs && (!e->n_bids || e->bids[0].score < 60);
	AU_EACH_FACT(f, e) {
		if (!strcmp(f->topic, "licence.match")) {
			licence = true;
		} else if (!strcmp(f->topic, "licence.family") && f->text) {
			count_family(s, f->text);
		}
	}
	s->licence_files += licence;
}

void au_report_summarise(const struct au_report *r, struct au_summary *s)
{
	enum au_sev level = AU_HIGH;
	bool gates = au_sev_parse(r->fail_on, &level);

	memset(s, 0, sizeof(*s));
	s->bytes = r->audit->bytes;
	for (size_t i = 0; i < r->audit->n_entries; i++)
		count_entry(s, r->audit->entries[i]);
	for (size_t i = 0; i < r->audit->n_findings; i++) {
		const struct au_finding *f = r->audit->findings[i];

		s->known += f->state == AU_STATE_KNOWN;
		s->waived += f->state == AU_STATE_WAIVED;
		if (f->state == AU_STATE_NEW) {
			s->by_sev[f->sev]++;
			s->gating += gates && f->sev >= level;
		}
	}
	for (size_t i = 0; i < r->audit->n_coverage; i++) {
		if (r->audit->coverage[i]->benign)
			s->noted++;
		else
			s->incomplete++;
	}
}
