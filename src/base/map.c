/* Open-addressing map with insertion order; see map.h. */
#include "base/banned.h"
#include "base/map.h"
#include "base/num.h"

uint64_t au_hash(const void *p, size_t n)
{
	const uint8_t *s = p;
	uint64_t h = 0xcbf29ce484222325ULL;

	for (size_t i = 0; i < n; i++)
		h = (h ^ s[i]) * 0x100000001b3ULL;
	return au_mix64(h);
}

void au_map_init(struct au_map *m, struct au_arena *a)
{
	*m = (struct au_map){ .arena = a };
}

static size_t find(const struct au_map *m, const char *key, size_t len, uint64_t h)
{
	size_t i = (size_t)h & (m->n_slots - 1);

	while (m->slots[i]) {
		const struct au_map_item *it = &m->items[m->slots[i] - 1];

		if (it->hash == h && it->len == len && (!len || !memcmp(it->key, key, len)))
			break;
		i = (i + 1) & (m->n_slots - 1);
	}
	return i;
}

static void grow(struct au_map *m)
{
	size_t n = m->n_slots ? m->n_slots * 2 : 32;
	struct au_map_item *items = AU_ARRAY(m->arena, struct au_map_item, n / 2);

	if (m->n)
		memcpy(items, m->items, m->n * sizeof(*items));
	m->items = items;
	m->cap = n / 2;
	m->slots = AU_ARRAY(m->arena, uint32_t, n);
	m->n_slots = n;
	for (size_t k = 0; k < m->n; k++) {
		size_t i = (size_t)m->items[k].hash & (n - 1);

		while (m->slots[i])
			i = (i + 1) & (n - 1);
		m->slots[i] = (uint32_t)k + 1;
	}
}

void **au_map_put(struct au_map *m, const char *key, size_t len)
{
	uint64_t h = au_hash(key, len);
	struct au_map_item *it;
	size_t i;

	if (m->n == m->cap)
		grow(m);
	i = find(m, key, len, h);
	if (m->slots[i])
		return &m->items[m->slots[i] - 1].value;
	it = &m->items[m->n++];
	it->key = au_arena_strn(m->arena, key, len);
	it->len = len;
	it->hash = h;
	m->slots[i] = (uint32_t)m->n;
	return &it->value;
}

void *au_map_get(const struct au_map *m, const char *key, size_t len)
{
	size_t i;

	if (!m->n)
		return NULL;
	i = find(m, key, len, au_hash(key, len));
	return m->slots[i] ? m->items[m->slots[i] - 1].value : NULL;
}
