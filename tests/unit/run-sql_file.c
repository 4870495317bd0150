/* run/sql_file: what files do to a database, and what is said when they fail. */
#include "run/sql_file.h"

#include "cluster.h"
#include "run/session.h"

#define TABLE "create table t (id int, name text);\n"

static struct script *script_of(void *ctx, const char *text)
{
	struct script *script;

	ck_good(script_read(&script, ctx, "f.sql", text, strlen(text)));
	return script;
}

static struct error *run_n(struct db *db, const char *text, size_t length)
{
	SCOPE(tmp, NULL);
	struct run_session *session = NULL;
	struct script *script;
	struct error *err = script_read(&script, tmp, "f.sql", text, length);

	if (err)
		return err;
	ck_good(session_begin(&session, tmp, db, NULL));
	err = session_file(session, script, true);
	ck_good(db_exec_simple(db, err ? "rollback" : "commit"));
	ck_good(db_exec_simple(db, "deallocate all"));
	return err;
}

static struct error *run(struct db *db, const char *text)
{
	return run_n(db, text, strlen(text));
}

static const struct {
	const char *text;
	const char *message, *sqlstate, *detail;
} failures[] = {
	{TABLE "select nope;\n", "f.sql:2:8: column \"nope\" does not exist", "42703",
	 "statement: select nope"},
	{"-- \xc3\xa9\xe2\x82\xac\nselect '\xc3\xa9\xf0\x9f\x98\x80', nope;", "f.sql:2:14: column",
	 "42703", "statement: select '\xc3\xa9\xf0\x9f\x98\x80', nope"},
	{"select 1;\r\nselect nope;\r\n", "f.sql:2:8: column", "42703", "SQLSTATE: 42703"},
	{"select 1;\n\n  -- why\n  select 1/0;\n", "f.sql:4:3: division by zero", "22012",
	 "statement: select 1/0"},
	/* Found before anything runs, so only the place leads to the statement. */
	{"select 1;\nselect 2;\ninto 3;\n", "f.sql:3:1: syntax error", "42601",
	 "statement: into 3"},
	{"select 1;\nselect 2 +;\n", "f.sql:2:11: syntax error", "42601", "statement: select 2 +"},
	{TABLE "create function f() returns void language plpgsql as $$\nbegin\n"
	       "  perform 1;\n  perform 1/0;\nend $$;\n\nselect f();\n",
	 "f.sql:8:1: division by zero", "22012", "context: SQL statement \"SELECT 1/0\""},
	{"do $$\nbegin\n  commit;\nend $$;\n", "f.sql:1:1: invalid transaction termination",
	 "2D000", "context: PL/pgSQL function inline_code_block line 3 at COMMIT"},
	{TABLE "copy t from stdin;\n1\ta\nx\tb\n\\.\nselect 1;\n",
	 "f.sql:4:1: invalid input syntax for type integer", "22P02", "COPY t, line 2, column id"},
	{TABLE "copy t from stdin;\n1\ta\n\\.\n\nselect nope;\n", "f.sql:6:8: column", "42703",
	 "statement: select nope"},
	{TABLE "copy nowhere from stdin;\n1\ta\n\\.\n",
	 "f.sql:2:1: relation \"nowhere\" does not exist", "42P01",
	 "statement: copy nowhere from stdin"},
	{TABLE
	 "alter table t add unique (id);\ninsert into t values (1);\ninsert into t values (1);\n",
	 "f.sql:4:1: duplicate key", "23505", "detail: Key (id)=(1) already exists."},
	{"select $x$ ; $x$; select ';' as \";\"; /* ; /* ; */ */ select nope;",
	 "f.sql:1:61: column", "42703", "statement: select nope"},
};

START_TEST(says_where)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct error *err = run(db, failures[_i].text);

	ck_assert_ptr_nonnull(err);
	ck_assert_int_eq(err->code, ERROR_NO);
	ck_assert_msg(strncmp(err->message, failures[_i].message, strlen(failures[_i].message)) ==
			      0,
		      "%s", err->message);
	ck_assert_str_eq(err->sqlstate, failures[_i].sqlstate);
	ck_assert_msg(strstr(err->detail, failures[_i].detail) != NULL, "%s", err->detail);
	error_free(err);
	ck_assert_str_eq(cluster_value(tmp, db,
				       "select count(*) from pg_class where relname = 't'"),
			 "0");
}
END_TEST

static const struct {
	const char *text;
	size_t length; /* 0: strlen */
	const char *place;
} unreadable[] = {
	{TABLE "select '\0';", sizeof(TABLE "select '\0';") - 1, "f.sql:2:9: "},
	{TABLE "select 'caf\xe9';", 0, "f.sql:2:12: "},
	{TABLE "select 'open;\n", 0, "f.sql:2:8: "},
	{TABLE "\\i other.sql\n", 0, "f.sql:2:1: "},
	{TABLE "copy t from stdin;\n1\ta\n", 0, "f.sql:2:1: "},
};

START_TEST(refuses_unreadable)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	size_t length = unreadable[_i].length;
	struct error *err = run_n(db, unreadable[_i].text,
				  length ? length : strlen(unreadable[_i].text));

	ck_assert_ptr_nonnull(err);
	ck_assert_int_eq(err->code, ERROR_NO);
	ck_assert_msg(strncmp(err->message, unreadable[_i].place, strlen(unreadable[_i].place)) ==
			      0,
		      "%s", err->message);
	error_free(err);
}
END_TEST

static const char *const fine[] = {
	"",
	"\xef\xbb\xbf",
	" \n-- nothing\n",
	"\xef\xbb\xbf" TABLE "insert into t values (1, 'a');",
	"create table t (\r\n\tid int\r\n);\r\ncopy t from stdin;\r\n1\r\n\\.\r\nselect 1;\r\n",
	TABLE "savepoint a; insert into t values (1); rollback to a; release a;",
	TABLE "savepoint a; insert into t values (1); rollback work to savepoint a;",
	"prepare x as select 1; execute x; deallocate x;",
	"create function f() returns int language plpgsql as $$ begin return 1; end; $$;",
	"create procedure p() language plpgsql as $$ begin commit; end $$;",
	"select 1 as \"commit\"; -- commit;\nselect ';commit;';",
	TABLE "copy t from stdin with (format csv, header);\nid,name\n1,\"a\nb\"\n\\.\nselect 1;",
	TABLE "copy t to stdout;",
	"select generate_series(1, 1000)",
};

START_TEST(runs)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);

	ck_good(run(db, fine[_i]));
	ck_assert(db_idle(db));
}
END_TEST

/* One statement, also for 13, which has no such bodies: it sees the first word of this one. */
START_TEST(runs_atomic)
{
	SCOPE(tmp, NULL);
	static const char text[] =
		"create function g() returns int begin atomic; select 1; select 2; end;\n";
	struct db *db = cluster_database(tmp);
	bool old = db_server_version(db) < 140000;
	struct error *err = run(db, text);

	ck_assert_int_eq(err != NULL, old);
	error_free(err);
	err = run(db, "select 1;\ncreate function h() returns int language sql begin atomic"
		      " select 1;\nselect 2; end;\nselect nope;");
	ck_assert_ptr_nonnull(err);
	ck_assert_ptr_nonnull(strstr(err->message, old ? "f.sql:2:" : "f.sql:4:8: column"));
	error_free(err);
}
END_TEST

START_TEST(settings_hold)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct db *other = cluster_connect(tmp, db_name(db));
	struct script *script = script_of(tmp, "select 1;\nlock table t;");
	struct run_session *session = NULL;
	struct error *err;

	ck_good(db_exec_simple(other, "create table public.t ()"));
	ck_good(db_exec_simple(other, "begin; lock table public.t"));
	ck_good(session_begin(&session, tmp, db, "set lock_timeout = '1ms';"));
	err = session_file(session, script, true);
	ck_assert_ptr_nonnull(err);
	/* Not the file's fault, but it is said where it was. */
	ck_assert_int_eq(err->code, ERROR_AGAIN);
	ck_assert(db_error_is(err, "55P03"));
	ck_assert_ptr_nonnull(strstr(err->message, "f.sql:2:1: "));
	error_free(err);
	ck_good(db_exec_simple(other, "rollback"));
	ck_good(db_exec_simple(db, "rollback"));
	ck_good(session_begin(&session, tmp, db, NULL));
	ck_good(session_file(session, script, true));
	ck_assert_str_eq(cluster_value(tmp, db, "show lock_timeout"), "1ms");
	ck_assert(db_in_transaction(db));
}
END_TEST

START_TEST(needs_a_transaction)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct run_session *session = NULL;

	ck_good(session_begin(&session, tmp, db, NULL));
	ck_good(db_exec_simple(db, "commit"));
	ck_error(session_file(session, script_of(tmp, TABLE), true), ERROR_FAIL);
	ck_assert_str_eq(cluster_value(tmp, db,
				       "select count(*) from pg_class where relname = 't'"),
			 "0");
}
END_TEST

/* Text without a NUL behind it, and nothing of what stands there is run. */
START_TEST(stays_inside_its_length)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	const char *text = TABLE "; drop table t; commit";

	ck_good(run_n(db, text, strlen(TABLE)));
	ck_assert_str_eq(cluster_value(tmp, db, "select count(*) from public.t"), "0");
}
END_TEST

START_TEST(connection_lost)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct script *script =
		script_of(tmp, "select 1;\nselect pg_terminate_backend(pg_backend_pid());");
	struct run_session *session = NULL;

	ck_good(session_begin(&session, tmp, db, NULL));
	ck_error(session_file(session, script, true), ERROR_FAIL);
	ck_error(session_file(session, script, true), ERROR_FAIL);
}
END_TEST

#define ROW_BYTES 1000

/* 50 MB: half of it statements, half of it COPY data, an error in the very last line. */
START_TEST(fifty_megabytes)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	char *row = mem_array(tmp, char, ROW_BYTES + 1);
	int rows = (int)unit_many(25000);
	size_t room = (size_t)(2 * rows) * (ROW_BYTES + 50);
	char *text = mem_array(tmp, char, room);
	size_t n = (size_t)snprintf(text, room, "%s", TABLE);
	struct error *err;

	memset(row, 'x', ROW_BYTES);
	for (int i = 0; i < rows; i++)
		n += (size_t)snprintf(text + n, room - n, "insert into t values (%d, '%s');\n", i,
				      row);
	n += (size_t)snprintf(text + n, room - n, "copy t from stdin;\n");
	for (int i = 0; i < rows; i++)
		n += (size_t)snprintf(text + n, room - n, "%d\t%s\n", i, row);
	n += (size_t)snprintf(text + n, room - n, "\\.\n");
	ck_good(run(db, text));
	ck_assert_str_eq(cluster_value(tmp, db, "select count(*) from public.t"),
			 mem_printf(tmp, "%d", 2 * rows));
	ck_good(db_exec_simple(db, "drop table public.t"));
	snprintf(text + n, room - n, "select nope;");
	err = run(db, text);
	ck_assert_ptr_nonnull(err);
	ck_assert_ptr_nonnull(
		strstr(err->message, mem_printf(tmp, "f.sql:%d:8: column", 2 * rows + 4)));
	error_free(err);
}
END_TEST

START_TEST(role_without_rights)
{
	SCOPE(tmp, NULL);
	struct db *admin = cluster_database(tmp);
	char *role = mem_printf(tmp, "role_%s", db_name(admin));
	struct db *db;

	ck_good(db_exec_simple(
		admin, mem_printf(tmp,
				  "create role %s login nosuperuser nocreatedb nocreaterole;"
				  "alter database %s owner to %s; grant all on schema public to %s",
				  role, db_name(admin), role, role)));
	ck_good(db_connect(&db, tmp, cluster_conninfo(tmp, mem_printf(tmp, "user=%s", role)),
			   db_name(admin)));
	ck_good(run(db, TABLE "copy t from stdin;\n1\ta\n\\.\nset search_path = '';"));
	ck_assert_str_eq(cluster_value(tmp, db, "select count(*) || current_user from public.t"),
			 mem_printf(tmp, "1%s", role));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, says_where, 0, COUNT(failures));
	tcase_add_loop_test(tc, refuses_unreadable, 0, COUNT(unreadable));
	tcase_add_loop_test(tc, runs, 0, COUNT(fine));
	tcase_add_test(tc, runs_atomic);
	tcase_add_test(tc, settings_hold);
	tcase_add_test(tc, needs_a_transaction);
	tcase_add_test(tc, stays_inside_its_length);
	tcase_add_test(tc, connection_lost);
	tcase_add_test(tc, fifty_megabytes);
	tcase_add_test(tc, role_without_rights);
}

int main(void)
{
	return run_suite("run/sql_file", add);
}
