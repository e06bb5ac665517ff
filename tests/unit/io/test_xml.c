/* The XML pull reader: events, entities, and what it refuses. */
#include "base/banned.h"
#include <setjmp.h>
#include <cmocka.h>
#include "io/xml.h"

static enum au_xml_event last(const char *text)
{
	enum au_xml_event ev;
	struct au_xml x;

	au_xml_init(&x, text, strlen(text));
	do
		ev = au_xml_next(&x);
	while (ev != AU_XML_END && ev != AU_XML_ERROR);
	au_xml_release(&x);
	return ev;
}

static void reads(void **state)
{
	static const char doc[] = "\xef\xbb\xbf<?xml version=\"1.0\"?><!-- c --><p:a x='1 &amp; 2'><b/>t&lt;&#233;"
				  "<![CDATA[<raw>]]></p:a>";
	struct au_xml x;
	char attr[32];

	(void)state;
	au_xml_init(&x, doc, sizeof(doc) - 1);
	assert_int_equal(au_xml_next(&x), AU_XML_OPEN);
	assert_string_equal(x.name, "a");
	assert_true(au_xml_attr(&x, "x", attr, sizeof(attr)));
	assert_string_equal(attr, "1 & 2");
	assert_false(au_xml_attr(&x, "y", attr, sizeof(attr)));
	assert_int_equal(au_xml_next(&x), AU_XML_OPEN);
	assert_true(au_xml_path(&x, "a/b"));
	assert_false(au_xml_path(&x, "a"));
	assert_false(au_xml_path(&x, "a/bc"));
	assert_int_equal(au_xml_next(&x), AU_XML_CLOSE);
	assert_true(au_xml_path(&x, "a"));
	assert_int_equal(au_xml_next(&x), AU_XML_TEXT_EVENT);
	assert_string_equal(au_buf_cstr(&x.text), "t<\xc3\xa9");
	assert_int_equal(au_xml_next(&x), AU_XML_TEXT_EVENT);
	assert_string_equal(au_buf_cstr(&x.text), "<raw>");
	assert_int_equal(au_xml_next(&x), AU_XML_CLOSE);
	assert_int_equal(au_xml_next(&x), AU_XML_END);
	au_xml_release(&x);
}

static void refuses(void **state)
{
	static const char *const bad[] = {
		"<a>", "<a></b>", "</a>", "<a x=\"1>", "<a", "<!-- ", "<a>&bomb;</a>", "<!DOCTYPE x [<!ENTITY y 'z'>]><a/>",
		"<a><![CDATA[x</a>", "<a>&#xd800;</a>", "< a/>", "<a <b/>",
	};
	char deep[1000];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (last(bad[i]) != AU_XML_ERROR)
			fail_msg("taken: %s", bad[i]);
	for (size_t i = 0; i < 300; i++)
		memcpy(deep + 3 * i, "<a>", 4);
	assert_int_equal(last(deep), AU_XML_ERROR);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(reads), cmocka_unit_test(refuses) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
