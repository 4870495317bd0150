/* core/dump: what pg_dump writes, as the parts of a model. */
#include "core/dump.h"

#include "unit.h"

#define HEAD(name, type, owner) \
	"--\n-- Name: " name "; Type: " type "; Schema: s; Owner: " owner "\n--\n\n"
#define SETTINGS \
	"SET statement_timeout = 0;\nSELECT pg_catalog.set_config('search_path', '', false);\n\n"

static struct dump parse(void *ctx, const char *text, bool adopted)
{
	static char cube[] = "cube", *plain[] = {cube, NULL};
	static char theirs[] = "the \"irs\"", *without[] = {theirs, NULL};
	const struct dump_request request = {
		.dump = mem_printf(ctx, SETTINGS "%s", text),
		.role = "joe",
		.plain_extensions = plain,
		.without = without,
		.adopted = adopted,
	};
	struct dump dump;

	dump_parse(&dump, ctx, &request);
	return dump;
}

/* A statement, and what a model has of it; NULL: nothing. */
static const struct {
	const char *statement, *model, *roles;
	bool adopted;
} statements[] = {
	{"ALTER TABLE s.t OWNER TO joe;", NULL, "", false},
	{"ALTER TABLE s.t OWNER TO app;", "ALTER TABLE s.t OWNER TO app;", "app", false},
	{"ALTER TABLE s.owner OWNER TO \"a \"\" b\";", "ALTER TABLE s.owner OWNER TO \"a \"\" b\";",
	 "a \" b", false},
	{"ALTER TABLE s.joe ADD COLUMN joe text DEFAULT 'OWNER TO joe';",
	 "ALTER TABLE s.joe ADD COLUMN joe text DEFAULT 'OWNER TO joe';", "", false},
	{"GRANT SELECT ON TABLE s.joe TO joe;", "GRANT SELECT ON TABLE s.joe TO CURRENT_USER;", "",
	 false},
	{"GRANT ALL ON FUNCTION s.f(joe s.joe, \"to\" text) TO joe WITH GRANT OPTION;",
	 "GRANT ALL ON FUNCTION s.f(joe s.joe, \"to\" text) TO CURRENT_USER WITH GRANT OPTION;", "",
	 false},
	{"GRANT SELECT ON TABLE s.t TO pg_monitor;", "GRANT SELECT ON TABLE s.t TO pg_monitor;", "",
	 false},
	{"REVOKE ALL ON TABLE s.t FROM PUBLIC;", "REVOKE ALL ON TABLE s.t FROM PUBLIC;", "", false},
	{"REVOKE ALL ON TABLE s.t FROM \"joe\";", "REVOKE ALL ON TABLE s.t FROM CURRENT_USER;", "",
	 false},
	{"ALTER DEFAULT PRIVILEGES FOR ROLE joe IN SCHEMA joe GRANT SELECT ON TABLES  TO app;",
	 "ALTER DEFAULT PRIVILEGES FOR ROLE CURRENT_USER IN SCHEMA joe GRANT SELECT ON TABLES  TO "
	 "app;",
	 "app", false},
	{"CREATE POLICY joe ON s.joe FOR SELECT TO b, joe, a USING ((x = 'TO '::text));",
	 "CREATE POLICY joe ON s.joe FOR SELECT TO b, CURRENT_USER, a USING ((x = 'TO '::text));",
	 "a b", false},
	{"CREATE POLICY p ON s.t USING ((x = joe));", "CREATE POLICY p ON s.t USING ((x = joe));",
	 "", false},
	{"CREATE USER MAPPING FOR joe SERVER joe OPTIONS (\n    password 'x'\n);",
	 "CREATE USER MAPPING FOR CURRENT_USER SERVER joe OPTIONS (\n    password 'x'\n);", "",
	 false},
	{"CREATE USER MAPPING FOR joe SERVER joe OPTIONS (\n    password 'x'\n);",
	 "CREATE USER MAPPING FOR CURRENT_USER SERVER joe;", "", true},
	{"CREATE USER MAPPING FOR app SERVER s OPTIONS (\n    password 'x'\n);",
	 "CREATE USER MAPPING FOR app SERVER s;", "app", true},
	{"CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (\n    host 'h',\n    \"apiKey\" 'k'\n);",
	 "CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (\n    host 'h',\n    \"apiKey\" ''\n);",
	 "", true},
	{"CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (\n    host 'h',\n    \"apiKey\" 'k'\n);",
	 "CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (\n    host 'h',\n    \"apiKey\" 'k'\n);",
	 "", false},
	{"SET SESSION AUTHORIZATION app;", "SET ROLE app;", "app", false},
	{"SET SESSION AUTHORIZATION joe;", "RESET ROLE;", "", false},
	{"RESET SESSION AUTHORIZATION;", "RESET ROLE;", "", false},
	{"COMMENT ON EXTENSION cube IS 'a type';", NULL, "", false},
	{"CREATE EXTENSION IF NOT EXISTS \"the \"\"irs\"\"\" WITH SCHEMA s;", NULL, "", false},
	{"COMMENT ON EXTENSION \"the \"\"irs\"\"\" IS 'x';", NULL, "", false},
	{"CREATE EXTENSION IF NOT EXISTS theirs WITH SCHEMA s;",
	 "CREATE EXTENSION IF NOT EXISTS theirs WITH SCHEMA s;", "", false},
	{"COMMENT ON EXTENSION citext IS 'mine';", "COMMENT ON EXTENSION citext IS 'mine';", "",
	 false},
	{"COMMENT ON TABLE s.t IS 'GRANT ALL TO joe;';",
	 "COMMENT ON TABLE s.t IS 'GRANT ALL TO joe;';", "", false},
	{"CREATE FUNCTION s.f() RETURNS void LANGUAGE sql AS $$ GRANT x TO joe; $$;",
	 "CREATE FUNCTION s.f() RETURNS void LANGUAGE sql AS $$ GRANT x TO joe; $$;", "", false},
};

START_TEST(roles)
{
	SCOPE(tmp, NULL);
	struct dump dump = parse(tmp,
				 mem_printf(tmp, HEAD("x", "T", "app") "%s\n\n",
					    statements[_i].statement),
				 statements[_i].adopted);
	const char *model = statements[_i].model;
	char *named = mem_dup(tmp, "");

	for (char **role = dump.roles; *role; role++)
		mem_append(&named, tmp, "%s%s", *named ? " " : "", *role);
	ck_assert_str_eq(named, statements[_i].roles);
	ck_assert_str_eq(dump.before,
			 model ? mem_printf(tmp, HEAD("x", "T", "app") "%s\n\n", model) : "");
	ck_assert_str_eq(dump.after, "");
	ck_assert_int_eq(mem_list_length(dump.left_out) > 0, statements[_i].adopted);
}
END_TEST

struct object {
	const char *name, *type, *owner, *text;
};

static char *join(void *ctx, const struct object *list, size_t count)
{
	char *out = mem_dup(ctx, "");

	for (size_t i = 0; i < count; i++)
		mem_append(&out, ctx,
			   "--\n-- Name: %s; Type: %s; Schema: s; Owner: %s\n--\n\n%s\n\n",
			   list[i].name, list[i].type, list[i].owner, list[i].text);
	return out;
}

#define FUNCTION                                                  \
	"CREATE FUNCTION s.f() RETURNS void LANGUAGE sql AS $$\n" \
	"--\n-- Name: no; Type: INDEX; Schema: s; Owner: joe\n--\n\n; $$;"
#define ACL "GRANT CREATE ON SCHEMA s TO app;\nGRANT USAGE ON SCHEMA s TO PUBLIC;"
#define DEFAULTS "DEFAULT PRIVILEGES FOR TABLES"
#define FOR_ROLE(role) "ALTER DEFAULT PRIVILEGES FOR ROLE " role " GRANT SELECT ON TABLES  TO app;"

static const struct object dumped[] = {
	{"s", "SCHEMA", "joe", "CREATE SCHEMA s;\n\n\nALTER SCHEMA s OWNER TO joe;"},
	{"f()", "FUNCTION", "joe", FUNCTION},
	{"t", "TABLE", "app",
	 "CREATE TABLE s.t (\n    i integer\n);\n\nALTER TABLE s.t OWNER TO app;"},
	{"i", "INDEX", "app", "CREATE INDEX i ON s.t USING btree (i);"},
	{"late", "VIEW", "joe", "CREATE VIEW s.late AS\n SELECT 1;"},
	{"SCHEMA s", "ACL", "joe", ACL},
	{DEFAULTS, "DEFAULT ACL", "zoe", FOR_ROLE("zoe")},
	{DEFAULTS, "DEFAULT ACL", "joe", FOR_ROLE("joe")},
};

static const struct object before[] = {
	{"s", "SCHEMA", "-", "CREATE SCHEMA s;"},
	{"SCHEMA s", "ACL", "-", ACL},
	{"f()", "FUNCTION", "-", FUNCTION},
	{"t", "TABLE", "app",
	 "CREATE TABLE s.t (\n    i integer\n);\nALTER TABLE s.t OWNER TO app;"},
};

static const struct object after[] = {
	{"i", "INDEX", "app", "CREATE INDEX i ON s.t USING btree (i);"},
	{"late", "VIEW", "-", "CREATE VIEW s.late AS\n SELECT 1;"},
	{DEFAULTS, "DEFAULT ACL", "-", FOR_ROLE("CURRENT_USER")},
	{DEFAULTS, "DEFAULT ACL", "zoe", FOR_ROLE("zoe")},
};

START_TEST(order)
{
	SCOPE(tmp, NULL);
	struct dump dump = parse(tmp, join(tmp, dumped, COUNT(dumped)), false);

	ck_assert_str_eq(dump.before, join(tmp, before, COUNT(before)));
	ck_assert_str_eq(dump.after, join(tmp, after, COUNT(after)));
}
END_TEST

/* The name of the builder neither shows nor changes the order. */
START_TEST(same_bytes)
{
	static const char *const names[] = {"adam", "zoe"};
	SCOPE(tmp, NULL);
	struct dump dumps[2];

	for (size_t i = 0; i < 2; i++) {
		const char *mapping = HEAD("USER MAPPING mia SERVER s", "USER MAPPING",
					   "x") "CREATE USER MAPPING FOR mia SERVER s;\n\n";
		const char *mine = mem_printf(
			tmp,
			"--\n-- Name: USER MAPPING %s SERVER s; Type: USER MAPPING; "
			"Schema: -; Owner: %s\n--\n\nCREATE USER MAPPING FOR %s SERVER s;\n\n",
			names[i], names[i], names[i]);
		const struct dump_request request = {
			.dump = mem_printf(tmp, "%s%s", i ? mapping : mine, i ? mine : mapping),
			.role = names[i],
		};

		dump_parse(&dumps[i], tmp, &request);
	}
	ck_assert_str_eq(dumps[0].before, dumps[1].before);
	ck_assert_str_eq(dumps[0].objects, dumps[1].objects);
	ck_assert_ptr_null(strstr(dumps[0].before, "adam"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("core-dump");
	TCase *tc = tcase_create("dump");

	tcase_add_loop_test(tc, roles, 0, sizeof(statements) / sizeof(*statements));
	tcase_add_test(tc, order);
	tcase_add_test(tc, same_bytes);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
