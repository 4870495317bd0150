/* run/target: which database is meant, whose it is, and what may become of it. */
#include "run/target.h"

#include "cluster.h"
#include "run/record.h"
#include "sample.h"

static void ck_named(struct project *p, const char *option, const char *want)
{
	SCOPE(tmp, NULL);
	char *got = target_named(tmp, p, option);

	ck_assert(want ? got && strcmp(got, want) == 0 : !got);
}

START_TEST(first_match)
{
	SCOPE(tmp, NULL);
	struct sample *s = sample_new(tmp);
	struct project *p;
	char *conninfo;

	unsetenv("PGHOST");
	unsetenv("PGPORT");
	p = sample_open(tmp, s);
	ck_named(p, NULL, NULL);
	ck_error(target_conninfo(&conninfo, tmp, p, NULL), ERROR_USAGE);
	setenv("PGDATABASE", "", 1);
	ck_named(p, NULL, NULL);
	setenv("PGSERVICE", "x", 1);
	ck_named(p, NULL, "");
	/* libpq's variables name no production database. */
	ck_error(target_conninfo(&conninfo, tmp, p, NULL), ERROR_USAGE);
	ck_good(git_run(NULL, tmp, s->repo, "config", "hop.database", "dbname=setting", NULL));
	p = sample_open(tmp, s);
	ck_named(p, NULL, "dbname=setting");
	setenv("HOP_DATABASE", "dbname=variable", 1);
	ck_named(p, NULL, "dbname=variable");
	ck_named(p, "dbname=option", "dbname=option");
	ck_good(target_conninfo(&conninfo, tmp, p, NULL));
	ck_assert_str_eq(conninfo, "dbname=variable");
	unsetenv("HOP_DATABASE");
	unsetenv("PGSERVICE");
	unsetenv("PGDATABASE");
}
END_TEST

START_TEST(development_name)
{
	SCOPE(tmp, NULL);
	struct project *p = sample_open(tmp, sample_new(tmp));
	char *name;

	ck_good(target_development_name(&name, tmp, p, "host=x", true));
	ck_assert_str_eq(name, "shop");
	ck_good(target_development_name(&name, tmp, p, "host=x", false));
	ck_assert(strncmp(name, "shop_", 5) == 0 && name[5]);
	ck_good(target_development_name(&name, tmp, p, "host=x dbname=mine", false));
	ck_assert_str_eq(name, "mine");
}
END_TEST

/* A database, what it was marked as (NULL: nothing), and what that makes of it. */
static const struct {
	const char *sql, *role;
	bool stranger; /* it is another project's */
	int kind;      /* -1: ERROR_NO */
	bool replace, named;
} states[] = {
	{"select 1", NULL, false, TARGET_EMPTY, true, true},
	{"create table public.t (i int)", NULL, false, TARGET_FOREIGN, false, true},
	{"create type public.e as enum ('a')", NULL, false, TARGET_FOREIGN, false, true},
	{"select lo_create(0)", NULL, false, TARGET_FOREIGN, false, true},
	{"select 1", RECORD_PRODUCTION, false, TARGET_OURS, false, false},
	{"select 1", RECORD_DEVELOPMENT, false, TARGET_TEST, true, true},
	{"select 1", RECORD_SCRATCH, false, -1, true, true},
	{"select 1", RECORD_PRODUCTION, true, -1, false, false},
	{"select 1", RECORD_DEVELOPMENT, true, -1, false, false},
};

START_TEST(whose)
{
	SCOPE(tmp, NULL);
	struct project *p = sample_open(tmp, sample_new(tmp));
	struct db *db = cluster_database(tmp);
	enum target_kind kind;

	ck_good(db_exec_simple(db, states[_i].sql));
	if (states[_i].role)
		ck_good(target_mark(p, db, states[_i].role));
	if (states[_i].stranger)
		ck_good(db_exec_simple(db, "update hop.project set id = repeat('0', 32)"));
	if (states[_i].kind < 0) {
		ck_error(target_kind(&kind, p, db), ERROR_NO);
	} else {
		ck_good(target_kind(&kind, p, db));
		ck_assert_int_eq(kind, states[_i].kind);
	}
	if (states[_i].replace)
		ck_good(target_may_replace(p, db, NULL));
	else
		ck_error(target_may_replace(p, db, NULL), ERROR_NO);
	if (states[_i].named)
		ck_good(target_may_replace(p, db, db_name(db)));
	else
		ck_error(target_may_replace(p, db, db_name(db)), ERROR_NO);
}
END_TEST

START_TEST(another_clone)
{
	SCOPE(tmp, NULL);
	struct project *p = sample_open(tmp, sample_new(tmp));
	struct db *db = cluster_database(tmp);

	ck_good(target_mark(p, db, RECORD_DEVELOPMENT));
	ck_good(db_exec_simple(db, "update hop.project set clone_id = repeat('1', 32)"));
	ck_error(target_may_replace(p, db, NULL), ERROR_NO);
	ck_error(target_may_replace(p, db, "another"), ERROR_NO);
	ck_good(target_may_replace(p, db, db_name(db)));
	ck_good(target_sign(p, db, RECORD_DEVELOPMENT));
	ck_good(target_may_replace(p, db, NULL));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, first_match);
	tcase_add_test(tc, development_name);
	tcase_add_loop_test(tc, whose, 0, COUNT(states));
	tcase_add_test(tc, another_clone);
}

int main(void)
{
	return run_suite("run/target", add);
}
