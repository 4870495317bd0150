/* port/db_script: texts of files, where they fail, COPY data. */
#include "port/db.h"

#include <string.h>

#include "cluster.h"

static const struct {
	const char *text;
	const char *sqlstate;
	size_t position, done;
} failures[] = {
	{"select 1; select 2; select nope", "42703", 28, 2},
	/* Characters, not bytes. */
	{"select '\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80', nope", "42703", 15, 0},
	/* A syntax error stops the whole message before it runs. */
	{"select 1; select 2; into 33", "42601", 21, 0},
	{"select 1; select 1/0; select 2", "22012", 0, 1},
	{"select 1; create or replace function pg_temp.f() returns int language plpgsql as "
	 "$$ begin return 1/0; end $$; select pg_temp.f()",
	 "22012", 0, 2},
	{"select 1; copy nowhere from stdin", "42P01", 0, 1},
	{"begin; select 1; do $$ begin commit; end $$", "2D000", 0, 2},
	{"copy (select 1) to stdout; select nope", "42703", 35, 1},
	{";; select 1;; /* ; */ select nope", "42703", 30, 1},
};

START_TEST(where_it_failed)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_connect(tmp, "postgres");
	struct db_script_error where;
	struct error *err = db_run_text(&where, tmp, db, failures[_i].text, NULL, 0);

	ck_assert_ptr_nonnull(err);
	ck_assert_str_eq(err->sqlstate, failures[_i].sqlstate);
	ck_assert_uint_eq(where.position, failures[_i].position);
	ck_assert_uint_eq(where.done, failures[_i].done);
	ck_assert_int_eq(where.copy_line, 0);
	error_free(err);
	/* The connection is fit for more. */
	ck_good(db_exec_simple(db, "rollback"));
	ck_good(db_run_text(&where, tmp, db, "select 1", NULL, 0));
}
END_TEST

START_TEST(empty_texts)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_connect(tmp, "postgres");
	struct db_script_error where;

	ck_good(db_run_text(&where, tmp, db, "", NULL, 0));
	ck_good(db_run_text(&where, tmp, db, " -- nothing\n;;", NULL, 0));
	ck_assert_uint_eq(where.done, 0);
}
END_TEST

START_TEST(copy)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_connect(tmp, "postgres");
	const char *table = "create temp table t (id int, name text); copy t from stdin";
	struct db_script_error where;
	struct error *err;

	ck_good(db_run_text(&where, tmp, db, table, "1\ta\n2\t\\N\n3\t\xc3\xa9\n", 14));
	ck_assert_uint_eq(where.done, 2);
	ck_assert_str_eq(cluster_value(tmp, db, "select count(*) from t where id < 4"), "3");

	err = db_run_text(&where, tmp, db, "copy t from stdin", "4\ta\nfive\tb\n6\tc\n", 15);
	ck_assert(db_error_is(err, "22P02"));
	ck_assert_int_eq(where.copy_line, 2);
	ck_assert_ptr_nonnull(strstr(where.context, "COPY t, line 2, column id"));
	error_free(err);

	/* A COPY that gets no data at all, and one that gets none to be refused. */
	err = db_run_text(&where, tmp, db, "copy t from stdin", NULL, 0);
	ck_assert(db_error_is(err, "57014"));
	error_free(err);
	ck_good(db_run_text(&where, tmp, db, "copy t from stdin", "", 0));
	ck_assert_str_eq(cluster_value(tmp, db, "select count(*) from t"), "3");
}
END_TEST

START_TEST(much_copy_data)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_connect(tmp, "postgres");
	size_t lines = 1 << 20;
	char *data = mem_array(tmp, char, lines * 4);
	struct db_script_error where;
	struct error *err;

	for (size_t i = 0; i < lines; i++)
		memcpy(data + i * 4, "123\n", 4);
	ck_good(db_run_text(&where, tmp, db, "create temp table t (id int); copy t from stdin",
			    data, lines * 4));
	ck_assert_str_eq(cluster_value(tmp, db, "select count(*) from t"), "1048576");
	data[lines * 2] = 'x';
	err = db_run_text(&where, tmp, db, "copy t from stdin", data, lines * 4);
	ck_assert_int_eq(where.copy_line, (int)(lines / 2) + 1);
	error_free(err);
}
END_TEST

START_TEST(rows_do_not_pile_up)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_connect(tmp, "postgres");
	struct db_script_error where;

	ck_good(db_run_text(&where, tmp, db,
			    "select generate_series(1, 100000); select 1; select 2 where false",
			    NULL, 0));
	ck_assert_uint_eq(where.done, 3);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, where_it_failed, 0, COUNT(failures));
	tcase_add_test(tc, empty_texts);
	tcase_add_test(tc, copy);
	tcase_add_test(tc, much_copy_data);
	tcase_add_test(tc, rows_do_not_pile_up);
}

int main(void)
{
	return run_suite("port/db_script", add);
}
