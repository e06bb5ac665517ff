/* Word-by-word comparison; see align.h. */
#include "base/banned.h"
#include "base/arena.h"
#include "licence/align.h"
#include "licence/table.h"
#include "licence/token.h"

enum { SLOT_MAX = 25, EDGE = 3 };

void au_align_release(struct au_align *al)
{
	au_xfree(al->v);
	au_xfree(al->trace);
	au_xfree(al->edits);
	*al = (struct au_align){ 0 };
}

static void edit(struct au_align *al, enum au_edit_kind kind, uint32_t n)
{
	if (!n)
		return;
	if (al->n_edits && al->edits[al->n_edits - 1].kind == kind) {
		al->edits[al->n_edits - 1].n += n;
		return;
	}
	if (al->n_edits == al->cap) {
		al->cap = al->cap ? al->cap * 2 : 256;
		al->edits = au_xrealloc(al->edits, al->cap * sizeof(*al->edits));
	}
	al->edits[al->n_edits++] = (struct au_edit){ kind, n };
}

/* Frontier of distance d starts at d*d in the trace and has 2d+1 diagonals. */
static void keep(struct au_align *al, size_t d, size_t offset)
{
	size_t at = d * d, need = at + 2 * d + 1;

	if (need > al->trace_cap) {
		al->trace_cap = need * 2;
		al->trace = au_xrealloc(al->trace, al->trace_cap * sizeof(*al->trace));
	}
	memcpy(al->trace + at, al->v + offset - d, (2 * d + 1) * sizeof(*al->v));
}

static void reverse(struct au_align *al)
{
	for (size_t i = 0, j = al->n_edits; i + 1 < j; i++) {
		struct au_edit x = al->edits[i];

		al->edits[i] = al->edits[--j];
		al->edits[j] = x;
	}
}

/* Walk the trace back from the end. x runs over the template b, y over the text a. */
static void back(struct au_align *al, size_t d, int32_t x, int32_t y)
{
	al->n_edits = 0;
	for (; d > 0; d--) {
		const int32_t *prev = al->trace + (d - 1) * (d - 1) + (d - 1);
		int32_t k = x - y, lim = (int32_t)d - 1;
		bool down = k == -(int32_t)d || (k != (int32_t)d && (k - 1 < -lim || (k + 1 <= lim && prev[k - 1] < prev[k + 1])));
		int32_t pk = down ? k + 1 : k - 1;
		int32_t px = prev[pk], py = px - pk;
		int32_t sx = down ? px : px + 1;

		edit(al, AU_SAME, (uint32_t)(x - sx));
		edit(al, down ? AU_INSERTED : AU_MISSING, 1);
		x = px;
		y = py;
	}
	edit(al, AU_SAME, (uint32_t)x);
	reverse(al);
}

bool au_align_run(struct au_align *al, const uint32_t *a, size_t n, const uint32_t *b, size_t m, size_t max_d)
{
	size_t most = n + m < max_d ? n + m : max_d, offset = most + 1;

	al->v = au_xrealloc(al->v, (2 * offset + 1) * sizeof(*al->v));
	al->v[offset + 1] = 0;
	for (size_t d = 0; d <= most; d++) {
		for (int32_t k = -(int32_t)d; k <= (int32_t)d; k += 2) {
			int32_t *v = al->v + offset;
			int32_t x, y;

			if (k == -(int32_t)d || (k != (int32_t)d && v[k - 1] < v[k + 1]))
				x = v[k + 1];
			else
				x = v[k - 1] + 1;
			y = x - k;
			while (x < (int32_t)m && y < (int32_t)n && y >= 0 && b[x] == a[y]) {
				x++;
				y++;
			}
			v[k] = x;
			if (x >= (int32_t)m && y >= (int32_t)n && k == (int32_t)m - (int32_t)n) {
				back(al, d, (int32_t)m, (int32_t)n);
				return true;
			}
		}
		keep(al, d, offset);
	}
	return false;
}

bool au_is_critical(uint32_t word)
{
	static const char *const words[] = {
		"not", "no", "non", "never", "except", "only", "commercial", "commercially", "noncommercial", "nonprofit",
		"research", "academic", "educational", "personal", "prohibited", "forbidden", "evil", "military",
		"derivative", "derivatives", "sell", "sold", "internal", "evaluation", "restricted", "written", "prior",
		"advertising", "ethical", "competing",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (word == au_word(words[i], strlen(words[i])))
			return true;
	return false;
}

struct block {
	uint32_t in, out, out_free;    /* inserted; missing required; missing optional or slot */
	uint32_t critical_in, critical_out;
	bool slot;
};

static void close_block(struct au_diff *d, struct block *b)
{
	if (b->slot && b->in <= SLOT_MAX)
		b->in = b->critical_in = 0;
	if (b->in || b->out)
		d->blocks++;
	d->inserted += b->in;
	d->missing += b->out;
	d->critical_in += b->critical_in;
	d->critical_out += b->critical_out;
	if (b->in > d->block_in)
		d->block_in = b->in;
	if (b->out > d->block_out)
		d->block_out = b->out;
	*b = (struct block){ 0 };
}

/* Runs of at least EDGE equal words delimit the match: what is outside of the first and the last
 * one is head and tail. */
static void edges(const struct au_align *al, size_t *ret_first, size_t *ret_last)
{
	size_t first = SIZE_MAX, last = 0;

	for (size_t i = 0; i < al->n_edits; i++) {
		if (al->edits[i].kind == AU_SAME && al->edits[i].n >= EDGE) {
			if (first == SIZE_MAX)
				first = i;
			last = i;
		}
	}
	*ret_first = first;
	*ret_last = last;
}

void au_align_judge(const struct au_align *al, const uint32_t *a, const uint32_t *b, const uint8_t *flags,
		    size_t m, struct au_diff *ret)
{
	struct au_diff d = { 0 };
	struct block block = { 0 };
	size_t first, last;
	uint32_t x = 0, y = 0;

	edges(al, &first, &last);
	for (size_t i = 0; i < al->n_edits; i++) {
		const struct au_edit *e = &al->edits[i];
		bool inside = first != SIZE_MAX && i >= first && i <= last;

		for (uint32_t k = 0; k < e->n; k++) {
			bool fixed = e->kind == AU_INSERTED || !(flags[x] & (AU_TOK_OPTIONAL | AU_TOK_SLOT));

			if (e->kind == AU_SAME) {
				if (inside && (block.in || block.out || block.out_free) && e->n >= EDGE)
					close_block(&d, &block);
				d.same += inside;
				d.same_required += inside && fixed;
			} else if (!inside) {
				if (e->kind == AU_MISSING && fixed)
					*(i < first || first == SIZE_MAX ? &d.head : &d.tail) += 1;
			} else if (e->kind == AU_MISSING) {
				if (fixed) {
					block.out++;
					block.critical_out += au_is_critical(b[x]);
				} else {
					block.out_free++;
					block.slot |= flags[x] & AU_TOK_SLOT;
				}
			} else {
				block.in++;
				block.critical_in += au_is_critical(a[y]);
				block.slot |= (x < m && flags[x] & AU_TOK_SLOT) || (x && flags[x - 1] & AU_TOK_SLOT);
			}
			x += e->kind != AU_INSERTED;
			y += e->kind != AU_MISSING;
			if (inside && i == first && k == 0) {
				d.text_from = y - 1;
				d.tmpl_from = x - 1;
			}
			if (inside && i == last) {
				d.text_to = y;
				d.tmpl_to = x;
			}
		}
	}
	close_block(&d, &block);
	*ret = d;
}
