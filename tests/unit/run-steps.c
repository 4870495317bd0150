/* run/steps: files of patches in order, watched, recorded. */
#include "run/steps.h"

#include "cluster.h"
#include "run/database.h"
#include "run/record.h"

#define HASH "0123456789012345678901234567890123456789"

struct log {
	void *ctx;
	struct db *db;
	struct run_session *session;
	char *text;
	const char *stop; /* the name whose event is an error */
};

static struct error *begin(void *arg, struct run_session **session, struct db **db)
{
	struct log *log = arg;
	struct error *err = session_begin(&log->session, log->ctx, log->db, NULL);

	mem_append(&log->text, log->ctx, "( ");
	*session = log->session;
	*db = log->db;
	return err;
}

static struct error *commit(void *arg, bool whole)
{
	struct log *log = arg;

	mem_append(&log->text, log->ctx, whole ? ")). " : ") ");
	return db_exec_simple(log->db, "commit");
}

static struct error *connect(struct db **db, void *ctx, void *arg)
{
	const struct log *log = arg;

	*db = cluster_connect(ctx, db_name(log->db));
	return NULL;
}

static struct error *tell(void *arg, enum steps_event event, const char *name)
{
	struct log *log = arg;

	mem_append(&log->text, log->ctx, "%c%s ", "fdp"[event], name);
	if (log->stop && strcmp(name, log->stop) == 0)
		return error_new(ERROR_FAIL, "stopped");
	return NULL;
}

static struct recipe *recipe_of(void *ctx, const char *dir, const char *first, const char *second)
{
	struct recipe_entry entries[] = {
		{.name = "2.sql", .text = second, .length = strlen(second)},
		{.name = "1.sql", .text = first, .length = strlen(first)},
	};
	struct recipe *recipe = recipe_make(ctx, dir, entries, COUNT(entries));

	ck_good(recipe_check(&recipe, 1));
	return recipe;
}

static struct error *run(struct db *db, struct log *log, const char *second)
{
	struct steps_patch patches[] = {
		{"1", HASH, recipe_of(log->ctx, "a", "create table t (i int)", "select 1"), 1},
		{"2", HASH, recipe_of(log->ctx, "b", "insert into t values (1)", second), 3},
	};
	const struct steps_release release = {.version = "0.1.0",
					      .patches = patches,
					      .count = COUNT(patches)};
	const struct steps_host host = {.begin = begin,
					.commit = commit,
					.connect = connect,
					.tell = tell,
					.arg = log};
	struct error *err;

	log->db = db;
	ck_good(record_install(db));
	err = steps_run(&host, &release);
	if (err)
		database_rollback(db);
	return err;
}

START_TEST(runs_and_records)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct log log = {.ctx = tmp};

	ck_good(run(db, &log, "insert into t select i + 1 from t"));
	ck_assert_str_eq(log.text, "( fa/1.sql da/1.sql fa/2.sql da/2.sql p1 fb/1.sql db/1.sql "
				   "fb/2.sql db/2.sql p2 )). ");
	ck_assert_str_eq(cluster_value(tmp, db, "select string_agg(i::text, ' ') from public.t"),
			 "1 2");
	ck_assert_str_eq(cluster_value(tmp, db,
				       "select string_agg(concat_ws(':', version, id, position), "
				       "' ' order by position) from hop.patch"),
			 "0.1.0:1:1 0.1.0:2:3");
}
END_TEST

START_TEST(fails_as_a_whole)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct log log = {.ctx = tmp, .stop = _i ? "b/2.sql" : NULL};

	ck_error(run(db, &log, _i ? "select 1" : "select nope"), _i ? ERROR_FAIL : ERROR_NO);
	ck_assert_str_eq(
		cluster_value(tmp, db,
			      "select concat(to_regclass('public.t'), count(*)) from hop.patch"),
		"0");
}
END_TEST

#define ALONE "-- @HOP:no-transaction\n"

/* The second file of the second patch runs alone: what is before it is committed. */
static const struct {
	const char *text;
	const char *events; /* after those of the file before */
	const char *rows;
} alone[] = {
	{ALONE "insert into t values (2); insert into t values (3)", "( ) ( ) ", "1 2 3"},
	{ALONE "create index concurrently i on t (i); vacuum t", "", "1"},
	{ALONE "set work_mem = '2MB'; vacuum t;\n"
	       "insert into t select 10 where current_setting('work_mem') = '2MB';\n"
	       "reset work_mem;\n"
	       "insert into t select 20 where current_setting('work_mem') = '2MB'",
	 "( ) ( ) ", "1 10"},
	{ALONE "do $$ begin insert into t values (2); commit; raise notice 'x'; end $$", "", "1 2"},
	{ALONE "copy t from stdin;\n4\n5\n\\.\nselect 1", "( ) ( ) ", "1 4 5"},
	{ALONE "create type mood as enum ('a'); alter type mood add value 'b';\n"
	       "create table m as select 'b'::mood",
	 "( ) ( ) ( ) ", "1"},
	{ALONE "-- nothing\n", "", "1"},
	{ALONE "set role hop_nobody_has_this_name", "", "1"},
};

START_TEST(runs_alone)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct log log = {.ctx = tmp};

	ck_good(run(db, &log, alone[_i].text));
	ck_assert_str_eq(log.text,
			 mem_printf(tmp,
				    "( fa/1.sql da/1.sql fa/2.sql da/2.sql p1 fb/1.sql db/1.sql ) "
				    "fb/2.sql %sdb/2.sql p2 ( )). ",
				    alone[_i].events));
	ck_assert_str_eq(cluster_value(tmp, db,
				       "select string_agg(i::text, ' ' order by i) from public.t"),
			 alone[_i].rows);
	ck_assert_str_eq(cluster_value(tmp, db, "select count(*) from hop.patch"), "2");
}
END_TEST

static const struct {
	const char *text, *message;
} refused[] = {
	{ALONE "select 1;\n create index concurrently i on t (nope)", "b/2.sql:3:2: "},
	{ALONE "select 1;\ninsert into t values ('x')", "b/2.sql:3:23: "},
	{ALONE "do $$ begin update hop.project set name = 'x'; commit; end $$",
	 "b/2.sql: changes schema hop"},
	{ALONE "do $$ begin execute 'drop schema hop cascade'; end $$",
	 "b/2.sql: changes schema hop"},
	{ALONE "do $$ begin perform 1; create role hop_test_alone; end $$",
	 "b/2.sql: changes a role"},
	{"create index concurrently i on t (i)", "b/2.sql:1:"},
};

START_TEST(refuses_alone)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct log log = {.ctx = tmp};
	struct error *err;

	ck_good(record_install(db));
	ck_good(record_set_identity(
		db, &(struct record_identity){.id = "0123456789abcdef0123456789abcdef",
					      .name = "shop",
					      .role = RECORD_SCRATCH,
					      .hop_version = "1"}));
	err = run(db, &log, refused[_i].text);
	ck_assert_ptr_nonnull(err);
	ck_assert_msg(strncmp(err->message, refused[_i].message, strlen(refused[_i].message)) == 0,
		      "%s", err->message);
	if (strcmp(err->sqlstate, "25001") == 0)
		ck_assert_ptr_nonnull(strstr(err->hint, "@HOP:no-transaction"));
	ck_error(err, ERROR_NO);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, runs_and_records);
	tcase_add_loop_test(tc, fails_as_a_whole, 0, 2);
	tcase_add_loop_test(tc, runs_alone, 0, COUNT(alone));
	tcase_add_loop_test(tc, refuses_alone, 0, COUNT(refused));
}

int main(void)
{
	return run_suite("run/steps", add);
}
