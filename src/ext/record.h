/* The door to cJSON for writing: records are built and printed one at a time, so that a report of
 * any length needs little memory. Strings become valid UTF-8 on the way (malformed bytes turn into
 * U+FFFD), 64-bit numbers keep all digits. */
#ifndef AU_EXT_RECORD_H
#define AU_EXT_RECORD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct cJSON;
typedef struct cJSON au_rec;   /* opaque here; owned by the caller until added or freed */

au_rec *au_rec_object(void);
au_rec *au_rec_array(void);
void au_rec_free(au_rec *r);

/* Members of an object; a NULL string adds nothing. Objects and arrays added are owned by it. */
void au_rec_str(au_rec *o, const char *key, const char *s);
void au_rec_u64(au_rec *o, const char *key, uint64_t v);
void au_rec_double(au_rec *o, const char *key, double v);
void au_rec_bool(au_rec *o, const char *key, bool v);
void au_rec_add(au_rec *o, const char *key, au_rec *child);
au_rec *au_rec_add_object(au_rec *o, const char *key);
au_rec *au_rec_add_array(au_rec *o, const char *key);
/* Elements of an array. */
void au_rec_push(au_rec *array, au_rec *child);
void au_rec_push_str(au_rec *array, const char *s);
au_rec *au_rec_push_object(au_rec *array);

/* Print on one line, or indented, and free it. */
void au_rec_print(au_rec *r, bool pretty, FILE *out);
const char *au_rec_library_version(void);

#endif
