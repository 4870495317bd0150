/* run/session: no file sees the session of another, and what a file may not do is found. */
#include "run/session.h"

#include "core/plain.h"
#include "session.h"

static const char *const leaks[] = {
	"set search_path = elsewhere",
	"select pg_catalog.set_config('search_path', '', false)",
	"set local search_path = ''",
	"set role nobody_special",
	"set session authorization nobody_special; set role nobody_special",
	"set datestyle = 'German'; set client_encoding = 'LATIN1'; set work_mem = '1MB'",
	"create temp table users as select 1 as id",
	"create temp sequence s; select nextval('s'); create temp view v as select 1",
	"create temp table p (i int primary key); create temp table c (i int references p "
	"deferrable initially deferred); insert into p values (1); insert into c values (1)",
	"prepare x as select 1; prepare \"Y z\" as select 2",
	"deallocate all; prepare x as select 1",
	"do $$ begin execute 'prepare x as select 1'; end $$",
	"declare c cursor with hold for select 1; declare d cursor for select 2",
	"listen a; listen b; notify a",
	"select pg_advisory_lock(1), pg_advisory_lock(1), pg_advisory_lock(-2), "
	"pg_advisory_lock(3, 4), pg_advisory_lock(-1, -2), pg_advisory_lock_shared(7), "
	"pg_advisory_lock_shared(5, 6), pg_try_advisory_lock(9223372036854775807)",
	"select pg_advisory_lock_shared(4711)",
	"set lock_timeout = '9s'; reset all",
};

START_TEST(leaves_nothing)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct run_session *s = NULL;
	char *before;

	ck_good(db_exec_simple(db, "select pg_advisory_lock(4711)"));
	ck_good(session_begin(&s, tmp, db, "set lock_timeout = '7s';"));
	ck_good(db_exec_simple(db, "create role nobody_special"));
	ck_good(session_look(s));
	ck_good(file(s, "select 1", false));
	before = look(tmp, db);
	ck_assert_ptr_nonnull(strstr(before, "lock_timeout=7000"));
	ck_assert_ptr_nonnull(strstr(before, "4711"));
	ck_good(file(s, leaks[_i], false));
	ck_assert_str_eq(look(tmp, db), before);
	ck_good(file(s, leaks[_i], true));
	ck_assert_str_eq(look(tmp, db), before);
	ck_good(db_exec_simple(db, "rollback"));
}
END_TEST

/* A file's session starts as a new one of the database would. */
START_TEST(settings_of_the_database)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct run_session *s = NULL;
	const char *sql = "select current_setting('search_path') || current_setting('work_mem') || "
			  "current_setting('my.own', true)";

	ck_good(session_begin(&s, tmp, db, NULL));
	ck_good(file(s,
		     "do $$ begin execute format('alter database %I set search_path = app, public',"
		     " current_database()); execute format('alter database %I set work_mem = "
		     "''5MB''', current_database()); execute format('alter database %I set my.own "
		     "= ''a = b''', current_database()); end $$",
		     true));
	ck_assert_str_eq(cluster_session_value(tmp, db, sql), "app, public5MBa = b");
	ck_good(db_exec_simple(db, "commit"));
	ck_good(session_begin(&s, tmp, db, NULL));
	ck_assert_str_eq(cluster_session_value(tmp, db, sql), "app, public5MBa = b");
	ck_good(file(s, "set search_path = x; set my.own = 'y'", true));
	ck_assert_str_eq(cluster_session_value(tmp, db, sql), "app, public5MBa = b");
	ck_good(db_exec_simple(db, "commit"));
}
END_TEST

#define PARENT                                                                               \
	"create table p (i int primary key); create table d (i int references p deferrable " \
	"initially deferred); create table n (i int constraint \"It's\" references p "       \
	"deferrable); "

static const struct {
	const char *files[3]; /* the first two are of one patch */
	const char *message;  /* of the error, NULL: none */
	int at;               /* the file that fails */
} deferred[] = {
	{{PARENT "insert into d values (1)", "insert into p values (1)", "alter table d add x int"},
	 NULL,
	 0},
	{{PARENT, "insert into d values (1); insert into p values (1)",
	  "alter table d add x int; insert into d values (2); insert into p values (2)"},
	 NULL,
	 0},
	{{PARENT, "insert into d values (1)", NULL},
	 "f.sql: deferred constraint at the end of the patch: insert or update on table \"d\"",
	 1},
	{{PARENT, "set constraints all deferred; insert into n values (1)", NULL},
	 "f.sql: deferred constraint at the end of the patch: insert or update on table \"n\"",
	 1},
	/* SET CONSTRAINTS of one file does not reach the next. */
	{{PARENT "set constraints all deferred", "insert into n values (1)", NULL},
	 "f.sql:1:1: insert or update on table \"n\"",
	 1},
	{{PARENT "set constraints all immediate",
	  "insert into d values (1); insert into p values (1)", NULL},
	 NULL,
	 0},
	{{PARENT "set constraints all deferred; insert into n values (1)", NULL, NULL},
	 "f.sql: deferred constraint at the end of the patch: insert or update on table \"n\"",
	 0},
};

START_TEST(deferred_constraints)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct run_session *s = NULL;

	ck_good(session_begin(&s, tmp, db, NULL));
	for (int i = 0; i < 3 && deferred[_i].files[i]; i++) {
		struct error *err = file(s, deferred[_i].files[i], i > 0);

		if (!deferred[_i].message || deferred[_i].at != i) {
			ck_good(err);
			continue;
		}
		ck_assert_ptr_nonnull(err);
		ck_assert_msg(strncmp(err->message, deferred[_i].message,
				      strlen(deferred[_i].message)) == 0,
			      "%s", err->message);
		ck_assert_str_eq(err->sqlstate, "23503");
		ck_error(err, ERROR_NO);
		return;
	}
	ck_assert_ptr_null(deferred[_i].message);
	ck_good(db_exec_simple(db, "commit"));
}
END_TEST

static const struct {
	const char *text, *message;
} refused[] = {
	{"set transaction read only", "f.sql: changes the transaction"},
	{"do $$ begin execute 'set local transaction_read_only = on'; end $$",
	 "f.sql: changes the transaction"},
	{"select set_config('transaction_read_only', 'on', true)",
	 "f.sql: changes the transaction"},
	{"select pg_advisory_xact_lock(1)", "f.sql: takes an advisory lock"},
	{"do $$ begin perform pg_advisory_xact_lock_shared(1, 2); end $$",
	 "f.sql: takes an advisory lock"},
	{"do $$ begin create role some_role; end $$", "f.sql: changes a role"},
	{"do $$ begin begin create role some_role; exception when others then null; end; end $$",
	 "f.sql: changes a role"},
	{"alter role postgres nocreatedb", "f.sql: changes a role"},
	{"do $$ begin alter role postgres set work_mem = '1MB'; end $$",
	 "f.sql: changes settings of another database or of a role"},
	{"do $$ begin alter role postgres reset all; end $$", NULL},
	{"do $$ begin grant pg_monitor to pg_signal_backend; end $$", "f.sql: changes a role"},
	{"comment on role postgres is 'x'", "f.sql: changes a role"},
	{"alter database template1 set work_mem = '1MB'", "f.sql: changes settings of another"},
	{"alter database template1 connection limit 5", "f.sql: changes a database"},
	{"do $$ begin comment on database template1 is 'x'; end $$", "f.sql: changes a database"},
	{"do $$ begin alter database template1 rename to xx; end $$", "f.sql: changes a database"},
	/* From 18 on it locks the row, and so looks like an ALTER. */
	{"grant connect on database template1 to pg_monitor", "f.sql: changes "},
	{"do $$ begin begin grant connect on database template1 to pg_monitor; exception when "
	 "division_by_zero then null; end; end $$",
	 "f.sql: changes "},
	{"grant create on tablespace pg_default to pg_monitor", "f.sql: changes privileges of"},
	{"comment on tablespace pg_default is 'x'", "f.sql: changes a tablespace"},
	{"create subscription s connection 'dbname=nowhere' publication p with (connect = false)",
	 "f.sql: changes a subscription"},
	{"update hop.project set role = 'development'", "f.sql: changes schema hop"},
	{"do $$ begin execute 'delete from hop.project'; end $$", "f.sql: changes schema hop"},
	{"drop table hop.project", "f.sql: changes schema hop"},
	{"drop schema hop cascade", "f.sql: changes schema hop"},
	{"alter schema hop rename to hip", "f.sql: changes schema hop"},
	{"alter table hop.project add x int", "f.sql: changes schema hop"},
	{"alter table hop.project alter role set default 'x'", "f.sql: changes schema hop"},
	{"grant insert on hop.project to pg_monitor", "f.sql: changes schema hop"},
	{"grant usage on schema hop to pg_monitor", "f.sql: changes schema hop"},
	{"alter schema hop owner to pg_monitor", "f.sql: changes schema hop"},
	{"create function hop.f() returns int language sql as 'select 1'",
	 "f.sql: changes schema hop"},
	{"create function f() returns trigger language plpgsql as 'begin return null; end'; create "
	 "trigger t before insert on hop.project for each row execute function f()",
	 "f.sql: changes schema hop"},
	{"create rule r as on update to hop.project do instead nothing",
	 "f.sql: changes schema hop"},
	{"select count(*) from hop.patch; select * from hop.project for key share", NULL},
	{"create table t (i int); grant select on t to pg_monitor; alter table t owner to "
	 "pg_signal_backend; create policy p on t to pg_monitor",
	 NULL},
	{"do $$ begin execute format('alter database %I set work_mem = ''1MB''', "
	 "current_database()); execute format('comment on database %I is ''x''', "
	 "current_database()); execute format('grant connect on database %I to pg_monitor', "
	 "current_database()); end $$",
	 NULL},
	{"begin; select 1; commit", NULL},
	{"create extension if not exists plpgsql; create publication p for all tables", NULL},
};

/* HOP_WROTE: hop itself made its tables in this transaction. */
static void check_refused(const char *text, const char *message, bool hop_wrote)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct run_session *s = NULL;
	struct error *err;

	if (!hop_wrote)
		ck_good(db_exec_simple(db, hop_tables));
	ck_good(session_begin(&s, tmp, db, NULL));
	if (hop_wrote) {
		ck_good(db_exec_simple(db, hop_tables));
		ck_good(session_look(s));
	}
	err = file(s, text, true);
	if (!message) {
		ck_good(err);
		ck_good(db_exec_simple(db, "commit"));
		return;
	}
	ck_assert_msg(err != NULL, "%s", text);
	ck_assert_msg(strncmp(err->message, message, strlen(message)) == 0, "%s: %s", text,
		      err->message);
	ck_error(err, ERROR_NO);
	ck_good(db_exec_simple(db, "rollback"));
}

START_TEST(refuses)
{
	check_refused(refused[_i].text, refused[_i].message, false);
}
END_TEST

START_TEST(refuses_after_hop)
{
	/* What a table's own transaction does to it shows in its rows, not in new locks. */
	if (strstr(refused[_i].text, "set default"))
		return;
	check_refused(refused[_i].text, refused[_i].message, true);
}
END_TEST

START_TEST(survives_rollback)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct run_session *s = NULL;

	ck_good(session_begin(&s, tmp, db, NULL));
	ck_error(file(s, "select 1/0", true), ERROR_NO);
	ck_good(db_exec_simple(db, "rollback"));
	ck_good(session_begin(&s, tmp, db, NULL));
	ck_good(file(s, "create table t (i int)", true));
	ck_good(db_exec_simple(db, "commit"));
	ck_assert_str_eq(cluster_value(tmp, db, "select count(*) from public.t"), "0");
}
END_TEST

/* Savepoints are a file's own: one that it leaves open ends with it. */
START_TEST(savepoints)
{
	static const char *const others[] = {"rollback to a", "release b", "rollback to b"};
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct run_session *s = NULL;
	struct error *err;

	ck_good(session_begin(&s, tmp, db, NULL));
	ck_good(file(s,
		     "create table t (i int); savepoint a; insert into t values (1); "
		     "rollback to a; insert into t values (2); savepoint b",
		     true));
	ck_good(db_exec_session(db, "savepoint before"));
	err = file(s, others[_i], true);
	ck_assert(db_error_is(err, "3B001"));
	ck_error(err, ERROR_NO);
	ck_good(db_exec_session(db, "rollback to before"));
	ck_good(db_exec_simple(db, "commit"));
	ck_assert_str_eq(cluster_value(tmp, db, "select i from public.t"), "2");
}
END_TEST

/* Only what the file itself resets counts, also while another session resets its own. */
START_TEST(resets_settings)
{
	static const char own[] = "do $$ begin execute format('alter database %I set work_mem = "
				  "''5MB''', current_database()); end $$";
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp), *other = cluster_connect(tmp, "postgres");
	char *ours = cluster_new_name(tmp), *theirs = cluster_new_name(tmp);
	const char *const roles[] = {ours, theirs};
	struct run_session *s = NULL;
	struct error *err;

	for (size_t i = 0; i < COUNT(roles); i++) {
		ck_good(db_exec_simple(other, mem_printf(tmp, "create role %s", roles[i])));
		ck_good(db_exec_simple(other, mem_printf(tmp, "alter role %s set work_mem = '3MB'",
							 roles[i])));
	}
	ck_good(session_begin(&s, tmp, db, NULL));
	ck_good(file(s, own, false));
	ck_good(db_exec_simple(other, mem_printf(tmp, "alter role %s reset all", theirs)));
	ck_good(file(s, own, true));
	err = file(s, mem_printf(tmp, "do $$ begin alter role %s reset all; end $$", ours), true);
	ck_assert_ptr_nonnull(err);
	ck_assert_msg(strstr(err->message, "changes settings of another database or of a role"),
		      "%s", err->message);
	ck_error(err, ERROR_NO);
	ck_good(db_exec_simple(db, "rollback"));
	for (size_t i = 0; i < COUNT(roles); i++)
		ck_good(db_exec_simple(other, mem_printf(tmp, "drop role %s", roles[i])));
}
END_TEST

/* The list in core/plain.c has all functions of this server that have effects. */
START_TEST(knows_effects)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct rows *rows;

	ck_good(db_query(&rows, tmp, db,
			 "select distinct lower(proname) from pg_proc where provolatile = 'v' "
			 "and oid < 16384 and proname !~ '^(pg_|binary_upgrade_|RI_FKey_)' "
			 "and proname not in ('nextval', 'setval', 'currval', 'lastval', 'random', "
			 "'gen_random_uuid', 'random_normal', 'uuidv4', 'uuidv7', 'array_sample', "
			 "'array_shuffle', 'timezone', 'clock_timestamp', 'timeofday', "
			 "'bernoulli', 'system')",
			 DB_NO_ARGS));
	ck_assert_int_gt(rows_count(rows), 50);
	ck_assert_int_le(db_server_version(db) / 10000, PLAIN_NEWEST_SERVER);
	for (int i = 0; i < rows_count(rows); i++) {
		char *text = mem_printf(tmp, "SELECT %s()", rows_text(rows, i, 0));
		struct script *script;

		ck_good(script_read(&script, tmp, "f", text, strlen(text)));
		ck_assert_msg(!script_is_plain(script), "%s", text);
	}
}
END_TEST

/* What the caller assumes is not asked, and what is asked is true. */
START_TEST(assumes)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct run_session *s;
	bool plain;

	ck_good(session_ask_plain(&plain, db));
	ck_assert(plain);
	session_assume(&s, tmp, db, true);
	ck_good(session_begin(&s, tmp, db, NULL));
	ck_good(file(s, "create table t (i int)", true));
	ck_assert(!session_worn(s));
	ck_good(file(s, "do $$ begin perform set_config('search_path', 'x', false); end $$", true));
	ck_assert(session_worn(s));
	ck_good(file(s, "create function f() returns int language sql as 'select 1'", true));
	ck_good(db_exec_simple(db, "commit"));
	ck_good(session_ask_plain(&plain, db));
	ck_assert(!plain);
	db = cluster_connect(tmp, db_name(db));
	session_assume(&s, tmp, db, false);
	ck_good(session_begin(&s, tmp, db, NULL));
	ck_good(file(s, "create table u (i int)", true));
	ck_assert(session_worn(s));
	ck_good(db_exec_simple(db, "commit"));
	ck_assert_str_eq(cluster_value(tmp, db, "select count(*) from public.t, public.u"), "0");
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, leaves_nothing, 0, COUNT(leaks));
	tcase_add_test(tc, knows_effects);
	tcase_add_test(tc, assumes);
	tcase_add_test(tc, settings_of_the_database);
	tcase_add_loop_test(tc, deferred_constraints, 0, COUNT(deferred));
	tcase_add_loop_test(tc, refuses, 0, COUNT(refused));
	tcase_add_loop_test(tc, refuses_after_hop, 0, COUNT(refused));
	tcase_add_test(tc, resets_settings);
	tcase_add_test(tc, survives_rollback);
	tcase_add_loop_test(tc, savepoints, 0, 3);
}

int main(void)
{
	return run_suite("run/session", add);
}
