/* Differences between two schemas, object by object. */
#include "core/drift.h"

#include "base/mem.h"
#include "unit.h"

#define OBJECT(name, type, schema, text) \
	"--\n-- Name: " name "; Type: " type "; Schema: " schema "; Owner: -\n--\n\n" text "\n\n"
#define USERS                              \
	OBJECT("users", "TABLE", "public", \
	       "CREATE TABLE public.users (\n    id integer NOT NULL,\n    name text\n);")
#define PART(n)                                                                               \
	OBJECT("p" n, "TABLE", "public", "CREATE TABLE public.p" n " (\n    at date\n);")     \
	OBJECT("p" n, "TABLE ATTACH", "public",                                               \
	       "ALTER TABLE ONLY public.ev ATTACH PARTITION public.p" n " DEFAULT;")          \
	OBJECT("p" n "_at_idx", "INDEX", "public",                                            \
	       "CREATE INDEX p" n "_at_idx ON public.p" n " USING btree (at);")               \
	OBJECT("p" n "_at_idx", "INDEX ATTACH", "public",                                     \
	       "ALTER INDEX public.ev_i ATTACH PARTITION public.p" n "_at_idx;")              \
	OBJECT("p" n " p" n "_pkey", "CONSTRAINT", "public",                                  \
	       "ALTER TABLE ONLY public.p" n " ADD CONSTRAINT p" n "_pkey PRIMARY KEY (at);") \
	OBJECT("p" n "_pkey", "INDEX ATTACH", "public",                                       \
	       "ALTER INDEX public.ev_pkey ATTACH PARTITION public.p" n "_pkey;")             \
	OBJECT("TABLE p" n, "ACL", "public", "GRANT SELECT ON TABLE public.p" n " TO app;")   \
	OBJECT("COLUMN p" n ".at", "COMMENT", "public",                                       \
	       "COMMENT ON COLUMN public.p" n ".at IS 'x';")

#define PARTITION(mark)                                                                        \
	mark " ACL public.TABLE p1 (a partition)|" mark " TABLE public.p1 (a partition)|" mark \
	     " TABLE ATTACH public.p1 (a partition)|" mark                                     \
	     " CONSTRAINT public.p1 p1_pkey (a partition)|" mark                               \
	     " COMMENT public.COLUMN p1.at (a partition)|" mark                                \
	     " INDEX public.p1_at_idx (a partition)|" mark                                     \
	     " INDEX ATTACH public.p1_at_idx (a partition)|" mark                              \
	     " INDEX ATTACH public.p1_pkey (a partition)|"

static const struct {
	const char *expected, *found;
	const char *ignore;
	const char *differences; /* "+ TABLE public.users (ignored)|", and lines */
} cases[] = {
	{"", "", NULL, ""},
	{USERS, USERS, NULL, ""},
	{"", USERS, NULL, "+ TABLE public.users|"},
	{USERS, "", NULL, "- TABLE public.users|"},
	/* the order of statements and of columns */
	{USERS PART("1"), PART("1") USERS, NULL, ""},
	{USERS,
	 OBJECT("users", "TABLE", "public",
		"CREATE TABLE public.users (\n    name text,\n    id integer NOT NULL\n);"),
	 NULL, ""},
	{USERS,
	 OBJECT("users", "TABLE", "public",
		"CREATE TABLE public.users (\n    id bigint NOT NULL,\n    name text\n);"),
	 NULL, "~ TABLE public.users|-     id integer NOT NULL|+     id bigint NOT NULL|"},
	/* nothing but whole names is the same object */
	{OBJECT("a", "VIEW", "s", "CREATE VIEW s.a;"), OBJECT("a", "VIEW", "t", "CREATE VIEW t.a;"),
	 NULL, "- VIEW s.a|+ VIEW t.a|"},
	{OBJECT("f(integer)", "FUNCTION", "s", "CREATE FUNCTION s.f(integer) AS $$a\nb$$;"),
	 OBJECT("f(integer)", "FUNCTION", "s", "CREATE FUNCTION s.f(integer) AS $$b\na$$;"), NULL,
	 "~ FUNCTION s.f(integer)|- CREATE FUNCTION s.f(integer) AS $$a|- b$$;|"
	 "+ CREATE FUNCTION s.f(integer) AS $$b|+ a$$;|"},
	/* what a table is called within a view that has it twice */
	{OBJECT("v", "VIEW", "s",
		"CREATE VIEW s.v AS SELECT a_1.id FROM (s.t JOIN s.t a_1 ON (a_1.id));"),
	 OBJECT("v", "VIEW", "s",
		"CREATE VIEW s.v AS SELECT b_1.id FROM (s.t JOIN s.t b_1 ON (b_1.id));"),
	 NULL, ""},
	{OBJECT("v", "VIEW", "s", "CREATE VIEW s.v AS SELECT t_1.id FROM s.t_1;"),
	 OBJECT("v", "VIEW", "s", "CREATE VIEW s.v AS SELECT t_2.id FROM s.t_2;"), NULL,
	 "~ VIEW s.v|- CREATE VIEW s.v AS SELECT t_1.id FROM s.t_1;|"
	 "+ CREATE VIEW s.v AS SELECT t_2.id FROM s.t_2;|"},
	/* a header within a string is text */
	{OBJECT("f()", "FUNCTION", "s", "CREATE FUNCTION s.f() AS $$\n--\n-- Name: x; Type: y$$;"),
	 OBJECT("f()", "FUNCTION", "s", "CREATE FUNCTION s.f() AS $$\n--\n-- Name: x; Type: y$$;"),
	 NULL, ""},
	/* what a production database has */
	{USERS, USERS PART("1"), NULL, PARTITION("+")},
	{USERS PART("1"), USERS, NULL, PARTITION("-")},
	{USERS,
	 USERS OBJECT("p1_at_idx", "INDEX", "public", "CREATE INDEX i ON public.p1 USING b;"), NULL,
	 "+ INDEX public.p1_at_idx|"},
	{"", OBJECT("pg_stat_statements", "EXTENSION", "-", "CREATE EXTENSION pg_stat_statements;"),
	 NULL, "+ EXTENSION pg_stat_statements (an extension)|"},
	{OBJECT("hstore", "EXTENSION", "-", "CREATE EXTENSION hstore;"), "", NULL,
	 "- EXTENSION hstore|"},
	{"", USERS, "public.u*", "+ TABLE public.users (ignored)|"},
	{"", USERS, "users", "+ TABLE public.users|"},
	{"", OBJECT("cdc", "PUBLICATION", "-", "CREATE PUBLICATION cdc;"), "cdc",
	 "+ PUBLICATION cdc (ignored)|"},
	/* the database as a whole */
	{USERS "--\n-- The database\n--\n\nDO $$BEGIN END$$;\n", USERS, NULL, ""},
	{"SET x = 1;\n\nSELECT 1;\n" USERS, USERS, NULL, ""},
	{USERS, "SET default_tablespace = '';\n\n" USERS, NULL, ""},
	/* two of one name */
	{OBJECT("DEFAULT PRIVILEGES FOR TABLES", "DEFAULT ACL", "-", "ALTER a;")
		 OBJECT("DEFAULT PRIVILEGES FOR TABLES", "DEFAULT ACL", "-", "ALTER b;"),
	 OBJECT("DEFAULT PRIVILEGES FOR TABLES", "DEFAULT ACL", "-", "ALTER b;"), NULL,
	 "- DEFAULT ACL DEFAULT PRIVILEGES FOR TABLES|"},
};

static char *print(void *ctx, const struct drift *drift)
{
	static const char marks[] = {'+', '-', '~'};
	char *out = mem_dup(ctx, "");

	for (size_t i = 0; i < drift->count; i++) {
		const struct drift_item *item = &drift->items[i];

		mem_append(&out, ctx, "%c %s%s%s%s|", marks[item->kind], item->object,
			   item->tolerated ? " (" : "", item->tolerated ? item->tolerated : "",
			   item->tolerated ? ")" : "");
		for (char **line = item->lines; line && *line; line++)
			mem_append(&out, ctx, "%s|", *line);
	}
	return out;
}

START_TEST(compares)
{
	SCOPE(tmp, NULL);
	char *ignore[] = {cases[_i].ignore ? mem_dup(tmp, cases[_i].ignore) : NULL, NULL};
	struct drift drift;
	size_t blocking = 0;

	drift_compare(&drift, tmp, cases[_i].expected, cases[_i].found, ignore);
	ck_assert_str_eq(print(tmp, &drift), cases[_i].differences);
	for (size_t i = 0; i < drift.count; i++)
		blocking += !drift.items[i].tolerated;
	ck_assert_uint_eq(drift.blocking, blocking);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("core-drift");
	TCase *tc = tcase_create("compare");

	tcase_add_loop_test(tc, compares, 0, COUNT(cases));
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
