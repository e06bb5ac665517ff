/* Functions nobody in this tree may call: each has a safer counterpart in base/.
 * Every .c file includes this first; system headers are pulled in before the names are poisoned. */
#ifndef AU_BASE_BANNED_H
#define AU_BASE_BANNED_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

/* some headers make macros of these */
#undef strdup
#undef strndup
#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef sprintf
#undef vsprintf

#ifndef AU_ALLOW_MALLOC
#pragma GCC poison malloc calloc realloc
#endif
#pragma GCC poison strdup strndup strcpy strcat strncpy strncat sprintf vsprintf gets
#pragma GCC poison atoi atol atof strtok localtime gmtime system popen

#endif
