/* PostgreSQL's programs: found, and their dumps the same twice. */
#include "port/pgtool.h"

#include <sys/stat.h>

#include "base/file.h"
#include "base/path.h"
#include "cluster.h"

#define HEAD "--\n-- PostgreSQL database dump\n--\n\n"
#define SETTINGS "SET statement_timeout = 0;\nSET row_security = off;\n\n"
#define OBJECT                                                               \
	"--\n-- Name: f(); Type: FUNCTION; Schema: public; Owner: -\n--\n\n" \
	"CREATE FUNCTION public.f() RETURNS text\n    AS $$\n\n\n"           \
	"-- Dumped from here\nSET transaction_timeout = 0;\n\\restrict me\n" \
	"\\unrestrict me\n$$;\n\n\n"
#define TAIL "--\n-- PostgreSQL database dump complete\n--\n"

static const struct {
	const char *dump, *want;
} dumps[] = {
	{"", ""},
	{HEAD "\\restrict abc\n\n"
	      "-- Dumped from database version 17.6\n-- Dumped by pg_dump version 17.6\n\n"
	      "SET statement_timeout = 0;\nSET transaction_timeout = 0;\n"
	      "SET row_security = off;\n\n" OBJECT TAIL "\n\\unrestrict abc\n\n",
	 HEAD SETTINGS OBJECT TAIL},
	{HEAD "-- Dumped from database version 13.1\n-- Dumped by pg_dump version 13.1\n\n" SETTINGS
		 OBJECT TAIL "\n",
	 HEAD SETTINGS OBJECT TAIL},
	{HEAD SETTINGS TAIL, HEAD SETTINGS TAIL},
	{"no newline at the end", "no newline at the end\n"},
};

START_TEST(normalize)
{
	SCOPE(tmp, NULL);
	char *once = pgtool_normalize(tmp, dumps[_i].dump);

	ck_assert_str_eq(once, dumps[_i].want);
	ck_assert_str_eq(pgtool_normalize(tmp, once), once);
}
END_TEST

START_TEST(finds_programs)
{
	static const char *const programs[] = {"initdb",  "pg_ctl",     "postgres",
					       "pg_dump", "pg_restore", "psql"};
	SCOPE(tmp, NULL);

	for (size_t i = 0; i < COUNT(programs); i++) {
		char *dir, *real;

		ck_good(pgtool_bindir(&dir, tmp, 0, programs[i]));
		ck_good(path_real(&real, tmp, path_join(tmp, dir, programs[i])));
		ck_assert_str_eq(path_base(real), programs[i]);
	}
}
END_TEST

START_TEST(says_what_to_install)
{
	SCOPE(tmp, NULL);
	struct error *err;
	char *dir;

	err = pgtool_bindir(&dir, tmp, 9, "pg_ctl");
	ck_assert_ptr_nonnull(err);
	ck_assert_ptr_nonnull(strstr(err->hint, "'postgresql-9'"));
	error_free(err);
	err = pgtool_bindir(&dir, tmp, 9, "pg_dump");
	ck_assert_ptr_nonnull(err);
	ck_assert_ptr_nonnull(strstr(err->hint, "'postgresql-client-9'"));
	error_free(err);
	ck_error(pgtool_bindir(&dir, tmp, 0, "pg_no_such_program"), ERROR_FAIL);
}
END_TEST

/* A version of which no package exists, in a folder that HOP_PGBIN names. */
START_TEST(own_folder)
{
	static const char script[] = "#!/bin/sh\necho 'psql (PostgreSQL) 98.1'\n";
	SCOPE(tmp, NULL);
	char *base, *dir;

	ck_good(file_make_temp_dir(&base, tmp, "unit-pgtool"));
	ck_good(file_write(path_join(tmp, base, "psql"), script, strlen(script), 0755));
	setenv("HOP_PGBIN", base, 1);
	ck_good(pgtool_bindir(&dir, tmp, 0, "psql"));
	ck_assert_str_eq(dir, base);
	ck_good(pgtool_bindir(&dir, tmp, 98, "psql"));
	ck_assert_str_eq(dir, base);
	ck_error(pgtool_bindir(&dir, tmp, 97, "psql"), ERROR_FAIL);
	ck_good(pgtool_bindir(&dir, tmp, 0, "pg_dump"));
	ck_assert_str_ne(dir, base);
	unsetenv("HOP_PGBIN");
	ck_good(file_remove_tree(base));
}
END_TEST

static const char schema[] =
	"create schema hop; create table hop.release (v text);"
	"create table public.a (id int primary key); comment on table public.a is 'x';"
	"grant select on a to public;"
	"create function f() returns text language sql as $$\n-- Dumped from me\n"
	"select '\n\\restrict x\n'\n$$;";

START_TEST(dump_is_the_same_twice)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	char *first, *second;

	ck_good(db_exec_session(db, schema));
	ck_good(pgtool_dump_schema(&first, tmp, db, 0));
	ck_good(pgtool_dump_schema(&second, tmp, db, 0));
	ck_assert_str_eq(first, second);
	ck_assert_ptr_nonnull(strstr(first, "CREATE TABLE public.a"));
	ck_assert_ptr_nonnull(strstr(first, "\n-- Dumped from me\n"));
	ck_assert_ptr_nonnull(strstr(first, "\n\\restrict x\n"));
	ck_assert_ptr_null(strstr(first, "hop"));
	ck_assert_ptr_nonnull(strstr(first, "OWNER TO"));
	ck_assert_ptr_nonnull(strstr(first, "GRANT"));
	ck_assert_ptr_null(strstr(first, "-- Dumped by"));
	ck_assert_ptr_null(strstr(first, "unrestrict"));
}
END_TEST

START_TEST(dump_of_no_database)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp), *admin = cluster_connect(tmp, "postgres");
	struct error *err;
	char *sql;

	ck_good(db_exec_simple(admin,
			       mem_printf(tmp, "drop database %s with (force)", db_name(db))));
	err = pgtool_dump_schema(&sql, tmp, db, 0);
	ck_assert_ptr_nonnull(err);
	ck_assert_ptr_nonnull(strstr(err->message, db_name(db)));
	ck_assert_ptr_nonnull(strstr(err->detail, "does not exist"));
	error_free(err);
}
END_TEST

static const char *const of_public[] = {
	"select 1",
	"revoke create on schema public from public",
	"revoke all on schema public from public",
	"revoke create on schema public from public; grant create on schema public to pg_monitor",
	"grant all on schema public to public",
	"grant usage on schema public to pg_monitor with grant option;"
	"grant create on schema public to pg_monitor",
	"alter schema public owner to pg_monitor",
	"alter schema public owner to pg_monitor; revoke create on schema public from public",
	"revoke create on schema public from public; create function f() returns text language sql"
	" as $$ select '\n--\n-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: x\n--\n\nX' $$",
};

/* The pg_dump of 15 on servers of 13 and 14 says it wrongly. */
START_TEST(dump_of_public)
{
	SCOPE(tmp, NULL);
	static const char privileges[] =
		"select pg_get_userbyid(nspowner) || array(select a::text from unnest(nspacl) a"
		" order by 1)::text || array(select prosrc from pg_proc"
		" where pronamespace = n.oid)::text from pg_namespace n where nspname = 'public'";
	struct db *db = cluster_database(tmp), *second = cluster_database(tmp);
	char *sql;

	ck_good(db_exec_simple(db, of_public[_i]));
	ck_good(pgtool_dump_schema(&sql, tmp, db, 0));
	ck_good(db_exec_simple(second, sql));
	ck_assert_str_eq(cluster_value(tmp, db, privileges),
			 cluster_value(tmp, second, privileges));
	if (_i == 0)
		ck_assert_ptr_null(strstr(sql, "public"));
}
END_TEST

START_TEST(backup)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	char *base, *path;
	struct rows *rows;
	const char *snapshot;
	int entries = 0;

	ck_good(file_make_temp_dir(&base, tmp, "unit-pgtool"));
	path = path_join(tmp, base, "-a b.dir");
	ck_good(db_exec_session(db, schema));
	ck_good(db_query_simple(
		&rows, tmp, db,
		"begin isolation level repeatable read; select pg_export_snapshot()"));
	snapshot = rows_text(rows, 0, 0);
	ck_good(pgtool_backup(tmp, db, path, snapshot, 2, 10));
	ck_good(pgtool_backup_read(tmp, path));
	ck_good(pgtool_backup_entries(&entries, tmp, path, "TABLE DATA"));
	ck_assert_int_eq(entries, 2);
	ck_error(pgtool_backup(tmp, db, path, snapshot, 2, 10), ERROR_FAIL);

	ck_good(file_write(path_join(tmp, path, "toc.dat"), "PGDMP", 5, 0600));
	ck_error(pgtool_backup_read(tmp, path), ERROR_FAIL);
	ck_error(pgtool_backup_entries(&entries, tmp, path, "TABLE DATA"), ERROR_FAIL);
	ck_error(pgtool_backup_entries(&entries, tmp, base, "TABLE DATA"), ERROR_FAIL);
	ck_good(file_remove_tree(base));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, normalize, 0, COUNT(dumps));
	tcase_add_test(tc, finds_programs);
	tcase_add_test(tc, says_what_to_install);
	tcase_add_test(tc, own_folder);
	tcase_add_test(tc, dump_is_the_same_twice);
	tcase_add_test(tc, dump_of_no_database);
	tcase_add_loop_test(tc, dump_of_public, 0, COUNT(of_public));
	tcase_add_test(tc, backup);
}

int main(void)
{
	return run_suite("port-pgtool", add);
}
