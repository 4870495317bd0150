/* port/conf: .hop/config, good and bad; parse and print are inverse. */
#include "port/conf.h"

#include <string.h>

#include "cluster.h"

#define ID "0123456789abcdef0123456789abcdef"
#define HEAD "[hop]\nformat = 1\nname = shop\nid = " ID "\n"
#define LONG_180                                                       \
	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" \
	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" \
	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static const char *or_null(const char *text)
{
	return text ? text : "(null)";
}

static void same(const struct conf *a, const struct conf *b)
{
	ck_assert_int_eq(a->format, b->format);
	ck_assert_str_eq(a->name, b->name);
	ck_assert_str_eq(a->id, b->id);
	ck_assert_str_eq(or_null(a->test), or_null(b->test));
	ck_assert_str_eq(or_null(a->language), or_null(b->language));
	ck_assert_str_eq(or_null(a->package), or_null(b->package));
}

static const struct {
	const char *text;
	const char *test, *language, *package;
} good[] = {
	{HEAD, NULL, NULL, NULL},
	{HEAD "[test]\ncommand = pytest -q\n", "pytest -q", NULL, NULL},
	{HEAD "[test]\ncommand =\n", "", NULL, NULL},
	{HEAD "[test]\ncommand = a=b; c:d #x | \"y z\"", "a=b; c:d #x | \"y z\"", NULL, NULL},
	{HEAD "[test]\ncommand = " LONG_180 "\n", LONG_180, NULL, NULL},
	{HEAD "\n# comment\n; another ; one\n\n[generate]\nlanguage = python\npackage = shop\n",
	 NULL, "python", "shop"},
	{"\xef\xbb\xbf[hop]\r\nformat = 1\r\nname = shop\r\nid = " ID
	 "\r\n[test]\r\ncommand = x\r\n",
	 "x", NULL, NULL},
	{"[generate]\npackage = Shop_2.x\n" HEAD, NULL, NULL, "Shop_2.x"},
};

START_TEST(parses)
{
	SCOPE(tmp, NULL);
	struct conf want = {1, NULL, NULL, NULL, NULL, NULL};
	struct conf *conf, *again;
	char *text, *text2;

	want.name = mem_dup(tmp, "shop");
	want.id = mem_dup(tmp, ID);
	want.test = good[_i].test ? mem_dup(tmp, good[_i].test) : NULL;
	want.language = good[_i].language ? mem_dup(tmp, good[_i].language) : NULL;
	want.package = good[_i].package ? mem_dup(tmp, good[_i].package) : NULL;
	ck_good(conf_parse(&conf, tmp, "config", good[_i].text, strlen(good[_i].text)));
	same(conf, &want);
	ck_good(conf_print(&text, tmp, conf));
	ck_good(conf_parse(&again, tmp, "config", text, strlen(text)));
	same(again, &want);
	ck_good(conf_print(&text2, tmp, again));
	ck_assert_str_eq(text, text2);
}
END_TEST

static const struct {
	const char *text;
	const char *says;
} bad[] = {
	{"", "config: no 'format'"},
	{"[old]\nx = 1\n", "config: no 'format'"},
	{"format = 1\n", "config: no 'format'"},
	{"[hop]\nformat = 1\n", "config: no 'name'"},
	{"[hop]\nformat = 1\nname = x\n", "config: no 'id'"},
	{"[hop]\nformat = 0\n", "config:2: the project has format 0, older"},
	{"[what]\nx y z\n[hop]\nname = A\n\nformat = 2\n",
	 "config:6: the project has format 2; this hop"},
	{"[hop]\nformat = one\n", "config:2: format is not a number"},
	{"[hop]\nformat = 99999999999999999999\n", "config:2: format is not a number"},
	{HEAD "format = 1\n", "config:5: 'format' is there twice"},
	{HEAD "name = x\n", "config:5: 'name' is there twice"},
	{HEAD "[hop]\nname = x\n", "config:6: 'name' is there twice"},
	{HEAD "colour = red\n", "config:5: unknown key 'colour' in section '[hop]'"},
	{HEAD "[test]\nname = x\n", "config:6: unknown key 'name' in section '[test]'"},
	{HEAD "[tests]\n", "config:5: unknown section '[tests]'"},
	{HEAD "[test] x\n", "config:5: ']' is missing"},
	{HEAD "[test\n", "config:5: ']' is missing"},
	{HEAD "junk\n", "config:5: neither"},
	{HEAD "[test]\ncommand = a\n  b\n", "config:7: line starts with white space"},
	{HEAD "[test]\ncommand = a ; b\n", "config:6: ';' after white space"},
	{HEAD "[test]\ncommand =;b\n", "config:6: ';' after white space"},
	{HEAD "[test]\ncommand = a\x01"
	      "b\n",
	 "config:6: a test command is one line"},
	{HEAD "[test]\ncommand = " LONG_180 LONG_180 "\n", "config:6: line of more than 197 bytes"},
	{HEAD "[test]\ncommand = x" LONG_180 "=xxxxxx\n", "config:6: line of more than 197 bytes"},
	{HEAD "[generate]\nlanguage = ../x\n", "config:6: '../x' cannot be the name of a language"},
	{HEAD "[generate]\npackage = .x\n", "config:6: '.x' cannot be the name of a package"},
	{"[hop]\nformat = 1\nname = Shop\n", "config:3: 'Shop' cannot be a project's name"},
	{"[hop]\nformat = 1\nid = 12\n", "config:3: a project's id is 32"},
};

START_TEST(refuses)
{
	SCOPE(tmp, NULL);
	struct conf *conf = NULL;
	struct error *err = conf_parse(&conf, tmp, "config", bad[_i].text, strlen(bad[_i].text));

	ck_assert_ptr_nonnull(err);
	ck_assert_int_eq(err->code, ERROR_FAIL);
	ck_assert_msg(strncmp(err->message, bad[_i].says, strlen(bad[_i].says)) == 0, "%s",
		      err->message);
	ck_assert_ptr_null(conf);
	error_free(err);
}
END_TEST

START_TEST(refuses_nul)
{
	static const char text[] = HEAD "[test]\ncommand = a\0b\n";
	SCOPE(tmp, NULL);
	struct conf *conf;
	struct error *err = conf_parse(&conf, tmp, "config", text, sizeof(text) - 1);

	ck_assert_ptr_nonnull(err);
	ck_assert_str_eq(err->message, "config:6: NUL byte");
	error_free(err);
}
END_TEST

static const struct {
	const char *name, *id, *test, *language, *package;
} unprintable[] = {
	{"", ID, NULL, NULL, NULL},
	{"1shop", ID, NULL, NULL, NULL},
	{"shop name", ID, NULL, NULL, NULL},
	{"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", ID, NULL, NULL, NULL},
	{"shop", "", NULL, NULL, NULL},
	{"shop", "0123456789ABCDEF0123456789ABCDEF", NULL, NULL, NULL},
	{"shop", ID, "a\nb", NULL, NULL},
	{"shop", ID, " a", NULL, NULL},
	{"shop", ID, "a ", NULL, NULL},
	{"shop", ID, "a ; b", NULL, NULL},
	{"shop", ID, "; b", NULL, NULL},
	{"shop", ID, LONG_180 LONG_180, NULL, NULL},
	{"shop", ID, NULL, "", NULL},
	{"shop", ID, NULL, "a;b", NULL},
	{"shop", ID, NULL, NULL, ""},
	{"shop", ID, NULL, NULL, LONG_180},
	{"shop", ID, NULL, NULL, "a/b"},
};

START_TEST(does_not_print)
{
	SCOPE(tmp, NULL);
	struct conf conf = {
		1,
		mem_dup(tmp, unprintable[_i].name),
		mem_dup(tmp, unprintable[_i].id),
		unprintable[_i].test ? mem_dup(tmp, unprintable[_i].test) : NULL,
		unprintable[_i].language ? mem_dup(tmp, unprintable[_i].language) : NULL,
		unprintable[_i].package ? mem_dup(tmp, unprintable[_i].package) : NULL,
	};
	char *text;
	struct error *err = conf_print(&text, tmp, &conf);

	ck_assert_ptr_nonnull(err);
	ck_assert_int_eq(err->code, ERROR_USAGE);
	error_free(err);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, parses, 0, COUNT(good));
	tcase_add_loop_test(tc, refuses, 0, COUNT(bad));
	tcase_add_test(tc, refuses_nul);
	tcase_add_loop_test(tc, does_not_print, 0, COUNT(unprintable));
}

int main(void)
{
	return run_suite("port/conf", add);
}
