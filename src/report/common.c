/* Shared by the writers; see internal.h. */
#include "base/banned.h"
#include "base/arena.h"
#include "base/text.h"
#include "report/internal.h"

const char au_report_state_names[3][8] = { "new", "known", "waived" };

void au_report_fingerprint(const struct au_finding *f, char ret[33])
{
	au_hex(f->fingerprint, sizeof(f->fingerprint), ret);
}

char *au_report_base64(const uint8_t *p, size_t n)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char *out = au_xalloc((n + 2) / 3 * 4 + 1), *q = out;

	for (size_t i = 0; i < n; i += 3) {
		uint32_t v = (uint32_t)p[i] << 16 | (i + 1 < n ? (uint32_t)p[i + 1] << 8 : 0) | (i + 2 < n ? p[i + 2] : 0U);

		*q++ = digit[v >> 18];
		*q++ = digit[v >> 12 & 63];
		*q++ = i + 1 < n ? digit[v >> 6 & 63] : '=';
		*q++ = i + 2 < n ? digit[v & 63] : '=';
	}
	return out;
}

void au_report_add_path(au_rec *o, const char *path)
{
	size_t n = strlen(path);
	char *b64;

	au_rec_str(o, "path", path);
	if (au_utf8_valid(path, n))
		return;
	b64 = au_report_base64((const uint8_t *)path, n);
	au_rec_str(o, "path_b64", b64);
	au_xfree(b64);
}

const char *au_report_top(const struct au_entry *e)
{
	while (e->parent)
		e = e->parent;
	return e->path;
}

const char *au_report_size(uint64_t n, char buf[24])
{
	static const char *const unit[] = { "bytes", "KiB", "MiB", "GiB", "TiB", "PiB" };
	double v = (double)n;
	int u = 0;

	while (v >= 1024 && u < 5) {
		v /= 1024;
		u++;
	}
	snprintf(buf, 24, u ? "%.1f %s" : "%.0f %s", v, unit[u]);
	return buf;
}

const char *au_report_plural(size_t n)
{
	return n == 1 ? "" : "s";
}
