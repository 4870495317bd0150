/* run/session: when a file may leave something, and the connection of the next one. */
#include "run/session.h"

#include "session.h"

/* What is in a database decides whether a plain file may leave something in its session. */
static const struct {
	const char *sql; /* there before */
	bool worn;
} databases[] = {
	{"create table t (i int default 1, s serial, d timestamptz default clock_timestamp()); "
	 "create view v as select random() from t; create domain d as int check (value > 0)",
	 false},
	{"create function f() returns int language sql as 'select 1'", true},
	{"create table t (i int, s text default set_config('my.word', 'x', false))", true},
	{"create table t (s text default upper(set_config('my.word', lower(user), false)))", true},
	{"create table t (i int check (set_config('my.word', 'x', false) is not null))", true},
	{"create domain d as text default set_config('my.word', 'x', false)", true},
	{"create table t (i int); create view v as select set_config('my.word', 'x', false) from t",
	 true},
	{"create table t (i int); create policy p on t "
	 "using (set_config('my.word', 'x', false) is null)",
	 true},
	{"create table t (i int); create rule r as on insert to t do also "
	 "select set_config('my.word', 'x', false)",
	 true},
	{"create table t (i int); create trigger g before update on t for each row "
	 "execute function suppress_redundant_updates_trigger()",
	 true},
	{"create table t (i int primary key deferrable)", true},
	{"do $$ begin execute format('alter database %I set work_mem = ''5MB''', "
	 "current_database()); end $$",
	 true},
};

START_TEST(wears)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct run_session *s = NULL;

	ck_good(db_exec_session(db, hop_tables));
	ck_good(db_exec_session(db, databases[_i].sql));
	ck_good(session_begin(&s, tmp, db, NULL));
	ck_good(file(s, "create table plain (i int); insert into plain values (1)", true));
	ck_assert_msg(session_worn(s) == databases[_i].worn, "%s", databases[_i].sql);
	ck_good(db_exec_simple(db, "commit"));
}
END_TEST

START_TEST(wears_for_good)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct run_session *s = NULL;

	ck_good(session_begin(&s, tmp, db, NULL));
	ck_good(file(s, "create table plain (i int)", true));
	ck_assert(!session_worn(s));
	ck_good(file(s, "create function f() returns int language sql as 'select 1'", true));
	ck_assert(session_worn(s));
	ck_good(db_exec_simple(db, "commit"));
	ck_good(session_begin(&s, tmp, db, NULL));
	ck_good(file(s, "drop table plain", true));
	ck_assert(session_worn(s));
	ck_good(db_exec_simple(db, "commit"));
}
END_TEST

static struct db *connect_again(void *ctx, const struct db *db)
{
	return cluster_connect(ctx, db_name(db));
}

/* On its new connection, all is as on one whose database was looked at. */
START_TEST(moves)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp), *next = connect_again(tmp, db);
	struct run_session *s = NULL;
	struct error *err;
	char *before;

	ck_good(db_exec_session(db, hop_tables));
	ck_good(db_exec_session(db, "create function f() returns int language sql as 'select 1'; "
				    "select pg_advisory_lock(4711)"));
	ck_good(session_begin(&s, tmp, db, "set lock_timeout = '7s';"));
	ck_good(file(s,
		     "do $$ begin execute format('alter database %I set search_path = f', "
		     "current_database()); end $$",
		     true));
	ck_good(db_exec_simple(db, "commit"));
	session_move(&s, next);
	ck_assert_ptr_nonnull(s);
	ck_assert(!session_worn(s));
	ck_good(session_begin(&s, tmp, next, NULL));
	before = look(tmp, next);
	ck_assert_ptr_nonnull(strstr(before, "lock_timeout=7000"));
	ck_assert_ptr_nonnull(strstr(before, "| f |"));
	ck_assert_ptr_null(strstr(before, "4711"));
	ck_good(file(s, "prepare x as select 1; select pg_advisory_lock(4712)", true));
	ck_assert(session_worn(s));
	ck_assert_str_eq(look(tmp, next), before);
	err = file(s, "do $$ begin alter table hop.project add i int; end $$", true);
	ck_assert_ptr_nonnull(err);
	ck_assert_ptr_nonnull(strstr(err->message, "changes schema hop"));
	error_free(err);
}
END_TEST

/* Where the database itself lets files be plain, they are again on the next connection. */
START_TEST(moves_on)
{
	static const char *const texts[] = {"create table plain (i int)", "do $$ begin end $$"};
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp), *next = connect_again(tmp, db);
	struct run_session *s = NULL;

	ck_good(db_exec_session(db, hop_tables));
	ck_good(session_begin(&s, tmp, db, NULL));
	ck_good(file(s, texts[_i], true));
	ck_good(db_exec_simple(db, "commit"));
	session_move(&s, next);
	ck_good(session_begin(&s, tmp, next, NULL));
	ck_good(file(s, "create table other (i int)", true));
	ck_assert(!session_worn(s));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, wears, 0, COUNT(databases));
	tcase_add_test(tc, wears_for_good);
	tcase_add_test(tc, moves);
	tcase_add_loop_test(tc, moves_on, 0, 2);
}

int main(void)
{
	return run_suite("run/session apart", add);
}
