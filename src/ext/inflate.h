/* The door to zlib: raw deflate of one member, bounded. */
#ifndef AU_EXT_INFLATE_H
#define AU_EXT_INFLATE_H

#include <stddef.h>
#include <stdint.h>

struct au_view;

/* Inflate [at, at + len) of v (raw deflate when raw, else with a zlib or gzip header) and feed the
 * output in chunks to fn, until the stream ends or fn answers other than AU_OK (then the result).
 * AU_OK, AU_BAD (corrupt or cut short: what came before has been fed), AU_IO. *ret_used: packed
 * bytes consumed; may be NULL. */
int au_inflate(struct au_view *v, uint64_t at, uint64_t len, int raw, uint64_t *ret_used,
	       int (*fn)(void *ctx, uint64_t at, const uint8_t *p, size_t n), void *ctx);

#endif
