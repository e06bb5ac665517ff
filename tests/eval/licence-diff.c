/* Shows how a file differs from its nearest licence. Usage: eval-licence-diff FILE [ID] */
#include "base/banned.h"
#include "base/arena.h"
#include "base/rc.h"
#include "licence/licence.h"

int main(int argc, char **argv)
{
	struct au_arena *a = au_arena_new();
	const struct au_licence_db *db = au_licence_builtin(a);
	struct au_licence_scratch *x = db ? au_licence_scratch_new(db) : NULL;
	FILE *f = argc > 1 ? fopen(argv[1], "rb") : NULL;
	uint8_t *p = au_arena_alloc(a, 32 << 20);
	struct au_licence_segment *s = NULL;
	size_t n, k = 0;
	const char *id = NULL;

	if (!f || !x)
		return 1;
	n = fread(p, 1, 32 << 20, f);
	fclose(f);
	if (au_licence_diff(db, x, p, n, argc > 2 ? argv[2] : NULL, a, &s, &k, &id) != AU_OK)
		return 1;
	printf("%s against %s\n", argv[1], id);
	for (size_t i = 0; i < k; i++)
		if (s[i].kind != AU_SEG_EQUAL)
			printf("  %c %-40s | %.*s\n", " +-~"[s[i].kind], s[i].canon ? s[i].canon : "",
			       (int)(s[i].len > 300 ? 300 : s[i].len), (char *)p + s[i].off);
	return 0;
}
