/* port/db_connect: settings, refusals, and what leads other programs to the same place. */
#include "port/db.h"

#include <string.h>

#include "base/proc.h"
#include "cluster.h"

static const struct {
	const char *name, *value;
} settings[] = {
	{"search_path", "public"},
	{"client_encoding", "UTF8"},
	{"standard_conforming_strings", "on"},
	{"client_min_messages", "warning"},
	{"application_name", "git hop upgrade"},
	{"DateStyle", "ISO, MDY"},
};

START_TEST(settings_last)
{
	SCOPE(tmp, NULL);
	char *show = mem_printf(tmp, "show %s", settings[_i].name);
	char *other = mem_printf(tmp, "set %s = default", settings[_i].name);
	struct db *db;

	setenv("PGDATESTYLE", "German", 1);
	setenv("PGCLIENTENCODING", "LATIN1", 1);
	setenv("PGAPPNAME", "mine", 1);
	setenv("PGOPTIONS", "-c search_path=theirs -c client_min_messages=error", 1);
	db_set_application("git hop upgrade");
	db = cluster_connect(tmp, "postgres");
	ck_assert_str_eq(cluster_session_value(tmp, db, show), settings[_i].value);
	ck_good(db_exec_session(
		db, "set search_path = ''; set datestyle = SQL; set application_name = 'x';"
		    "set client_min_messages = error; set standard_conforming_strings = off"));
	ck_good(db_exec_session(db, other));
	ck_good(db_exec_session(db, "reset all"));
	ck_assert_str_eq(cluster_session_value(tmp, db, show), settings[_i].value);
}
END_TEST

#define OWN "pg_catalog, pg_temp"

/* What a session may have done before a statement of hop's own. */
static const char *const before[] = {
	"select 1",
	"set search_path = theirs",
	"reset all",
	"begin; set local search_path = theirs",
	"begin; set search_path = theirs; savepoint a; set search_path = others",
	"begin; set search_path = theirs; commit",
	"begin; set search_path = theirs; rollback",
};

START_TEST(own_path)
{
	static const char show[] = "show search_path",
			  copy[] = "copy (select current_setting('search_path')) to stdout";
	SCOPE(tmp, NULL);
	struct db *db = cluster_connect(tmp, "postgres");
	struct rows *rows;
	bool full;
	char *text;

	for (int i = 0; i < 4; i++) {
		text = NULL;
		ck_good(db_exec_session(db, before[_i]));
		if (i == 0)
			ck_good(db_query(&rows, tmp, db, show, DB_NO_ARGS));
		else if (i == 1)
			ck_good(db_query_simple(&rows, tmp, db, show));
		else if (i == 2)
			ck_good(db_exec_simple(db, show));
		else
			ck_good(db_copy_out(&text, &full, tmp, db, copy, 100));
		ck_assert_str_eq(text ? text : OWN "\n", OWN "\n");
		if (i < 2)
			ck_assert_str_eq(rows_text(rows, 0, 0), OWN);
		ck_assert_str_eq(cluster_session_value(tmp, db, show), OWN);
		if (!db_idle(db))
			ck_good(db_exec_simple(db, "rollback"));
		ck_assert_str_eq(cluster_value(tmp, db, show), OWN);
	}
}
END_TEST

START_TEST(own_path_after_rollback)
{
	static const char show[] = "show search_path";
	SCOPE(tmp, NULL);
	struct db *db = cluster_connect(tmp, "postgres");

	ck_good(db_exec_session(db, "begin"));
	ck_assert_str_eq(cluster_value(tmp, db, show), OWN);
	error_free(db_exec_simple(db, "select 1/0"));
	ck_good(db_exec_simple(db, "rollback"));
	ck_assert_str_eq(cluster_session_value(tmp, db, show), "public");
	ck_assert_str_eq(cluster_value(tmp, db, show), OWN);
}
END_TEST

/* Where the user may have given options of his own. */
static const char *const sources[] = {"conninfo", "environment", "service", "service variable"};

START_TEST(options_of_the_user)
{
	SCOPE(tmp, NULL);
	char *path = mem_printf(tmp, "/tmp/hop-unit-service-%d", (int)getpid());
	const char *more = "";
	FILE *file = fopen(path, "w");
	struct db *db;

	fputs("[mine]\noptions=-c work_mem=7MB\n", file);
	fclose(file);
	setenv("PGSERVICEFILE", path, 1);
	if (strcmp(sources[_i], "conninfo") == 0)
		more = "options='-c work_mem=7MB'";
	else if (strcmp(sources[_i], "environment") == 0)
		setenv("PGOPTIONS", "-c work_mem=7MB", 1);
	else if (strcmp(sources[_i], "service") == 0)
		more = "service=mine";
	else
		setenv("PGSERVICE", "mine", 1);
	ck_good(db_connect(&db, tmp, cluster_conninfo(tmp, more), "postgres"));
	unlink(path);
	ck_assert_str_eq(cluster_session_value(tmp, db, "show search_path"), "public");
	ck_assert_str_eq(cluster_value(tmp, db, "show work_mem"), "7MB");
}
END_TEST

static const char *const malformed[] = {
	"password=se kret",
	"password='sekret",
	"passwort=sekret",
	"host=x password sekret",
	"postgres://user:pass@sekret@host/db",
	"postgres://user:12/sekret@host/db",
	"postgresql://user:pass/sekret@host/db",
	"postgresql://user:%zzsekret@host/db",
	"postgresql://[sekret",
	"postgresql://host/db?sekret",
	" postgresql://user:sekret@host/db",
	"POSTGRESQL://user:sekret@host/db",
	"user:sekret@host/db",
	"postgresql:/user:sekret@host/db",
	"dbname=postgresql://user:sekret@host/db",
	"host=/nowhere dbname='postgres://user:sekret@host/db'",
	"dbname=user:sekret@host/db",
};

START_TEST(malformed_conninfo)
{
	SCOPE(tmp, NULL);
	struct db *db = NULL;
	struct error *err = db_connect(&db, tmp, malformed[_i], NULL);

	ck_assert_ptr_nonnull(err);
	ck_assert_int_eq(err->code, ERROR_USAGE);
	ck_assert_ptr_null(strstr(err->message, "kret"));
	ck_assert_ptr_null(strstr(err->hint, "kret"));
	ck_assert_ptr_null(err->detail);
	ck_assert_ptr_null(db);
	error_free(err);
}
END_TEST

static const struct {
	const char *more;
	enum error_code code;
	const char *sqlstate;
} refused[] = {
	{"host=/nowhere", ERROR_AGAIN, ""},
	{"host=127.0.0.1 port=1", ERROR_AGAIN, ""},
	{"dbname=no_such_database", ERROR_FAIL, "3D000"},
	{"user=no_such_role", ERROR_FAIL, "28000"},
	{"service=no_such_service", ERROR_FAIL, ""},
	{"port=99999999", ERROR_FAIL, ""},
	{"sslmode=wrong", ERROR_FAIL, ""},
	{"options='-c no_such_setting=1'", ERROR_FAIL, "42704"},
};

START_TEST(refusals)
{
	SCOPE(tmp, NULL);
	char *conninfo = mem_printf(tmp, "%s password=sekret",
				    cluster_conninfo(tmp, refused[_i].more));
	struct db *db;
	struct error *err = db_connect(&db, tmp, conninfo, NULL);

	ck_assert_ptr_nonnull(err);
	ck_assert_msg(err->code == refused[_i].code, "%d %s", err->code, err->message);
	ck_assert_str_eq(err->sqlstate, refused[_i].sqlstate);
	ck_assert_ptr_null(strstr(err->message, "sekret"));
	ck_assert_ptr_null(strchr(err->message, '\n'));
	error_free(err);
}
END_TEST

START_TEST(too_many_connections)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct db *none;
	struct error *err;

	ck_good(db_exec_simple(
		db, mem_printf(tmp, "create role %s login; alter database %s connection limit 0",
			       db_name(db), db_name(db))));
	err = db_connect(&none, tmp, cluster_conninfo(tmp, mem_printf(tmp, "user=%s", db_name(db))),
			 db_name(db));
	ck_assert_int_eq(err->code, ERROR_AGAIN);
	ck_assert(db_error_is(err, "53300"));
	error_free(err);
}
END_TEST

START_TEST(uri_and_plain_name)
{
	SCOPE(tmp, NULL);
	struct db *db;
	const char *host = getenv("HOP_TEST_PGHOST");
	char *encoded = NULL;

	for (const char *p = host; *p; p++)
		mem_append(&encoded, tmp, *p == '/' ? "%%2F" : "%c", *p);
	ck_good(db_connect(&db, tmp,
			   mem_printf(tmp, "postgresql://postgres:a%%40b@%s:%s/template1", encoded,
				      getenv("HOP_TEST_PGPORT")),
			   NULL));
	ck_assert_str_eq(db_name(db), "template1");
	setenv("PGHOST", host, 1);
	setenv("PGPORT", getenv("HOP_TEST_PGPORT"), 1);
	setenv("PGUSER", "postgres", 1);
	ck_good(db_connect(&db, tmp, "template1", NULL));
	ck_assert_str_eq(db_name(db), "template1");
	ck_good(db_connect(&db, tmp, "", "postgres"));
	ck_assert_str_eq(db_name(db), "postgres");
	ck_assert_str_eq(db_user(db), "postgres");
	ck_assert_int_ge(db_server_version(db), 130000);
	ck_assert_int_gt(db_backend_pid(db), 0);
}
END_TEST

/* A database whose name looks like conninfo is a name and nothing else. */
START_TEST(name_like_conninfo)
{
	SCOPE(tmp, NULL);
	struct db *admin = cluster_connect(tmp, "postgres");
	char *name = mem_printf(tmp, "%s user=nobody", cluster_new_name(tmp));
	struct db *db;

	cluster_create(admin, name);
	db = cluster_connect(tmp, name);
	ck_assert_str_eq(cluster_value(tmp, db, "select current_database()"), name);
	ck_assert_ptr_nonnull(strstr(db_describe(tmp, db), mem_printf(tmp, "dbname='%s'", name)));
	setenv("PGHOST", getenv("HOP_TEST_PGHOST"), 1);
	setenv("PGUSER", "postgres", 1);
	ck_good(db_connect(&db, tmp, "", name));
	ck_assert_str_eq(db_name(db), name);
}
END_TEST

static bool has(char *const *env, const char *entry)
{
	for (; *env; env++) {
		if (strcmp(*env, entry) == 0)
			return true;
	}
	return false;
}

START_TEST(environment)
{
	SCOPE(tmp, NULL);
	struct proc psql = {.capture = true};
	struct db *db;

	ck_good(db_connect(&db, tmp,
			   cluster_conninfo(tmp, "password=sekret options='-c work_mem=7MB'"),
			   "postgres"));
	/* What the caller has must not lead the program elsewhere. */
	setenv("PGSERVICE", "no_such_service", 1);
	setenv("PGHOSTADDR", "192.0.2.1", 1);
	setenv("PGDATABASE", "no_such_database", 1);
	setenv("PGAPPNAME", "x", 1);
	psql.env = db_env(tmp, db, "template1");
	ck_assert(has(psql.env, "PGPASSWORD=sekret"));
	ck_assert(has(psql.env, "PGDATABASE=template1"));
	ck_assert(has(psql.env, "PGOPTIONS=-c work_mem=7MB"));
	ck_assert(has(psql.env, "PGSERVICE"));
	ck_assert(has(psql.env, "PGHOSTADDR"));
	psql.argv = proc_argv(
		tmp, mem_printf(tmp, "%s/psql", getenv("HOP_TEST_PGBIN")), "-XAtc",
		"select current_database() || current_user || current_setting('work_mem')", NULL);
	ck_good(proc_check(tmp, &psql));
	ck_assert_str_eq(psql.output, "template1postgres7MB\n");
	ck_assert(has(db_env(tmp, db, NULL), "PGDATABASE=postgres"));
	ck_assert_ptr_null(strstr(db_describe(tmp, db), "sekret"));
	ck_assert_ptr_nonnull(strstr(db_describe(tmp, db), "dbname=postgres"));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, settings_last, 0, COUNT(settings));
	tcase_add_loop_test(tc, own_path, 0, COUNT(before));
	tcase_add_test(tc, own_path_after_rollback);
	tcase_add_loop_test(tc, options_of_the_user, 0, COUNT(sources));
	tcase_add_loop_test(tc, malformed_conninfo, 0, COUNT(malformed));
	tcase_add_loop_test(tc, refusals, 0, COUNT(refused));
	tcase_add_test(tc, too_many_connections);
	tcase_add_test(tc, uri_and_plain_name);
	tcase_add_test(tc, name_like_conninfo);
	tcase_add_test(tc, environment);
}

int main(void)
{
	return run_suite("port/db_connect", add);
}
