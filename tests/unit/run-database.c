/* run/database: databases of a server, and what stands in the way. */
#include "run/database.h"

#include "cluster.h"

static bool exists(struct db *db, const char *name)
{
	SCOPE(tmp, NULL);
	char *owner;

	ck_good(database_owner(&owner, tmp, db, name));
	return owner != NULL;
}

START_TEST(life)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_connect(tmp, "postgres"), *other;
	char *name = mem_printf(tmp, "%s \"x'", cluster_new_name(tmp));
	char *copy = cluster_new_name(tmp), *moved = cluster_new_name(tmp), *owner;
	struct rows *rows;

	ck_good(database_create(db, name));
	ck_good(database_owner(&owner, tmp, db, name));
	ck_assert_str_eq(owner, "postgres");
	ck_good(db_exec_simple(db, database_comment_sql(tmp, db, name, "it's mine")));
	other = cluster_connect(tmp, name);
	ck_good(db_exec_simple(other, "create table public.t (i int)"));
	ck_good(database_leave(db, &other, name));
	ck_assert_ptr_null(other);
	for (int durable = 0; durable < 2; durable++) {
		ck_good(db_exec_simple(db, database_copy_sql(tmp, db, copy, name, durable)));
		ck_good(db_exec_simple(db, database_rename_sql(tmp, db, copy, moved)));
		ck_assert(!exists(db, copy) && exists(db, moved));
		ck_good(database_drop(db, moved));
	}
	ck_good(db_query(&rows, tmp, db,
			 "select shobj_description(oid, 'pg_database') from pg_database "
			 "where datname = $1",
			 DB_ARGS(name)));
	ck_assert_str_eq(rows_text(rows, 0, 0), "it's mine");
	ck_good(database_drop(db, name));
	ck_good(database_drop(db, name));
	ck_assert(!exists(db, name));
}
END_TEST

START_TEST(sessions)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_connect(tmp, "postgres"), *other;
	char *name = cluster_new_name(tmp), *moved = cluster_new_name(tmp);
	struct error *err;

	ck_good(database_create(db, name));
	other = cluster_connect(tmp, name);
	err = db_exec_simple(db, database_rename_sql(tmp, db, name, moved));
	ck_assert(db_error_is(err, "55006"));
	error_free(err);
	ck_good(database_clear(db, name));
	ck_good(db_exec_simple(db, database_rename_sql(tmp, db, name, moved)));
	ck_error(db_exec_simple(other, "select 1"), ERROR_FAIL);
	other = cluster_connect(tmp, moved);
	ck_good(database_drop(db, moved));
	ck_assert(!exists(db, moved));
}
END_TEST

START_TEST(rollback)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_connect(tmp, "postgres");

	database_rollback(db);
	ck_assert(db_idle(db));
	ck_good(db_exec_simple(db, "BEGIN"));
	ck_error(db_exec_simple(db, "select 1 / 0"), ERROR_FAIL);
	ck_assert(!db_idle(db));
	database_rollback(db);
	ck_assert(db_idle(db));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, life);
	tcase_add_test(tc, sessions);
	tcase_add_test(tc, rollback);
}

int main(void)
{
	return run_suite("run/database", add);
}
