/* Progress bar; see progress.h. On a terminal a bar five times a second once the work has taken a
 * moment; elsewhere, with -v, a line every 30 seconds. */
#include "base/banned.h"
#include <pthread.h>
#include "cli/progress.h"

struct au_progress_bar {
	struct au_progress *p;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stop, tty, shown;
};

static void human(uint64_t n, char *out, size_t size)
{
	static const char *const unit[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	double v = (double)n;
	int u = 0;

	while (v >= 1024 && u < 4) {
		v /= 1024;
		u++;
	}
	snprintf(out, size, u && v < 100 ? "%.1f %s" : "%.0f %s", v, unit[u]);
}

static void draw(struct au_progress_bar *b)
{
	uint64_t done = b->p->bytes, total = b->p->total_bytes;
	uint64_t files = b->p->files, all = b->p->total_files;
	unsigned percent = total ? (unsigned)(done >= total ? 100 : done * 100 / total) : 0;
	char have[24], want[24], bar[31];

	if (!all)
		return;
	human(done, have, sizeof(have));
	human(total, want, sizeof(want));
	for (unsigned i = 0; i < 30; i++)
		bar[i] = i < percent * 30 / 100 ? '#' : '.';
	bar[30] = 0;
	if (b->tty)
		fprintf(stderr, "\r[%s] %3u%%  %s of %s, %llu of %llu files\033[K", bar, percent, have, want,
			(unsigned long long)files, (unsigned long long)all);
	else
		fprintf(stderr, "assay: %u%%, %s of %s, %llu of %llu files\n", percent, have, want,
			(unsigned long long)files, (unsigned long long)all);
	b->shown = true;
}

static void *run(void *ctx)
{
	struct au_progress_bar *b = ctx;
	struct timespec at;

	pthread_mutex_lock(&b->lock);
	while (!b->stop) {
		clock_gettime(CLOCK_REALTIME, &at);
		at.tv_sec += b->tty ? 0 : 30;
		at.tv_nsec += b->tty ? 200000000 : 0;
		if (at.tv_nsec >= 1000000000) {
			at.tv_nsec -= 1000000000;
			at.tv_sec++;
		}
		if (pthread_cond_timedwait(&b->wake, &b->lock, &at) == ETIMEDOUT)
			draw(b);
	}
	pthread_mutex_unlock(&b->lock);
	return NULL;
}

struct au_progress_bar *au_progress_start(const struct au_args *a, struct au_progress *p)
{
	const char *mode = au_opt(a, OPT_PROGRESS);
	bool tty = isatty(STDERR_FILENO), always = mode && !strcmp(mode, "always");
	struct au_progress_bar *b;

	if (au_given(a, OPT_QUIET) || (mode && !strcmp(mode, "never")))
		return NULL;
	if (!always && (getenv("CI") || getenv("PRE_COMMIT")))
		tty = false;
	if (!always && !tty && !au_given(a, OPT_VERBOSE))
		return NULL;
	b = AU_NEW(a->arena, struct au_progress_bar);
	b->p = p;
	b->tty = tty || always;
	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->wake, NULL);
	if (pthread_create(&b->thread, NULL, run, b))
		return NULL;
	return b;
}

void au_progress_stop(struct au_progress_bar *b)
{
	if (!b)
		return;
	pthread_mutex_lock(&b->lock);
	b->stop = true;
	pthread_cond_signal(&b->wake);
	pthread_mutex_unlock(&b->lock);
	pthread_join(b->thread, NULL);
	if (b->tty && b->shown)
		fputs("\r\033[K", stderr);
	pthread_mutex_destroy(&b->lock);
	pthread_cond_destroy(&b->wake);
}
