/* core/plain: files that can do nothing but change tables and the like, and rows. */
#include "core/plain.h"

#include "unit.h"

static bool is_plain(const char *text)
{
	SCOPE(tmp, NULL);
	struct script *script;

	ck_good(script_read(&script, tmp, "f", text, strlen(text)));
	return script_is_plain(script);
}

static const char *const plain[] = {
	"",
	"CREATE TABLE t (id integer PRIMARY KEY, \"set\" text DEFAULT now());",
	"create unique index i ON t (id); INSERT INTO t (id) VALUES (1), (2);",
	"/* why */ ALTER TABLE t ADD n numeric(12, 2) NOT NULL DEFAULT 0; UPDATE t SET n = 1",
	"CREATE VIEW v AS SELECT * FROM t; DROP VIEW v; CREATE SEQUENCE s; DROP TABLE t",
	"CREATE TYPE mood AS ENUM ('ok'); CREATE DOMAIN d AS int CHECK (value > 0)",
	"COMMENT ON TABLE t IS 'what a user''s hops are'; DELETE FROM t WHERE id IN (SELECT 1)",
	"COPY t FROM stdin;\nset_config\tDO\n\\.\nSELECT nextval('s');",
	"CREATE TABLE set_configs (u int, hop_id int, lo int, qset_config text)",
};

static const char *const others[] = {
	"SET x.y = 'z'",
	"SELECT 1; SET x.y = 'z'",
	"SELECT set_config('x.y', 'z', false)",
	"SELECT \"set_config\"('x.y', 'z', false)",
	"SELECT SET_CONFIG('x.y', 'z', false)",
	"SELECT U&\"set\\005fconfig\"('x.y', 'z', false)",
	"SELECT u&\"!0073et_config\" UESCAPE '!' ('x.y', 'z', false)",
	"SELECT query_to_xml('SELECT 1', true, true, '')",
	"CREATE TABLE t (a float8 DEFAULT setseed(0.5))",
	"SELECT lo_create(1)",
	"SELECT 1, ts_stat('SELECT 1')",
	"SELECT pg_advisory_lock(1)",
	"UPDATE pg_settings SET setting = '1' WHERE name = 'work_mem'",
	"DO 'BEGIN END'",
	"CALL p()",
	"LOAD 'auto_explain'",
	"PREPARE x AS SELECT 1",
	"EXECUTE x",
	"CREATE TABLE t AS EXECUTE x",
	"DECLARE c CURSOR WITH HOLD FOR SELECT 1",
	"LISTEN x",
	"DEALLOCATE ALL",
	"DISCARD ALL",
	"CREATE TEMP TABLE t (i int)",
	"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
	"CREATE OR REPLACE VIEW v AS SELECT 1",
	"CREATE TRIGGER x BEFORE INSERT ON t EXECUTE FUNCTION f()",
	"CREATE EXTENSION hstore",
	"CREATE ROLE x",
	"GRANT SELECT ON t TO x",
	"CREATE SCHEMA s CREATE TABLE t (i int) GRANT CONNECT ON DATABASE d TO x",
	"ALTER DATABASE d SET work_mem = '1MB'",
	"COMMENT ON DATABASE d IS 'x'",
	"COMMENT ON ROLE d IS 'x'",
	"COMMENT ON SUBSCRIPTION d IS 'x'",
	"INSERT INTO hop.project VALUES (1)",
	"CREATE TABLE \"hop\".t (i int)",
	"ALTER TABLE t SET SCHEMA hop",
	"CREATE TABLE t (i int REFERENCES p DEFERRABLE)",
	"CREATE TABLE t (i int REFERENCES p INITIALLY IMMEDIATE)",
	"SAVEPOINT a",
	"WITH x AS (SELECT 1) SELECT * FROM x",
};

START_TEST(is)
{
	ck_assert_msg(is_plain(plain[_i]), "%s", plain[_i]);
}
END_TEST

START_TEST(is_not)
{
	ck_assert_msg(!is_plain(others[_i]), "%s", others[_i]);
}
END_TEST

/* Each word of the list is found, and what lies between two is not. */
START_TEST(every_word)
{
	static const char *const words[] = {"lo_import", "query_to_xml", "set_config", "setseed",
					    "ts_stat"};
	SCOPE(tmp, NULL);

	for (size_t i = 0; i < COUNT(words); i++) {
		const char *word = words[i];
		char *shorter = mem_dup_n(tmp, word, strlen(word) - 1);

		ck_assert(!is_plain(mem_printf(tmp, "SELECT %s", word)));
		ck_assert(is_plain(mem_printf(tmp, "SELECT %s, %s_, a%s", shorter, word, word)));
	}
}
END_TEST

/* So long a text is not looked through. */
START_TEST(long_text)
{
	SCOPE(tmp, NULL);
	char *text = mem_array(tmp, char, (1 << 20) + 2);

	memset(text, ' ', (1 << 20) + 1);
	memcpy(text, "SELECT 1", 8);
	text[(1 << 20) + 1] = '\0';
	ck_assert(!is_plain(text));
	text[1 << 20] = '\0';
	ck_assert(is_plain(text));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("core-plain");
	TCase *tc = tcase_create("plain");

	tcase_add_loop_test(tc, is, 0, (int)COUNT(plain));
	tcase_add_loop_test(tc, is_not, 0, (int)COUNT(others));
	tcase_add_test(tc, every_word);
	tcase_add_test(tc, long_text);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
