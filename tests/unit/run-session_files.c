/* run/session_files: several files in one message. */
#include "run/session.h"

#include "session.h"

#define MOST 5

/* The files of TEXTS, each the last of its patch, in a transaction; APART as in session_files. */
static struct error *run(struct session_item *items, bool *apart, void *ctx, struct db *db,
			 const char *const *texts)
{
	struct run_session *s = NULL;
	struct error *err;
	size_t count = 0;

	*apart = false;
	ck_good(session_begin(&s, ctx, db, "SET lock_timeout = '7s';"));
	for (; count < MOST && texts[count]; count++) {
		struct script *script;

		ck_good(script_read(&script, ctx, mem_printf(ctx, "%zu.sql", count + 1),
				    texts[count], strlen(texts[count])));
		items[count] = (struct session_item){
			.script = script,
			.last = true,
			.name = mem_printf(ctx, "it's %zu", count + 1),
		};
	}
	err = session_files(s, items, count, apart);
	if (!err)
		ck_good(db_exec_simple(db, "commit"));
	else
		ck_good(db_exec_simple(db, "rollback"));
	return err;
}

#define SEEN "insert into seen select current_setting('application_name');"
#define CLEAN                                                                                  \
	"do $$ begin if current_setting('work_mem') <> '4MB' or current_user <> session_user " \
	"or exists (select from pg_prepared_statements where name <> 'hop_facts') "            \
	"or exists (select from pg_cursors where name = 'c') "                                 \
	"or exists (select from pg_listening_channels()) "                                     \
	"or current_setting('lock_timeout') <> '7s' "                                          \
	"or to_regclass('pg_temp.left_over') is not null "                                     \
	"or exists (select from pg_locks where locktype = 'advisory' "                         \
	"and pid = pg_backend_pid()) then raise 'not clean'; end if; end $$;"

/* Files that run in one message, or end it: no file sees the session of another. */
static const char *const together[][MOST + 1] = {
	{SEEN, "create table a (i int);" SEEN, "insert into a values (1);" SEEN},
	{"set work_mem = '5MB'; set role pg_monitor; create temp table left_over (i int);"
	 "declare c cursor for select 1; listen x; reset role;" SEEN,
	 CLEAN SEEN, "set role pg_monitor; select 1;", CLEAN SEEN, SEEN "select 1 -- no end"},
	{"select 1;", "savepoint one; " SEEN "savepoint two;", "savepoint one;" SEEN,
	 CLEAN SEEN "release savepoint one" /* not there */},
	{SEEN "prepare p as select 1;", CLEAN SEEN, "deallocate all;" SEEN, CLEAN SEEN, SEEN},
	{"do $$ begin end $$;" SEEN, "select pg_advisory_lock(9);" SEEN, CLEAN SEEN, CLEAN SEEN},
	{"create function f() returns int language sql as 'select 1';" SEEN,
	 "create table k (i int unique deferrable initially deferred);" SEEN,
	 "insert into k values (1), (1); update k set i = 2 where ctid = '(0,1)';" SEEN,
	 "set constraints all immediate;" SEEN,
	 "insert into k values (2); delete from k where i = 2;" SEEN},
	{"select 1 into temp left_over;", "select 1 into temp left_over;" SEEN, SEEN},
	{SEEN, "copy seen from stdin;\nby copy\n\\.\n", CLEAN SEEN, SEEN},
	{"", SEEN "/* \xc3\xa9 */ select '\xc3\xa9'", "-- nothing", SEEN "select ';'", SEEN},
};

START_TEST(as_one)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct session_item items[MOST];
	size_t expected = 0;
	struct error *err;
	bool apart;

	ck_good(db_exec_session(db, hop_tables));
	ck_good(db_exec_session(db, "create table seen (name text)"));
	err = run(items, &apart, tmp, db, together[_i]);
	ck_assert(!apart);
	if (_i == 2) {
		ck_error(err, ERROR_NO);
		return;
	}
	ck_good(err);
	for (const char *const *text = together[_i]; *text; text++)
		expected += strstr(*text, SEEN) || strstr(*text, "copy");
	ck_assert_str_eq(cluster_session_value(tmp, db, "select count(*) from public.seen"),
			 mem_printf(tmp, "%zu", expected));
	if (_i == 0)
		ck_assert_str_eq(cluster_session_value(
					 tmp, db, "select string_agg(name, ' ') from public.seen"),
				 "it's 1 it's 2 it's 3");
}
END_TEST

/* What the server reports is placed in the file that it is about. */
static const struct {
	const char *texts[MOST + 1];
	const char *message, *detail;
} failures[] = {
	{{"create table a (i int);", "create table b (i int);\ninsert into b values (1), (2);\n",
	  "select 1;\n  select nope;\n", "create table c (i int)"},
	 "3.sql:2:10: column \"nope\" does not exist",
	 "statement: select nope"},
	{{"select '\xc3\xa9\xf0\x9f\x98\x80' -- \xc3\xa9",
	  "/* \xc3\xa9 */ select '\xf0\x9f\x98\x80', nope", "select 1"},
	 "2.sql:1:21: column \"nope\" does not exist",
	 "statement: select"},
	/* Errors without a position, plain and guarded. */
	{{"select 1; select 2", "select 1;\n\n-- why\n  select 1 / 0;\nselect 2", "select 1"},
	 "2.sql:4:3: division by zero",
	 "statement: select 1 / 0"},
	{{"do $$ begin end $$;", "savepoint a; select 1;\nselect 2", "select 1;\nselect 1/0",
	  "select 1"},
	 "3.sql:2:1: division by zero",
	 "statement: select 1/0"},
	{{"create function f(int) returns int language plpgsql as $$\nbegin\n  return 1 / $1;\n"
	  "end $$;",
	  "select f(1);\nselect f(2);", "select f(1);\n\n select f(0);\n"},
	 "3.sql:3:2: division by zero",
	 "PL/pgSQL function f(integer) line 3 at RETURN"},
	{{"create sequence q", "select nextval('q')", "select lastval()"},
	 "3.sql:1:1: lastval is not yet defined in this session",
	 "statement: select lastval()"},
	/* Syntax errors, at the end too: the server finds them before anything runs. */
	{{"select 1 / 0", "select 1;\nselect 2 +", "select 1"},
	 "2.sql:2:11: syntax error",
	 "select 2 +"},
	{{"select 1", "select 1", "create table a (i int)) ;", "select 1"},
	 "3.sql:1:23: syntax error",
	 ""},
	/* A body that fails its check. */
	{{"select 1", "create function f() returns int language sql as $$\n  select nope $$;",
	  "select 1"},
	 "2.sql:2:10: column \"nope\" does not exist",
	 ""},
};

START_TEST(placed)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct session_item items[MOST];
	struct error *err;
	bool apart;

	ck_good(db_exec_session(db, hop_tables));
	err = run(items, &apart, tmp, db, failures[_i].texts);
	ck_assert(!apart);
	ck_assert_ptr_nonnull(err);
	ck_assert_msg(strstr(err->message, failures[_i].message), "%s", err->message);
	ck_assert_msg(strstr(err->detail, failures[_i].detail), "%s", err->detail);
	ck_error(err, ERROR_NO);
}
END_TEST

#define HIDE(sql) "do $x$ begin execute $y$" sql "$y$; end $x$;"
#define ALTER(sql)                           \
	"do $$ begin execute format('alter " \
	"data' || 'base %I " sql "', "       \
	"current_catalog); end $$;"

/* What nobody could know before it ran: then the files run one by one. */
static const char *const apart_texts[][MOST + 1] = {
	{"do $$ begin end $$;", HIDE("pre$y$ || $y$pare p as select 1"), "select 1;"},
	{"do $$ begin end $$;", HIDE("select pg_ad$y$ || $y$visory_lock(8)"), "select 1;"},
	{"do $$ begin end $$;", ALTER("set work_mem = ''6MB''"), "select 1;"},
	{"do $$ begin end $$;", HIDE("dealloc$y$ || $y$ate all"), "select 1;"},
	{"do $$ begin end $$;", HIDE("create table k (i int unique de$y$ || $y$ferrable)"),
	 "select 1;"},
	{"do $$ begin end $$;", HIDE("create role hop_test_apart"), "select 1;"},
	{"do $$ begin end $$;", HIDE("create role hop_test_apart"), "select 1 / 0;"},
	{"do $$ begin end $$;", "update hop.project set role = 'x';", "select 1;"},
	{"do $$ begin end $$;", "select 1;", "update hop.project set role = 'x';"},
	{"do $$ begin end $$;", "set transaction read only;", "select 1;"},
};

START_TEST(one_by_one)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct session_item items[MOST];
	struct error *err;
	bool apart;

	ck_good(db_exec_session(db, hop_tables));
	err = run(items, &apart, tmp, db, apart_texts[_i]);
	ck_assert_msg(err != NULL && apart, "%s", apart_texts[_i][1]);
	error_free(err);
}
END_TEST

/* A deferred constraint that is violated at the end of a patch in the middle of a message. */
START_TEST(deferred)
{
	static const char *const texts[] = {"do $$ begin end $$;", "insert into k values (1), (1);",
					    "delete from k;", NULL};
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct session_item items[MOST];
	struct error *err;
	bool apart;

	ck_good(db_exec_session(db, hop_tables));
	ck_good(db_exec_session(db, "create table k (i int unique deferrable initially deferred)"));
	err = run(items, &apart, tmp, db, texts);
	ck_assert(err != NULL && apart);
	error_free(err);
}
END_TEST

START_TEST(lasting)
{
	static const char *const texts[] =
		{"create table a (i int)",
		 "select pg_sleep(0.2);",
		 "create function f() returns int language sql as 'select 1'",
		 "select pg_sleep(0.3);",
		 "select 1;",
		 NULL};
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct session_item items[MOST];
	bool apart;

	ck_good(db_exec_session(db, hop_tables));
	ck_good(run(items, &apart, tmp, db, texts));
	ck_assert_int_ge(items[1].duration_ms, 200);
	ck_assert_int_ge(items[3].duration_ms, 300);
	ck_assert_int_lt(items[4].duration_ms, 200);
}
END_TEST

/* hop's own statements that wait for the next file, or for COMMIT. */
START_TEST(later)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct run_session *s = NULL;

	ck_good(db_exec_session(db, hop_tables));
	ck_good(db_exec_session(db,
				"create table seen (name text); create table copy (name text)"));
	ck_good(session_begin(&s, tmp, db, NULL));
	ck_assert(session_can_defer(s));
	session_defer(s, "insert into public.seen values (current_schema)");
	ck_good(file(s, "insert into copy select name || current_schema from seen", true));
	session_defer(s, "insert into public.seen values ('two')");
	session_defer(s, "insert into public.seen values ('three')");
	ck_good(session_commit(s));
	ck_assert(db_idle(db));
	ck_assert_str_eq(cluster_value(tmp, db,
				       "select string_agg(name, ' ') from (table public.seen "
				       "union all table public.copy) t"),
			 "pg_catalog two three pg_catalogpublic");
	ck_good(session_begin(&s, tmp, db, NULL));
	ck_good(file(s, "do $$ begin end $$", true));
	ck_assert(!session_can_defer(s));
	ck_good(session_commit(s));
}
END_TEST

/* Then what ran before is committed, and nothing may run again. */
static const char *const endings[][MOST + 1] = {
	{"do $$ begin end $$;", "select 1;", "commit;", "select 1;"},
	{"do $$ begin end $$;", "select 1;", "commit; begin;", "select 1;"},
	{"do $$ begin end $$;", "select 1;", "commit;", "select 1 / 0;"},
	{"do $$ begin end $$;", "select 1;", "commit; begin;", "select 1 / 0;"},
	{"do $$ begin end $$;", "select 1;", "select 1; rollback; select 1;"},
};

START_TEST(ended)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct session_item items[MOST];
	struct error *err;
	bool apart;

	ck_good(db_exec_session(db, hop_tables));
	err = run(items, &apart, tmp, db, endings[_i]);
	ck_assert_ptr_nonnull(err);
	ck_assert_str_eq(err->message, "3.sql: the file ended the transaction that it ran in");
	ck_assert(!apart);
	ck_error(err, ERROR_NO);
}
END_TEST

/* Whatever is the reason to run files again: first it must be true that nothing is left of them. */
START_TEST(undone)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct run_session *s = NULL;

	ck_good(db_exec_session(db, hop_tables));
	ck_good(session_begin(&s, tmp, db, NULL));
	ck_good(db_exec_simple(db, "create table public.t ()"));
	ck_good(db_exec_simple(db, "rollback"));
	ck_good(session_check_undone(s));
	ck_good(session_begin(&s, tmp, db, NULL));
	ck_good(db_exec_simple(db, "create table public.t ()"));
	ck_good(db_exec_simple(db, "commit"));
	ck_error(session_check_undone(s), ERROR_FAIL);
}
END_TEST

/* A connection that is lost, and a lock that is not had, are no reasons to run them one by one. */
START_TEST(not_their_fault)
{
	static const char *const texts[] =
		{"do $$ begin end $$;", "do $$ begin raise 'busy' using errcode = '55P03'; end $$;",
		 "select 1;", NULL};
	static const char *const lost[] = {"do $$ begin end $$;",
					   "select pg_terminate_backend(pg_backend_pid());",
					   "select 1;", NULL};
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct run_session *s = NULL;
	struct session_item items[3] = {{0}};
	struct error *err;
	bool apart;

	ck_good(db_exec_session(db, hop_tables));
	err = run(items, &apart, tmp, db, texts);
	ck_assert_ptr_nonnull(err);
	ck_assert_msg(strstr(err->message, "2.sql:1:1: busy"), "%s", err->message);
	ck_error(err, ERROR_AGAIN);
	ck_assert(!apart);
	ck_good(session_begin(&s, tmp, db, NULL));
	for (size_t i = 0; i < 3; i++) {
		struct script *script;

		ck_good(script_read(&script, tmp, "f.sql", lost[i], strlen(lost[i])));
		items[i] = (struct session_item){.script = script, .name = "f"};
	}
	err = session_files(s, items, 3, &apart);
	ck_error(err, ERROR_FAIL);
	ck_assert(!apart);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, as_one, 0, COUNT(together));
	tcase_add_loop_test(tc, placed, 0, COUNT(failures));
	tcase_add_loop_test(tc, one_by_one, 0, COUNT(apart_texts));
	tcase_add_test(tc, deferred);
	tcase_add_loop_test(tc, ended, 0, COUNT(endings));
	tcase_add_test(tc, undone);
	tcase_add_test(tc, lasting);
	tcase_add_test(tc, later);
	tcase_add_test(tc, not_their_fault);
}

int main(void)
{
	return run_suite("run/session files", add);
}
