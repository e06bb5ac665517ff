/* The door to OpenSSL: message digests through EVP, nothing else. */
#ifndef AU_EXT_DIGEST_H
#define AU_EXT_DIGEST_H

#include <stddef.h>
#include <stdint.h>

struct au_digest;

enum au_digest_kind { AU_SHA256, AU_SHA1 };  /* SHA-1 only for formats that demand it (SPDX 2.3) */

/* A context to be reused; au_digest_free takes NULL. Never NULL: a crypto library that cannot
 * make a SHA-256 context ends the process (70). */
struct au_digest *au_digest_new(enum au_digest_kind kind);
void au_digest_free(struct au_digest *d);
void au_digest_reset(struct au_digest *d);
void au_digest_update(struct au_digest *d, const void *p, size_t n);
/* Result (32 bytes for SHA-256, 20 for SHA-1); the context must be reset before reuse. */
void au_digest_final(struct au_digest *d, uint8_t *ret);

/* Short for one-shot SHA-256. */
void au_sha256(const void *p, size_t n, uint8_t ret[32]);
const char *au_digest_version(void);

#endif
