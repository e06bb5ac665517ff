/* Formats that are told apart but not parsed: no code runs from their headers, or nothing public
 * says how to read them. */
#include "base/banned.h"
#include "audit/format.h"
#include "base/num.h"
#include "base/text.h"

static bool magic(const struct au_probe *p, const char *m, size_t n)
{
	return p->head_len >= n && !memcmp(p->head, m, n);
}

static bool has(const struct au_probe *p, const char *s)
{
	return memmem(p->head, p->head_len, s, strlen(s));
}

static int probe_executorch(const struct au_probe *p)
{
	return p->head_len >= 8 && !memcmp(p->head + 4, "ET1", 3) && isdigit(p->head[7]) ? 90 : 0;
}

static int probe_xgboost(const struct au_probe *p)
{
	if (magic(p, "binf", 4) || magic(p, "bs64", 4))
		return 90;
	/* UBJSON: an object whose first key is "learner" */
	return magic(p, "{L\0\0\0\0\0\0\0\7learner", 17) || magic(p, "{i\7learner", 10) || magic(p, "{l\0\0\0\7learner", 13)
		? 95 : 0;
}

static int probe_lightgbm(const struct au_probe *p)
{
	return p->text && (magic(p, "tree\n", 5) || magic(p, "tree\r\n", 6)) && has(p, "version=") ? 90 : 0;
}

static int probe_catboost(const struct au_probe *p)
{
	return magic(p, "CBM1", 4) ? 95 : 0;
}

static int probe_mxnet(const struct au_probe *p)
{
	return p->head_len >= 24 && au_le64(p->head) == 0x112 && !au_le64(p->head + 8) ? 90 : 0;
}

static int probe_rds(const struct au_probe *p)
{
	if (p->head_len < 14 || (!magic(p, "X\n\0\0\0", 5) && !magic(p, "A\n", 2) && !magic(p, "RDX", 3)))
		return 0;
	if (magic(p, "RDX", 3))
		return p->head[4] == '\n' ? 90 : 0;
	return p->head[0] == 'X' ? (p->head[5] >= 2 && p->head[5] <= 3 ? 90 : 0) :
	       (p->head[2] == '2' || p->head[2] == '3') && p->head[3] == '\n' ? 70 : 0;
}

/* Torch7 writes type codes, as text lines or as little-endian numbers: 3 is a table, 4 an object
 * ("V 1" names its version). */
static int probe_torch7(const struct au_probe *p)
{
	bool name = au_iends(p->name, ".t7") || au_iends(p->name, ".th") || au_iends(p->name, ".net");

	if (p->head_len > 16 && au_le32(p->head) == 4 && au_le32(p->head + 8) == 3 && !memcmp(p->head + 12, "V 1", 3))
		return 90;
	if (magic(p, "4\n1\n3\nV 1\n", 10))
		return 90;
	return name && (magic(p, "3\n", 2) || magic(p, "4\n", 2) || (p->head_len > 8 && au_le32(p->head) == 3)) ? 60 : 0;
}

static int probe_tensorrt(const struct au_probe *p)
{
	return magic(p, "ftrt", 4) || magic(p, "ptrt", 4) ? 90 :
	       au_iends(p->name, ".engine") || au_iends(p->name, ".plan") ? 40 : 0;
}

static int probe_rknn(const struct au_probe *p)
{
	return magic(p, "RKNN\0", 5) || magic(p, "CVRKNN", 6) ? 90 : 0;
}

static int probe_cntk(const struct au_probe *p)
{
	return magic(p, "B\0C\0N\0\0\0", 8) || magic(p, "BCN\0", 4) ? 85 : 0;
}

static int probe_ggml(const struct au_probe *p)
{
	return magic(p, "lmgg", 4) || magic(p, "fmgg", 4) || magic(p, "tjgg", 4) || magic(p, "algg", 4) ? 90 : 0;
}

static int probe_image(const struct au_probe *p)
{
	return magic(p, "\x89PNG\r\n\x1a\n", 8) || magic(p, "\xff\xd8\xff", 3) || magic(p, "GIF87a", 6) ||
	       magic(p, "GIF89a", 6) || (magic(p, "RIFF", 4) && p->head_len > 12 && !memcmp(p->head + 8, "WEBP", 4))
	       ? 90 : 0;
}

static int probe_media(const struct au_probe *p)
{
	return (magic(p, "RIFF", 4) && p->head_len > 12 && !memcmp(p->head + 8, "WAVE", 4)) || magic(p, "fLaC", 4) ||
	       magic(p, "OggS", 4) || magic(p, "ID3", 3) || (p->head_len > 12 && !memcmp(p->head + 4, "ftyp", 4))
	       ? 85 : 0;
}

static int probe_pdf(const struct au_probe *p)
{
	return magic(p, "%PDF-", 5) ? 95 : 0;
}

static int probe_sqlite(const struct au_probe *p)
{
	return magic(p, "SQLite format 3\0", 16) ? 100 : 0;
}

#define IDENT(id, text, fl, what, ...) \
	const struct au_format au_format_##id = { \
		.name = #id, .title = text, .extensions = (const char *const[]){ __VA_ARGS__, NULL }, \
		.flags = (fl), .probe = probe_##id, .checked = what, \
	}

IDENT(executorch, "ExecuTorch program", AU_FMT_MODEL, "identified: a flatbuffer of instructions for a fixed set of kernels", "pte");
IDENT(xgboost, "XGBoost model", AU_FMT_MODEL, "identified (JSON, UBJSON, binary): trees hold no code", "ubj", "bst");
IDENT(lightgbm, "LightGBM model", AU_FMT_MODEL | AU_FMT_TEXT, "identified: trees hold no code", "txt");
IDENT(catboost, "CatBoost model", AU_FMT_MODEL, "identified: trees hold no code", "cbm");
IDENT(mxnet, "MXNet parameters", AU_FMT_MODEL, "identified: arrays only", "params");
IDENT(rds, "R data", AU_FMT_MODEL | AU_FMT_EXECUTES, "identified: promises in it can run R code when read", "rds", "rdata", "rda");
IDENT(torch7, "Torch7 object", AU_FMT_MODEL | AU_FMT_EXECUTES, "identified: functions in it are Lua bytecode", "t7", "th");
IDENT(tensorrt, "TensorRT engine", AU_FMT_MODEL | AU_FMT_EXECUTES, "identified: holds native GPU code and plug-in names, opaque", "engine", "plan", "trt");
IDENT(rknn, "RKNN model", AU_FMT_MODEL, "identified: opaque to anything but its runtime", "rknn");
IDENT(cntk, "CNTK model", AU_FMT_MODEL, "identified", "cntk", "dnn");
IDENT(ggml, "GGML model (before GGUF)", AU_FMT_MODEL, "identified", "bin", "ggml");
IDENT(image, "Image", 0, "identified", "png", "jpg", "jpeg", "gif", "webp");
IDENT(media, "Sound or film", 0, "identified", "wav", "flac", "ogg", "mp3", "mp4");
IDENT(pdf, "PDF document", 0, "identified", "pdf");
IDENT(sqlite, "SQLite database", AU_FMT_DATA, "identified", "sqlite", "db");
