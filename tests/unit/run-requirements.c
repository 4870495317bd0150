/* run/requirements: which files create an extension, and what a database lacks. */
#include "run/requirements.h"

#include "cluster.h"

static const struct {
	const char *text, *extension;
	bool creates;
} texts[] = {
	{"create extension citext;", "citext", true},
	{"-- x\nCREATE\tEXTENSION  IF NOT\nEXISTS citext WITH SCHEMA s;", "citext", true},
	{"create extension \"uuid-ossp\";", "uuid-ossp", true},
	{"create extension uuid;", "uuid-ossp", false},
	{"create extension citext2;", "citext", false},
	{"create extension IF;", "citext", false},
	{"recreate extension citext;", "citext", false},
	{"create table citext (i int); drop extension citext;", "citext", false},
	{"create extension", "citext", false},
	{"", "citext", false},
};

START_TEST(creates)
{
	ck_assert_int_eq(requirements_creates(texts[_i].text, texts[_i].extension),
			 texts[_i].creates);
}
END_TEST

START_TEST(nothing_listed)
{
	SCOPE(tmp, NULL);
	const struct conf conf = {.format = 1};
	const char *const none[] = {NULL};
	struct db *db = cluster_database(tmp);

	ck_good(requirements_make_roles(db, &conf, db_user(db)));
	ck_good(requirements_make_extensions(db, &conf));
	ck_good(requirements_check(db, &conf, none));
}
END_TEST

START_TEST(lacks)
{
	SCOPE(tmp, NULL);
	struct conf conf = {.format = 1};
	const char *const none[] = {NULL};
	struct db *db = cluster_database(tmp);
	struct error *err;

	mem_list_add(&conf.roles, tmp, "no such role");
	mem_list_add(&conf.extensions, tmp, "citext");
	err = requirements_check(db, &conf, none);
	ck_assert_ptr_nonnull(err);
	ck_assert_int_eq(err->code, ERROR_NO);
	ck_assert_ptr_nonnull(strstr(err->hint, "CREATE ROLE \"no such role\" NOLOGIN;"));
	ck_assert_ptr_nonnull(strstr(err->hint, "CREATE EXTENSION \"citext\";"));
	error_free(err);
	conf.roles = NULL;
	ck_good(requirements_make_extensions(db, &conf));
	ck_good(requirements_check(db, &conf, none));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, creates, 0, COUNT(texts));
	tcase_add_test(tc, nothing_listed);
	tcase_add_test(tc, lacks);
}

int main(void)
{
	return run_suite("run/requirements", add);
}
