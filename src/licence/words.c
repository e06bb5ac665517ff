/* Sets of words; see words.h. */
#include "base/banned.h"
#include "licence/token.h"
#include "licence/words.h"

static const char *const critical[] = {
	"not", "no", "non", "never", "except", "only", "commercial", "commercially", "noncommercial", "nonprofit",
	"research", "academic", "educational", "personal", "prohibited", "forbidden", "evil", "military",
	"derivative", "derivatives", "sell", "sold", "internal", "evaluation", "restricted", "written", "prior",
	"advertising", "ethical", "competing", NULL
};

static const char *const legal[] = {
	"license", "licensed", "licenses", "licensor", "licensee", "copyright", "warranty", "warranties",
	"liability", "liable", "redistribution", "redistribute", "redistributions", "permission", "permitted",
	"granted", "grant", "grants", "hereby", "sublicense", "merchantability", "damages", "terms", "conditions",
	"patent", "royalty", "prohibited", "agreement", "rights", "notice", "provided", "modify", "distribute", NULL
};

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void add(struct au_words *w, enum au_word_set set, const char *s)
{
	if (w->n[set] < sizeof(w->list[set]) / sizeof(*w->list[set]))
		w->list[set][w->n[set]++] = au_word(s, strlen(s));
}

void au_words_init(struct au_words *w)
{
	static const char *const roman[] = { "ii", "iii", "iv", "vi", "vii", "viii", "ix", "xi", "xii", NULL };
	char text[16];

	memset(w, 0, sizeof(*w));
	for (size_t i = 0; critical[i]; i++)
		add(w, AU_WORDS_CRITICAL, critical[i]);
	for (size_t i = 0; legal[i]; i++)
		add(w, AU_WORDS_LEGAL, legal[i]);
	for (size_t i = 0; roman[i]; i++)
		add(w, AU_WORDS_BULLET, roman[i]);
	for (char c = 'a'; c <= 'z'; c++)
		add(w, AU_WORDS_BULLET, (char[]){ c, 0 });
	for (int i = 0; i <= 30; i++) {
		snprintf(text, sizeof(text), "%d", i);
		add(w, AU_WORDS_BULLET, text);
	}
	for (int i = 1; i <= 20; i++) {
		for (int k = 1; k <= 20; k++) {
			snprintf(text, sizeof(text), "%d.%d", i, k);
			add(w, AU_WORDS_BULLET, text);
		}
	}
	for (int s = 0; s < AU_WORDS_N; s++)
		qsort(w->list[s], w->n[s], sizeof(uint32_t), by_value);
}

bool au_words_has(const struct au_words *w, enum au_word_set set, uint32_t word)
{
	size_t lo = 0, hi = w->n[set];

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (w->list[set][mid] < word)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < w->n[set] && w->list[set][lo] == word;
}
