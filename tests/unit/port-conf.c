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
	ck_assert_int_eq(a->postgresql, b->postgresql);
	ck_assert_str_eq(or_null(a->ref_namespace), or_null(b->ref_namespace));
	ck_assert_int_eq(a->model_rows, b->model_rows);
	ck_assert_int_eq(a->issues, b->issues);
}

static char *joined(void *ctx, char *const *list)
{
	char *text = mem_dup(ctx, "");

	for (; *list; list++)
		mem_append(&text, ctx, "%s|", *list);
	return text;
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
	struct conf want = {.format = 1, .model_rows = CONF_MODEL_ROWS};
	struct conf *conf, *again;
	char *text, *text2;

	want.name = mem_dup(tmp, "shop");
	want.id = mem_dup(tmp, ID);
	want.ref_namespace = mem_dup(tmp, "refs/hop");
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

#define ROLE_61 "role_of_sixty_bytes_role_of_sixty_bytes_role_of_sixty_bytes__"

/* The keys of [hop] and [model] that a project may have: what is read, and how it is printed. */
static const struct {
	const char *text;
	int postgresql;
	enum conf_issues issues;
	long long model_rows;
	const char *namespace, *roles, *extensions, *schema_only;
	const char *printed;
} keys[] = {
	{"", 0, CONF_ISSUES_CLOSE, CONF_MODEL_ROWS, "refs/hop", "", "", "", ""},
	{"postgresql = 15\nissues = reference\nmodelRows = 64kB\nrefNamespace = refs/heads/hop\n",
	 15, CONF_ISSUES_REFERENCE, 65536, "refs/heads/hop", "", "", "",
	 "postgresql = 15\nissues = reference\nmodelRows = 64kB\nrefNamespace = refs/heads/hop\n"},
	{"tagPrefix = schema/v\n", 0, CONF_ISSUES_CLOSE, CONF_MODEL_ROWS, "refs/hop", "", "", "",
	 "tagPrefix = schema/v\n"},
	{"tagPrefix = v\n", 0, CONF_ISSUES_CLOSE, CONF_MODEL_ROWS, "refs/hop", "", "", "", ""},
	{"issues = none\nmodelRows = 2048 MB\n", 0, CONF_ISSUES_NONE, 2LL << 30, "refs/hop", "", "",
	 "", "issues = none\nmodelRows = 2GB\n"},
	{"issues = close\nmodelRows = 16777216\nrefNamespace = refs/hop\nroles =\n", 0,
	 CONF_ISSUES_CLOSE, CONF_MODEL_ROWS, "refs/hop", "", "", "", ""},
	{"roles = b a,c ,  \"d e\"\nextensions = postgis uuid-ossp\nroles = \"f\"\"g\", \"H\"\n", 0,
	 CONF_ISSUES_CLOSE, CONF_MODEL_ROWS, "refs/hop", "b|a|c|d e|f\"g|H|", "postgis|uuid-ossp|",
	 "", "roles = b a c \"d e\" \"f\"\"g\" H\nextensions = postgis uuid-ossp\n"},
	{"roles = " ROLE_61 "1 " ROLE_61 "2\nroles = " ROLE_61 "3\nroles = x\n", 0,
	 CONF_ISSUES_CLOSE, CONF_MODEL_ROWS, "refs/hop", ROLE_61 "1|" ROLE_61 "2|" ROLE_61 "3|x|",
	 "", "", "roles = " ROLE_61 "1 " ROLE_61 "2 " ROLE_61 "3\nroles = x\n"},
	{"[model]\nschema-only = public.big, \"A.b\".\"c d\"\nschema-only = x.y\n", 0,
	 CONF_ISSUES_CLOSE, CONF_MODEL_ROWS, "refs/hop", "", "", "public.big|\"A.b\".\"c d\"|x.y|",
	 "\n[model]\nschema-only = public.big \"A.b\".\"c d\" x.y\n"},
	{"[drift]\nignore = public.events_*, \"A b\".*\nignore = [!x]?\n", 0, CONF_ISSUES_CLOSE,
	 CONF_MODEL_ROWS, "refs/hop", "", "", "",
	 "\n[drift]\nignore = public.events_* \"A b.*\" [!x]?\n"},
	{"[rehearse]\nmerge = refuse\n", 0, CONF_ISSUES_CLOSE, CONF_MODEL_ROWS, "refs/hop", "", "",
	 "", "\n[rehearse]\nmerge = refuse\n"},
	{"[rehearse]\nmerge = report\n", 0, CONF_ISSUES_CLOSE, CONF_MODEL_ROWS, "refs/hop", "", "",
	 "", ""},
};

START_TEST(keys_of_a_project)
{
	SCOPE(tmp, NULL);
	char *text = mem_printf(tmp, HEAD "%s", keys[_i].text);
	struct conf *conf;

	for (int again = 0; again < 2; again++) {
		ck_good(conf_parse(&conf, tmp, "config", text, strlen(text)));
		ck_assert_int_eq(conf->postgresql, keys[_i].postgresql);
		ck_assert_int_eq(conf->issues, keys[_i].issues);
		ck_assert_int_eq(conf->model_rows, keys[_i].model_rows);
		ck_assert_str_eq(conf->ref_namespace, keys[_i].namespace);
		ck_assert_str_eq(joined(tmp, conf->roles), keys[_i].roles);
		ck_assert_str_eq(joined(tmp, conf->extensions), keys[_i].extensions);
		ck_assert_str_eq(joined(tmp, conf->schema_only), keys[_i].schema_only);
		ck_good(conf_print(&text, tmp, conf));
		ck_assert_str_eq(text, mem_printf(tmp, HEAD "%s", keys[_i].printed));
	}
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
	 "config:6: the project has format 2; this git hop"},
	{"[hop]\nformat = one\n", "config:2: format is not a number"},
	{"[hop]\nformat = 99999999999999999999\n", "config:2: format is not a number"},
	{HEAD "format = 1\n", "config:5: 'format' appears twice"},
	{HEAD "name = x\n", "config:5: 'name' appears twice"},
	{HEAD "[hop]\nname = x\n", "config:6: 'name' appears twice"},
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
	{"[hop]\nformat = 1\nid = 12\n", "config:3: a project ID is 32"},
	{HEAD "postgresql = 15.3\n", "config:5: postgresql is a major version"},
	{HEAD "postgresql =\n", "config:5: postgresql is a major version"},
	{HEAD "postgresql = 9\n", "config:5: postgresql is a major version"},
	{HEAD "postgresql = 15\npostgresql = 15\n", "config:6: 'postgresql' appears twice"},
	{HEAD "issues = open\n", "config:5: issues is close, reference or none"},
	{HEAD "modelRows = 0\n", "config:5: modelRows is a number of bytes"},
	{HEAD "modelRows = MB\n", "config:5: modelRows is a number of bytes"},
	{HEAD "modelRows = -1MB\n", "config:5: modelRows is a number of bytes"},
	{HEAD "modelRows = 1TB\n", "config:5: modelRows is a number of bytes"},
	{HEAD "modelRows = 999999999999GB\n", "config:5: modelRows is a number of bytes"},
	{HEAD "modelRows = 99999999999999999999\n", "config:5: modelRows is a number of bytes"},
	{HEAD "refnamespace = refs/x\n", "config:5: unknown key 'refnamespace'"},
	{HEAD "refNamespace =\n", "config:5: refNamespace cannot be ''"},
	{HEAD "refNamespace = refs/heads\n", "config:5: refNamespace cannot be 'refs/heads'"},
	{HEAD "refNamespace = --x\n", "config:5: refNamespace cannot be '--x'"},
	{HEAD "refNamespace = refs/../x\n", "config:5: refNamespace cannot be 'refs/../x'"},
	{HEAD "refNamespace = refs/hop x\n", "config:5: refNamespace cannot be 'refs/hop x'"},
	{HEAD "refNamespace = refs/hop*\n", "config:5: refNamespace cannot be 'refs/hop*'"},
	{HEAD "refNamespace = /\n", "config:5: refNamespace cannot be '/'"},
	{HEAD "tagPrefix =\n", "config:5: tagPrefix cannot be ''"},
	{HEAD "tagPrefix = -v\n", "config:5: tagPrefix cannot be '-v'"},
	{HEAD "tagPrefix = a v\n", "config:5: tagPrefix cannot be 'a v'"},
	{HEAD "tagPrefix = a..b\n", "config:5: tagPrefix cannot be 'a..b'"},
	{HEAD "tagPrefix = a.lock/\n", "config:5: tagPrefix cannot be 'a.lock/'"},
	{HEAD "tagPrefix = a~\n", "config:5: tagPrefix cannot be 'a~'"},
	{HEAD "tagprefix = a\n", "config:5: unknown key 'tagprefix'"},
	{HEAD "roles = a\nroles = b a\n", "config:6: 'a' is listed twice"},
	{HEAD "roles = \"a b\n", "config:5: the quote in '\"a b' is not closed"},
	{HEAD "roles = a;b\n", "config:5: ';' is allowed only within"},
	{HEAD "roles = \"a;b\"\n", "config:5: a name cannot contain control characters or ';'"},
	{HEAD "roles = a.b\n", "config:5: 'a.b' has a dot outside"},
	{HEAD "roles = \"\"\n", "config:5: a name has 1 to 63 bytes"},
	{HEAD "roles = " ROLE_61 "xxxx\n", "config:5: a name has 1 to 63 bytes"},
	{HEAD "roles = pg_monitor\n", "config:5: 'pg_monitor' is a predefined role"},
	{HEAD "roles = public\n", "config:5: no role can have the name 'public'"},
	{HEAD "extensions = a--b\n", "config:5: no extension can have the name 'a--b'"},
	{HEAD "extensions = \"../x\"\n", "config:5: no extension can have the name '../x'"},
	{HEAD "schema-only = public.t\n", "config:5: unknown key 'schema-only' in section '[hop]'"},
	{HEAD "[rehearse]\nmerge = maybe\n", "config:6: merge is report, refuse or off"},
	{HEAD "[drift]\nignore = a b\nignore = b\n", "config:7: 'b' is listed twice"},
	{HEAD "[drift]\nignore = \"\"\n", "config:6: an empty pattern"},
	{HEAD "[drift]\nignore = a$(b)\n", "config:6: '(' is allowed only within"},
	{HEAD "[model]\nschema-only = t*\n", "config:6: '*' is allowed only within"},
	{HEAD "[model]\nschema-only = t\n", "config:6: 't' is not a table with its schema"},
	{HEAD "[model]\nschema-only = a.b.c\n", "config:6: 'a.b.c' has too many dots"},
	{HEAD "[model]\nschema-only = a.\n", "config:6: a name has 1 to 63 bytes"},
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
		.format = 1,
		.name = mem_dup(tmp, unprintable[_i].name),
		.id = mem_dup(tmp, unprintable[_i].id),
		.test = unprintable[_i].test ? mem_dup(tmp, unprintable[_i].test) : NULL,
		.language = unprintable[_i].language ? mem_dup(tmp, unprintable[_i].language)
						     : NULL,
		.package = unprintable[_i].package ? mem_dup(tmp, unprintable[_i].package) : NULL,
	};
	char *text;
	struct error *err = conf_print(&text, tmp, &conf);

	ck_assert_ptr_nonnull(err);
	ck_assert_int_eq(err->code, ERROR_USAGE);
	error_free(err);
}
END_TEST

static const struct {
	int postgresql;
	const char *namespace, *role, *extension, *table;
} bad_keys[] = {
	{9, NULL, NULL, NULL, NULL},    {0, "refs/tags", NULL, NULL, NULL},
	{0, NULL, "pg_x", NULL, NULL},  {0, NULL, "a\nb", NULL, NULL},
	{0, NULL, "a ; b", NULL, NULL}, {0, NULL, NULL, "-x", NULL},
	{0, NULL, NULL, NULL, "t"},     {0, NULL, NULL, NULL, "a.b c.d"},
	{0, NULL, NULL, NULL, "a.\"b"},
};

START_TEST(does_not_print_keys)
{
	SCOPE(tmp, NULL);
	struct conf conf = {
		.format = 1,
		.name = mem_dup(tmp, "shop"),
		.id = mem_dup(tmp, ID),
		.postgresql = bad_keys[_i].postgresql,
	};
	char *text;
	struct error *err;

	if (bad_keys[_i].namespace)
		conf.ref_namespace = mem_dup(tmp, bad_keys[_i].namespace);
	if (bad_keys[_i].role)
		mem_list_add(&conf.roles, tmp, bad_keys[_i].role);
	if (bad_keys[_i].extension)
		mem_list_add(&conf.extensions, tmp, bad_keys[_i].extension);
	if (bad_keys[_i].table)
		mem_list_add(&conf.schema_only, tmp, bad_keys[_i].table);
	err = conf_print(&text, tmp, &conf);
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
	tcase_add_loop_test(tc, keys_of_a_project, 0, COUNT(keys));
	tcase_add_loop_test(tc, does_not_print_keys, 0, COUNT(bad_keys));
}

int main(void)
{
	return run_suite("port/conf", add);
}
