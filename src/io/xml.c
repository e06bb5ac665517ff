/* XML pull reader; see xml.h. */
#include "base/banned.h"
#include "io/xml.h"
#include "base/text.h"

void au_xml_init(struct au_xml *x, const void *p, size_t n)
{
	memset(x, 0, sizeof(*x));
	x->p = p;
	x->n = n;
	x->line = 1;
	au_buf_init(&x->text, AU_XML_TEXT);
	if (n >= 3 && !memcmp(p, "\xef\xbb\xbf", 3))
		x->at = 3;
}

void au_xml_release(struct au_xml *x)
{
	au_buf_release(&x->text);
}

static enum au_xml_event fail(struct au_xml *x, const char *what)
{
	x->err = what;
	x->at = x->n;
	return AU_XML_ERROR;
}

static bool at_lit(const struct au_xml *x, const char *lit)
{
	size_t n = strlen(lit);

	return x->n - x->at >= n && !memcmp(x->p + x->at, lit, n);
}

static void step(struct au_xml *x, size_t n)
{
	for (; n && x->at < x->n; n--)
		if (x->p[x->at++] == '\n')
			x->line++;
}

/* Move behind the literal: false when it does not come. */
static bool skip_to(struct au_xml *x, const char *lit)
{
	const char *hit = memmem(x->p + x->at, x->n - x->at, lit, strlen(lit));

	if (!hit)
		return false;
	step(x, (size_t)(hit - (x->p + x->at)) + strlen(lit));
	return true;
}

static bool name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '.' || c == ':' ||
	       (unsigned char)c >= 0x80;
}

/* Code point of the reference at s ("&...;"), its length in *ret_len; 0 when it is none we know. */
static uint32_t reference(const char *s, size_t n, size_t *ret_len)
{
	static const struct { const char *name; uint32_t cp; } known[] = {
		{ "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&apos;", '\'' },
	};
	uint32_t cp = 0;
	size_t i = 2;
	bool hex;

	for (size_t k = 0; k < sizeof(known) / sizeof(*known); k++) {
		*ret_len = strlen(known[k].name);
		if (n >= *ret_len && !memcmp(s, known[k].name, *ret_len))
			return known[k].cp;
	}
	if (n < 4 || s[1] != '#')
		return 0;
	hex = s[2] == 'x';
	for (i += hex; i < n && i < 10 && isxdigit((unsigned char)s[i]); i++) {
		if (!hex && !isdigit((unsigned char)s[i]))
			return 0;
		cp = cp * (hex ? 16 : 10) + (uint32_t)(s[i] <= '9' ? s[i] - '0' : (s[i] | 32) - 'a' + 10);
	}
	*ret_len = i + 1;
	return i < n && s[i] == ';' && cp && cp <= 0x10ffff && !(cp >= 0xd800 && cp < 0xe000) ? cp : 0;
}

static bool decode(struct au_buf *b, const char *s, size_t n)
{
	for (size_t i = 0; i < n;) {
		size_t len = 1;
		uint32_t cp;

		if (s[i] != '&') {
			au_buf_byte(b, (uint8_t)s[i++]);
			continue;
		}
		cp = reference(s + i, n - i, &len);
		if (!cp)
			return false;
		au_utf8_put(b, cp);
		i += len;
	}
	return !b->full;
}

static enum au_xml_event text_event(struct au_xml *x)
{
	const char *from = x->p + x->at, *lt = memchr(from, '<', x->n - x->at);
	size_t n = lt ? (size_t)(lt - from) : x->n - x->at;

	au_buf_clear(&x->text);
	if (!decode(&x->text, from, n))
		return fail(x, "unknown entity");
	step(x, n);
	return AU_XML_TEXT_EVENT;
}

static enum au_xml_event cdata(struct au_xml *x)
{
	size_t from;

	step(x, 9);
	from = x->at;
	if (!skip_to(x, "]]>"))
		return fail(x, "CDATA without an end");
	au_buf_clear(&x->text);
	au_buf_add(&x->text, x->p + from, x->at - 3 - from);
	return AU_XML_TEXT_EVENT;
}

static enum au_xml_event open_tag(struct au_xml *x)
{
	size_t from = x->at + 1, i = from, name_from, len;
	char quote = 0;

	while (i < x->n && name_char(x->p[i]))
		i++;
	name_from = from;
	for (size_t k = from; k < i; k++)
		if (x->p[k] == ':')
			name_from = k + 1;
	len = i - name_from;
	if (!len || len >= AU_XML_NAME)
		return fail(x, "malformed element");
	if (x->depth == AU_XML_DEPTH)
		return fail(x, "nested too deep");
	x->attrs = x->p + i;
	for (; i < x->n && (quote || x->p[i] != '>'); i++) {
		if (quote && x->p[i] == quote)
			quote = 0;
		else if (!quote && (x->p[i] == '"' || x->p[i] == '\''))
			quote = x->p[i];
		else if (!quote && x->p[i] == '<')
			return fail(x, "malformed element");
	}
	if (i >= x->n)
		return fail(x, "element without an end");
	x->self_close = x->p[i - 1] == '/';
	x->attrs_len = (size_t)(x->p + i - x->attrs) - x->self_close;
	memcpy(x->stack[x->depth], x->p + name_from, len);
	x->stack[x->depth][len] = 0;
	x->name = x->stack[x->depth++];
	step(x, i + 1 - x->at);
	return AU_XML_OPEN;
}

static enum au_xml_event close_tag(struct au_xml *x)
{
	size_t from = x->at + 2, i = from, len;

	while (i < x->n && name_char(x->p[i]))
		i++;
	for (size_t k = from; k < i; k++)
		if (x->p[k] == ':')
			from = k + 1;
	len = i - from;
	while (i < x->n && isspace((unsigned char)x->p[i]))
		i++;
	if (i >= x->n || x->p[i] != '>' || !x->depth || strlen(x->stack[x->depth - 1]) != len ||
	    memcmp(x->stack[x->depth - 1], x->p + from, len) != 0)
		return fail(x, "element closed that was not open");
	step(x, i + 1 - x->at);
	x->name = x->stack[--x->depth];
	return AU_XML_CLOSE;
}

enum au_xml_event au_xml_next(struct au_xml *x)
{
	if (x->self_close) {
		x->self_close = false;
		x->name = x->stack[--x->depth];
		return AU_XML_CLOSE;
	}
	for (;;) {
		x->tok_at = x->at;
		x->tok_line = x->line;
		if (x->at >= x->n)
			return x->err ? AU_XML_ERROR : x->depth ? fail(x, "document cut short") : AU_XML_END;
		if (x->p[x->at] != '<')
			return text_event(x);
		if (at_lit(x, "<![CDATA["))
			return cdata(x);
		if (at_lit(x, "</"))
			return close_tag(x);
		if (at_lit(x, "<!DOCTYPE"))
			return fail(x, "document types are not read");
		if (at_lit(x, "<!--") ? !skip_to(x, "-->") : at_lit(x, "<?") ? !skip_to(x, "?>") : false)
			return fail(x, "comment without an end");
		if (x->at == x->tok_at)
			return open_tag(x);
	}
}

bool au_xml_attr(const struct au_xml *x, const char *name, char *ret, size_t max)
{
	const char *s = x->attrs, *end = x->attrs + x->attrs_len;
	size_t want = strlen(name);

	while (s < end) {
		const char *key, *val;
		size_t len;

		while (s < end && !name_char(*s))
			s++;
		for (key = s; s < end && name_char(*s); s++)
			;
		len = (size_t)(s - key);
		while (s < end && (isspace((unsigned char)*s) || *s == '='))
			s++;
		if (s >= end || (*s != '"' && *s != '\''))
			return false;
		val = s + 1;
		s = memchr(val, *s, (size_t)(end - val));
		if (!s)
			return false;
		if (len == want && !memcmp(key, name, len)) {
			struct au_buf b;

			au_buf_init(&b, max - 1);
			decode(&b, val, (size_t)(s - val));
			snprintf(ret, max, "%s", au_buf_cstr(&b));
			au_buf_release(&b);
			return true;
		}
		s++;
	}
	return false;
}

bool au_xml_path(const struct au_xml *x, const char *path)
{
	for (unsigned i = 0; i < x->depth; i++) {
		size_t n = strlen(x->stack[i]);

		if (strncmp(path, x->stack[i], n) != 0 || (path[n] != '/' && path[n]))
			return false;
		path += n + (path[n] == '/');
	}
	return !*path;
}
