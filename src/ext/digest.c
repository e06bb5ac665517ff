/* The door to OpenSSL's EVP digests; see digest.h. */
#include "base/banned.h"
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include "ext/digest.h"
#include "base/arena.h"

struct au_digest {
	EVP_MD_CTX *ctx;
	EVP_MD *md;
};

static _Noreturn void broken(void)
{
	fputs("assay: the crypto library cannot compute SHA-256\n", stderr);
	_exit(70);
}

struct au_digest *au_digest_new(enum au_digest_kind kind)
{
	struct au_digest *d = au_xalloc(sizeof(*d));

	/* fetched once: an implicit fetch at every reset costs more than hashing a small file */
	d->md = EVP_MD_fetch(NULL, kind == AU_SHA1 ? "SHA1" : "SHA256", NULL);
	d->ctx = EVP_MD_CTX_new();
	if (!d->ctx || !d->md)
		broken();
	au_digest_reset(d);
	return d;
}

void au_digest_free(struct au_digest *d)
{
	if (!d)
		return;
	EVP_MD_CTX_free(d->ctx);
	EVP_MD_free(d->md);
	au_xfree(d);
}

void au_digest_reset(struct au_digest *d)
{
	if (EVP_DigestInit_ex2(d->ctx, d->md, NULL) != 1)
		broken();
}

void au_digest_update(struct au_digest *d, const void *p, size_t n)
{
	if (EVP_DigestUpdate(d->ctx, p, n) != 1)
		broken();
}

void au_digest_final(struct au_digest *d, uint8_t *ret)
{
	if (EVP_DigestFinal_ex(d->ctx, ret, NULL) != 1)
		broken();
}

void au_sha256(const void *p, size_t n, uint8_t ret[32])
{
	struct au_digest *d = au_digest_new(AU_SHA256);

	au_digest_update(d, p, n);
	au_digest_final(d, ret);
	au_digest_free(d);
}

const char *au_digest_version(void)
{
	return OpenSSL_version(OPENSSL_VERSION_STRING);
}
