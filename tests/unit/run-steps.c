/* run/steps: files of patches in order, watched, recorded. */
#include "run/steps.h"

#include "cluster.h"
#include "run/record.h"

#define HASH "0123456789012345678901234567890123456789"

struct log {
	void *ctx;
	char *text;
	const char *stop; /* the name whose event is an error */
};

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
	const struct steps_watch watch = {.tell = tell, .arg = log};
	struct run_session *session = NULL;
	struct error *err;

	ck_good(session_begin(&session, log->ctx, db, NULL));
	ck_good(record_install(db));
	ck_good(session_look(session));
	err = steps_run(session, db, &release, &watch);
	ck_good(db_exec_simple(db, err ? "rollback" : "commit"));
	return err;
}

START_TEST(runs_and_records)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct log log = {.ctx = tmp};

	ck_good(run(db, &log, "insert into t select i + 1 from t"));
	ck_assert_str_eq(log.text, "fa/1.sql da/1.sql fa/2.sql da/2.sql p1 fb/1.sql db/1.sql "
				   "fb/2.sql db/2.sql p2 ");
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
	ck_assert_str_eq(cluster_value(tmp, db,
				       "select concat(to_regclass('t'), to_regclass('hop.patch'))"),
			 "");
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, runs_and_records);
	tcase_add_loop_test(tc, fails_as_a_whole, 0, 2);
}

int main(void)
{
	return run_suite("run/steps", add);
}
