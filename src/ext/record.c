/* The door to cJSON for writing; see record.h. */
#include "base/banned.h"
#include <cjson/cJSON.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "ext/record.h"

/* Longest string of a record: evidence and messages are far below. */
enum { STRING_MAX = 1 << 20 };

static cJSON *need(cJSON *j)
{
	if (!j) {
		fputs("assay: out of memory while writing a report\n", stderr);
		_exit(70);
	}
	return j;
}

static cJSON *string(const char *s)
{
	struct au_buf b;
	cJSON *j;
	size_t n = strlen(s);

	if (au_utf8_valid(s, n))
		return need(cJSON_CreateString(s));
	au_buf_init(&b, STRING_MAX);
	for (size_t i = 0; i < n && b.len + 8 < STRING_MAX;) {
		size_t k = au_utf8_at((const uint8_t *)s + i, n - i, NULL);

		if (k)
			au_buf_add(&b, s + i, k);
		else
			au_buf_str(&b, "\xef\xbf\xbd");
		i += k ? k : 1;
	}
	j = need(cJSON_CreateString(au_buf_cstr(&b)));
	au_buf_release(&b);
	return j;
}

au_rec *au_rec_object(void)
{
	return need(cJSON_CreateObject());
}

au_rec *au_rec_array(void)
{
	return need(cJSON_CreateArray());
}

void au_rec_free(au_rec *r)
{
	cJSON_Delete(r);
}

void au_rec_add(au_rec *o, const char *key, au_rec *child)
{
	if (!cJSON_AddItemToObject(o, key, child))
		need(NULL);
}

void au_rec_str(au_rec *o, const char *key, const char *s)
{
	if (s)
		au_rec_add(o, key, string(s));
}

void au_rec_u64(au_rec *o, const char *key, uint64_t v)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, v);
	au_rec_add(o, key, need(cJSON_CreateRaw(text)));
}

void au_rec_double(au_rec *o, const char *key, double v)
{
	char text[40];

	snprintf(text, sizeof(text), "%.6g", v);
	au_rec_add(o, key, need(cJSON_CreateRaw(v - v == 0 ? text : "null")));
}

void au_rec_bool(au_rec *o, const char *key, bool v)
{
	au_rec_add(o, key, need(cJSON_CreateBool(v)));
}

au_rec *au_rec_add_object(au_rec *o, const char *key)
{
	au_rec *c = au_rec_object();

	au_rec_add(o, key, c);
	return c;
}

au_rec *au_rec_add_array(au_rec *o, const char *key)
{
	au_rec *c = au_rec_array();

	au_rec_add(o, key, c);
	return c;
}

void au_rec_push(au_rec *array, au_rec *child)
{
	cJSON_AddItemToArray(array, child);
}

void au_rec_push_str(au_rec *array, const char *s)
{
	cJSON_AddItemToArray(array, string(s));
}

au_rec *au_rec_push_object(au_rec *array)
{
	au_rec *c = au_rec_object();

	cJSON_AddItemToArray(array, c);
	return c;
}

void au_rec_print(au_rec *r, bool pretty, FILE *out)
{
	char *text = pretty ? cJSON_Print(r) : cJSON_PrintUnformatted(r);

	if (!text)
		need(NULL);
	else
		fputs(text, out);
	cJSON_free(text);
	cJSON_Delete(r);
}

const char *au_rec_library_version(void)
{
	return cJSON_Version();
}
