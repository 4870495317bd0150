/* port/db: statements, results, errors, signals. */
#include "port/db.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "base/log.h"
#include "cluster.h"

START_TEST(values)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_connect(tmp, "postgres");
	const char *hostile = "'; drop table x; -- \\ $1 \" \xc3\xa9\n";
	struct rows *rows;

	ck_good(db_query(&rows, tmp, db, "select $1::text, $2::text, 42::bigint, true, false",
			 DB_ARGS(hostile, NULL)));
	ck_assert_int_eq(rows_count(rows), 1);
	ck_assert_str_eq(rows_text(rows, 0, 0), hostile);
	ck_assert_ptr_null(rows_text(rows, 0, 1));
	ck_assert_int_eq(rows_number(rows, 0, 2), 42);
	ck_assert(rows_true(rows, 0, 3));
	ck_assert(!rows_true(rows, 0, 4));
	ck_good(db_query_simple(&rows, tmp, db, "select 1; select 2 union all select 3"));
	ck_assert_int_eq(rows_count(rows), 2);
}
END_TEST

static const char *const texts[] = {
	"plain",
	"",
	"a\"b",
	"a'b",
	"\\'; drop table x; --",
	"E'\\x41'",
	"\xc3\xa9t\xc3\xa9",
	"tab\tnew\nline",
};

START_TEST(quoting)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_connect(tmp, "postgres");
	const char *text = texts[_i];
	char *sql = mem_printf(tmp, "select %s", db_literal(tmp, db, text));
	struct rows *rows;

	ck_assert_str_eq(cluster_value(tmp, db, sql), text);
	if (!*text)
		return;
	sql = mem_printf(tmp, "select c.%s from (select 7 as %s) c", db_ident(tmp, db, text),
			 db_ident(tmp, db, text));
	ck_good(db_query(&rows, tmp, db, sql, DB_NO_ARGS));
	ck_assert_int_eq(rows_number(rows, 0, 0), 7);
}
END_TEST

START_TEST(quoting_no_utf8)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_connect(tmp, "postgres");
	struct error *err;
	struct rows *rows;

	ck_assert_str_eq(db_ident(tmp, db, "a\xe9\"b"), "\"a\xe9\"\"b\"");
	err = db_query(&rows, tmp, db,
		       mem_printf(tmp, "select %s", db_literal(tmp, db, "\xe9'; x")), DB_NO_ARGS);
	ck_assert(db_error_is(err, "22021"));
	error_free(err);
}
END_TEST

START_TEST(error_fields)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_connect(tmp, "postgres");
	struct error *err;

	ck_good(db_exec_simple(
		db, "create temp table t (id int primary key); insert into t values (1)"));
	err = db_exec(db, "insert into t values ($1::int)", DB_ARGS("1"));
	ck_assert_int_eq(err->code, ERROR_FAIL);
	ck_assert(db_error_is(err, "23505"));
	ck_assert_ptr_nonnull(strstr(err->message, "duplicate key"));
	ck_assert_ptr_nonnull(strstr(err->detail, "detail: Key (id)=(1)"));
	error_free(err);
	err = db_exec(db, "select length_of('x')", DB_NO_ARGS);
	ck_assert_ptr_nonnull(strstr(err->hint, "No function matches"));
	error_free(err);
	/* One statement only: a second one cannot be smuggled in. */
	err = db_exec(db, "select 1; select 2", DB_NO_ARGS);
	ck_assert(db_error_is(err, "42601"));
	error_free(err);
	/* hop's own statements have no COPY data; the connection survives one. */
	err = db_exec_simple(db, "copy t from stdin");
	ck_assert(db_error_is(err, "57014"));
	ck_assert_int_eq(err->code, ERROR_FAIL);
	error_free(err);
	ck_good(db_exec_simple(db, "copy t to stdout"));
	ck_assert_str_eq(cluster_value(tmp, db, "select 5"), "5");
}
END_TEST

START_TEST(transactions)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_connect(tmp, "postgres");

	ck_assert(db_idle(db) && !db_in_transaction(db));
	ck_good(db_exec_simple(db, "begin"));
	ck_assert(!db_idle(db) && db_in_transaction(db));
	error_free(db_exec_simple(db, "select 1/0"));
	ck_assert(!db_idle(db) && !db_in_transaction(db));
	ck_good(db_exec_simple(db, "rollback"));
	ck_assert(db_idle(db));
}
END_TEST

START_TEST(try_again)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct db *other = cluster_connect(tmp, db_name(db));
	struct error *err;

	ck_good(db_exec_simple(db, "create table public.t (id int)"));
	ck_good(db_exec_simple(other, "begin; lock table public.t"));
	err = db_exec_simple(db, "begin; set local lock_timeout = '1ms'; lock table public.t");
	ck_assert(db_error_is(err, "55P03"));
	ck_assert_int_eq(err->code, ERROR_AGAIN);
	error_free(err);
}
END_TEST

START_TEST(lost)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_connect(tmp, "postgres");
	struct db_script_error where;
	struct error *err;

	err = db_exec(db, "select pg_terminate_backend(pg_backend_pid())", DB_NO_ARGS);
	ck_assert_int_eq(err->code, ERROR_FAIL);
	ck_assert(db_error_is(err, "57P01"));
	error_free(err);
	err = db_exec(db, "select 1", DB_NO_ARGS);
	ck_assert_int_eq(err->code, ERROR_FAIL);
	ck_assert_str_ne(err->message, "");
	error_free(err);
	err = db_run_text(&where, tmp, db, "select 1", NULL, 0);
	ck_assert_int_eq(err->code, ERROR_FAIL);
	error_free(err);
}
END_TEST

static void on_notice(void *arg, const char *severity, const char *text)
{
	char **all = arg;

	mem_append(all, NULL, "%s:%s;", severity, text);
}

START_TEST(notices)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_connect(tmp, "postgres");
	char *all = NULL;

	db_on_notice(db, on_notice, &all);
	ck_good(db_exec_simple(db, "do $$ begin raise warning 'w1'; raise notice 'n1'; end $$"));
	ck_assert_str_eq(all, "WARNING:w1;");
	talloc_free(all);
}
END_TEST

static void wait_until_running(const char *marker)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_connect(tmp, "postgres");
	char *sql = mem_printf(tmp,
			       "select count(*) from pg_stat_activity where state = 'active' and "
			       "pid <> pg_backend_pid() and query like '%%%s%%'",
			       marker);

	while (strcmp(cluster_value(tmp, db, sql), "1") != 0)
		usleep(1000);
}

/* Sends the signal to this process, from another one, as soon as the statement runs. */
static pid_t signal_when_running(const char *marker, int number)
{
	pid_t parent = getpid();
	pid_t child = fork();

	if (child == 0) {
		wait_until_running(marker);
		kill(parent, number);
		_exit(0);
	}
	return child;
}

START_TEST(stopped_by_signal)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	char *sql = mem_printf(tmp, "select pg_sleep(600) /* %s */", db_name(db));
	struct db_script_error where;
	struct error *err;
	pid_t child;
	int was;

	signals_catch();
	child = signal_when_running(db_name(db), SIGTERM);
	err = db_run_text(&where, tmp, db, sql, NULL, 0);
	ck_assert_ptr_nonnull(err);
	ck_assert_int_eq(err->code, ERROR_SIGNALLED);
	error_free(err);
	waitpid(child, NULL, 0);
	/* From now on nothing starts, but what cleans up. */
	err = db_exec(db, "select 1", DB_NO_ARGS);
	ck_assert_int_eq(err->code, ERROR_SIGNALLED);
	error_free(err);
	was = signals_suspend();
	ck_good(db_exec(db, "select 1", DB_NO_ARGS));
	signals_resume(was);
	ck_assert_int_eq(signals_caught(), SIGTERM);
	signals_suspend();
}
END_TEST

START_TEST(leave)
{
	SCOPE(tmp, NULL);
	struct db *admin = cluster_connect(tmp, "postgres");
	struct db *db = cluster_connect(tmp, "postgres");
	char *name = cluster_new_name(tmp);
	char *sql = mem_printf(tmp, "select count(*) from pg_database where datname = '%s'", name);

	db_send_and_leave(db, mem_printf(tmp, "create database %s template template0", name));
	talloc_free(db);
	while (strcmp(cluster_value(tmp, admin, sql), "1") != 0)
		usleep(1000);
}
END_TEST

START_TEST(traced_without_values)
{
	SCOPE(tmp, NULL);
	char *path = mem_printf(tmp, "/tmp/hop-unit-trace-%d", (int)getpid());
	struct db *db;
	char text[4096] = "";
	struct rows *rows;
	FILE *file;

	setenv("HOP_TRACE", path, 1);
	ck_good(db_connect(&db, tmp, cluster_conninfo(tmp, "password=sekret"), "postgres"));
	ck_good(db_query(&rows, tmp, db, "select\n$1::text as seen", DB_ARGS("sekret")));
	ck_good(db_run_text(&(struct db_script_error){0}, tmp, db, "select 'sekret'", NULL, 0));
	unsetenv("HOP_TRACE");
	file = fopen(path, "r");
	ck_assert_ptr_nonnull(file);
	ck_assert_uint_gt(fread(text, 1, sizeof(text) - 1, file), 0);
	fclose(file);
	unlink(path);
	ck_assert_ptr_nonnull(strstr(text, "select $1::text as seen"));
	ck_assert_ptr_nonnull(strstr(text, "text of 15 bytes"));
	ck_assert_ptr_null(strstr(text, "sekret"));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, values);
	tcase_add_loop_test(tc, quoting, 0, COUNT(texts));
	tcase_add_test(tc, quoting_no_utf8);
	tcase_add_test(tc, error_fields);
	tcase_add_test(tc, transactions);
	tcase_add_test(tc, try_again);
	tcase_add_test(tc, lost);
	tcase_add_test(tc, notices);
	tcase_add_test(tc, stopped_by_signal);
	tcase_add_test(tc, leave);
	tcase_add_test(tc, traced_without_values);
}

int main(void)
{
	return run_suite("port/db", add);
}
