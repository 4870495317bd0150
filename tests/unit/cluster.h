/* For unit tests that need PostgreSQL: connections to the cluster of the run. */
#ifndef UNIT_CLUSTER_H
#define UNIT_CLUSTER_H

#include <unistd.h>

#include "port/db.h"
#include "unit.h"

/* Conninfo of the cluster, with more words behind. */
static inline char *cluster_conninfo(void *ctx, const char *more)
{
	const char *host = getenv("HOP_TEST_PGHOST");

	ck_assert_msg(host != NULL,
		      "HOP_TEST_PGHOST is not set: run me through tests/lib/with-cluster");
	return mem_printf(ctx, "host=%s port=%s user=postgres %s", host, getenv("HOP_TEST_PGPORT"),
			  more);
}

static inline struct db *cluster_connect(void *ctx, const char *dbname)
{
	struct db *db;

	ck_good(db_connect(&db, ctx, cluster_conninfo(ctx, ""), dbname));
	return db;
}

/*
 * The name of a database of this test's own, which does not exist yet. with-cluster drops it when
 * the program has ended.
 */
static inline char *cluster_new_name(void *ctx)
{
	static int n;

	return mem_printf(ctx, "unit_%s_%d_%d", getenv("HOP_TEST_RUN"), (int)getpid(), n++);
}

/* From template0: other tests are connected to template1. */
static inline void cluster_create(struct db *admin, const char *name)
{
	SCOPE(tmp, NULL);

	ck_good(db_exec_simple(admin, mem_printf(tmp, "create database %s template template0",
						 db_ident(tmp, admin, name))));
}

/* A connection to a new, empty database. */
static inline struct db *cluster_database(void *ctx)
{
	SCOPE(tmp, NULL);
	char *name = cluster_new_name(tmp);
	struct db *admin = cluster_connect(tmp, "postgres");

	cluster_create(admin, name);
	return cluster_connect(ctx, name);
}

/* The first value that a statement answers. */
static inline char *cluster_value(void *ctx, struct db *db, const char *sql)
{
	struct rows *rows;

	ck_good(db_query(&rows, ctx, db, sql, DB_NO_ARGS));
	ck_assert_int_ge(rows_count(rows), 1);
	return rows_text(rows, 0, 0) ? mem_dup(ctx, rows_text(rows, 0, 0)) : NULL;
}

/* The same in the session as it is, see db_exec_session. */
static inline char *cluster_session_value(void *ctx, struct db *db, const char *sql)
{
	struct db_script_error where;

	ck_good(db_run_text(&where, ctx, db, sql, NULL, 0));
	ck_assert_ptr_nonnull(where.last);
	return rows_text(where.last, 0, 0) ? mem_dup(ctx, rows_text(where.last, 0, 0)) : NULL;
}

/* So that a test finds no setting of the one before, when they share a process. */
static inline void cluster_setup(void)
{
	static const char *const names[] = {
		"PGAPPNAME", "PGCLIENTENCODING", "PGDATABASE", "PGDATESTYLE",
		"PGHOST",    "PGHOSTADDR",       "PGOPTIONS",  "PGPORT",
		"PGSERVICE", "PGSERVICEFILE",    "PGUSER",
	};

	for (size_t i = 0; i < COUNT(names); i++)
		unsetenv(names[i]);
}

static inline int run_suite(const char *name, void (*add)(TCase *tc))
{
	Suite *suite = suite_create(name);
	TCase *tc = tcase_create(name);

	tcase_add_checked_fixture(tc, cluster_setup, NULL);
	add(tc);
	tcase_set_timeout(tc, 120);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}

#endif
