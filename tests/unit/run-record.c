/* run/record: what a database says of itself. */
#include "run/record.h"

#include "cluster.h"

#define ID "0123456789abcdef0123456789abcdef"
#define HASH_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HASH_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static const struct record_identity shop = {ID, "shop", RECORD_SCRATCH, "0.1.0", NULL, NULL, NULL};

START_TEST(identity)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct record_identity production = shop;
	const struct record_identity development = {ID,     "shop", RECORD_DEVELOPMENT, "0.1.0", ID,
						    "here", "/x"};
	struct record_state state;

	ck_good(record_state(&state, tmp, db));
	ck_assert(!state.present && !state.has_objects);
	ck_good(record_install(db));
	ck_good(record_install(db));
	ck_good(record_state(&state, tmp, db));
	ck_assert(!state.present && !state.has_objects);
	ck_good(record_set_identity(db, &shop));
	ck_good(record_set_identity(db, &development));
	ck_good(record_state(&state, tmp, db));
	ck_assert_str_eq(state.identity.clone_id, ID);
	ck_assert_str_eq(state.identity.clone_host, "here");
	ck_assert_str_eq(state.identity.clone_directory, "/x");
	production.role = RECORD_PRODUCTION;
	ck_good(record_set_identity(db, &production));
	ck_good(record_state(&state, tmp, db));
	ck_assert(state.present && !state.has_objects);
	ck_assert_str_eq(state.identity.id, ID);
	ck_assert_str_eq(state.identity.name, "shop");
	ck_assert_str_eq(state.identity.role, "production");
	ck_assert_str_eq(state.identity.hop_version, "0.1.0");
	ck_assert_ptr_null(state.identity.clone_id);
}
END_TEST

static const struct record_identity wrong[] = {
	{ID, "shop", "prod", "0.1.0", NULL, NULL, NULL},
	{"0123", "shop", RECORD_SCRATCH, "0.1.0", NULL, NULL, NULL},
	{ID, "Shop", RECORD_SCRATCH, "0.1.0", NULL, NULL, NULL},
	{ID, "shop", RECORD_SCRATCH, "", NULL, NULL, NULL},
	{ID, "shop", RECORD_DEVELOPMENT, "0.1.0", "0123", "here", "/x"},
};

START_TEST(wrong_identity)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct error *err;

	ck_good(record_install(db));
	err = record_set_identity(db, &wrong[_i]);
	ck_assert(db_error_is(err, "23514"));
	error_free(err);
	ck_error(db_exec_simple(db,
				"insert into hop.project (only_row, id, name, role, hop_version) "
				"values (false, '" ID "', 'x', 'scratch', '1')"),
		 ERROR_FAIL);
}
END_TEST

static const struct {
	const char *sql;
	bool object;
} makings[] = {
	{"create table t (id serial primary key)", true},
	{"create view v as select 1 as one", true},
	{"create sequence s", true},
	{"create materialized view m as select 1 as one", true},
	{"create function f() returns int language sql as 'select 1'", true},
	{"create type e as enum ('a')", true},
	{"create domain d as int", true},
	{"create type c as (a int)", true},
	{"create type r as range (subtype = float8)", true},
	{"create schema other", true},
	{"create collation c from \"C\"", true},
	{"create text search configuration c (copy = simple)", true},
	{"create schema hop", false},
	{"create schema hop; create table hop.mine ()", true},
	{"select 1", false},
	{"create extension hstore; create extension citext; create extension pg_trgm", false},
	{"create extension btree_gist; create extension tablefunc", false},
	{"create temp table t ()", false},
	{"drop schema public", false},
};

START_TEST(objects)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct record_state state;

	ck_good(db_exec_session(db, makings[_i].sql));
	ck_good(record_state(&state, tmp, db));
	ck_assert(!state.present);
	ck_assert_int_eq(state.has_objects, makings[_i].object);
}
END_TEST

START_TEST(foreign_schema)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);

	ck_good(db_exec_simple(db, "create schema hop; create table hop.beer (name text)"));
	ck_error(record_install(db), ERROR_NO);
	ck_assert_ptr_null(cluster_value(tmp, db, "select to_regclass('hop.project')"));
}
END_TEST

/* What may have been done to hop's tables before. */
static const struct {
	const char *sql;
	const char *why; /* NULL: it is trusted */
	bool reads;      /* not even to read */
} untrusted[] = {
	{"select 1", NULL, false},
	{"alter schema hop owner to unit_evil", "it belongs to the role", true},
	{"alter table hop.release owner to unit_evil", "table hop.release belongs to the role",
	 true},
	{"create trigger evil before insert on hop.patch for each row execute function f()",
	 "table hop.patch has the trigger evil", false},
	{"create rule evil as on update to hop.project do also select f2()",
	 "table hop.project has the rule evil", false},
	{"alter table hop.release enable row level security", "row security", true},
	{"create policy p on hop.release using (f2() is null)", "row security", false},
	{"create table evil () inherits (hop.release)", "inherits", true},
	{"alter table hop.release alter applied_by set default f2()", "default", false},
	{"alter table hop.release alter applied_by set default public.textne('a', 'b')::text",
	 "default", false},
	{"alter table hop.release alter applied_by set default "
	 "query_to_xml('select public.f2()', true, true, '')::text",
	 "default", false},
	{"alter table hop.release alter applied_by set default 'x'::public.evil_domain", "default",
	 false},
	{"alter table hop.release add check (version <> public.f2())", "constraint", false},
	{"create index on hop.release (public.f2())", "index", false},
	{"alter table hop.release add evil public.evil_domain", "a type that a user created",
	 false},
	{"drop table hop.release cascade; create view hop.release as select f2() as version",
	 "table hop.release is not a table", true},
	{"alter schema hop owner to unit_evil; alter role unit_evil superuser", NULL, false},
	{"grant postgres to unit_evil; alter schema hop owner to unit_evil", NULL, false},
	{"do $$ begin execute format('alter database %I owner to unit_evil', "
	 "current_database()); end $$; alter schema hop owner to unit_evil",
	 NULL, false},
	{"create schema other; create view hop.mine as select 1 as one", NULL, false},
};

START_TEST(trust)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	const char *sql = untrusted[_i].sql;
	struct record_state state;
	struct error *err;

	ck_good(record_install(db));
	ck_good(db_exec_session(
		db, "reset search_path; create role unit_evil; create function f() returns trigger "
		    "language plpgsql as 'begin return new; end'; create function f2() "
		    "returns text immutable language sql as 'select ''x''::text'; create function "
		    "public.textne(text, text) returns bool immutable language sql as 'select "
		    "true'; create domain evil_domain as text check (value <> f2())"));
	ck_good(db_exec_session(db, sql));
	err = record_state(&state, tmp, db);
	ck_assert_int_eq(err != NULL, untrusted[_i].reads);
	if (!err)
		err = record_check_trust(db);
	if (!untrusted[_i].why)
		ck_good(err);
	else
		ck_assert_msg(err && strstr(err->message, untrusted[_i].why), "%s: %s", sql,
			      err ? err->message : "trusted");
	error_free(err);
	ck_good(db_exec_session(db,
				"reassign owned by unit_evil to postgres; drop role unit_evil"));
}
END_TEST

static struct record_release release(const char *version)
{
	return (struct record_release){
		.version = version,
		.commit = strcmp(version, "0.0.0") == 0 ? NULL : HASH_A,
		.hop_version = "0.1.0",
		.duration_ms = 12,
	};
}

static struct record_patch patch(const char *version, const char *id, const char *hash,
				 int position)
{
	return (struct record_patch){version, id, hash, position, 3};
}

static const char *const versions[] = {
	"1.10.0", "0.0.0", "1.2.0-rc10", "1.2.0", "1.2.0-hotfix1", "1.2.0-rc2", "1.9.3",
};
static const char *const in_order[] = {
	"0.0.0", "1.2.0-rc2", "1.2.0-rc10", "1.2.0", "1.2.0-hotfix1", "1.9.3", "1.10.0",
};

static void fill(struct db *db)
{
	ck_good(record_install(db));
	ck_good(db_exec_simple(db, "begin"));
	/* A patch may be written before its release. */
	struct record_patch patches[] = {
		patch("1.10.0", "12-users", HASH_A, 2),
		patch("1.10.0", "3-orders", HASH_B, 1),
		patch("1.2.0-rc2", "1", HASH_B, 1),
		patch("1.2.0", "1", HASH_B, 1),
	};
	for (size_t i = 0; i < COUNT(patches); i++)
		ck_good(record_add(db, NULL, &patches[i], 1));
	for (size_t i = 0; i < COUNT(versions); i++) {
		struct record_release r = release(versions[i]);

		ck_good(record_add(db, &r, NULL, 0));
	}
	ck_good(db_exec_simple(db, "commit"));
}

START_TEST(lists)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct record_release *releases;
	struct plan_applied *applied;
	char *version;
	size_t n;

	ck_good(record_install(db));
	ck_good(record_version(&version, tmp, db));
	ck_assert_ptr_null(version);
	ck_good(record_applied(&applied, &n, tmp, db));
	ck_assert_uint_eq(n, 0);
	fill(db);
	ck_good(record_releases(&releases, &n, tmp, db));
	ck_assert_uint_eq(n, COUNT(versions));
	for (size_t i = 0; i < n; i++) {
		ck_assert_str_eq(releases[i].version, in_order[i]);
		ck_assert_str_eq(releases[i].applied_by, "postgres");
		ck_assert_int_eq(releases[i].duration_ms, 12);
		ck_assert_int_eq(releases[i].commit == NULL, i == 0);
		ck_assert_uint_eq(strlen(releases[i].applied_at),
				  strlen("2026-01-01 00:00:00.000000+00"));
	}
	ck_good(record_version(&version, tmp, db));
	ck_assert_str_eq(version, "1.10.0");
	ck_good(record_applied(&applied, &n, tmp, db));
	ck_assert_uint_eq(n, 4);
	ck_assert_str_eq(applied[0].version, "1.2.0-rc2");
	ck_assert_str_eq(applied[1].version, "1.2.0");
	ck_assert_str_eq(applied[2].id, "3-orders");
	ck_assert_str_eq(applied[2].hash, HASH_B);
	ck_assert_str_eq(applied[3].id, "12-users");
}
END_TEST

START_TEST(refuses_nonsense)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct record_release bad_version = release("1.2");
	struct record_patch no_release = patch("7.0.0", "1", HASH_A, 1);
	struct record_patch bad_id = patch("1.2.0", "x; drop", HASH_A, 2);
	struct record_patch same_position = patch("1.2.0", "2", HASH_A, 1);
	struct record_release again = release("1.2.0");

	fill(db);
	ck_error(record_add(db, &bad_version, NULL, 0), ERROR_FAIL);
	ck_error(record_add(db, &again, NULL, 0), ERROR_FAIL);
	ck_error(record_add(db, NULL, &no_release, 1), ERROR_FAIL);
	ck_error(record_add(db, NULL, &bad_id, 1), ERROR_FAIL);
	ck_error(record_add(db, NULL, &same_position, 1), ERROR_FAIL);
}
END_TEST

START_TEST(dump_and_load)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	struct db *copy = cluster_database(tmp);
	char *text, *again;

	fill(db);
	/* What a role may be called. */
	ck_good(db_exec(db, "update hop.release set applied_by = $1 where version = '1.9.3'",
			DB_ARGS("a\tb\\N\nc\r\\.\xc3\xa9")));
	ck_good(record_dump(&text, tmp, db));
	ck_good(record_install(copy));
	/* Another time zone and date style change nothing. */
	ck_good(db_exec_simple(copy, "set timezone = 'Asia/Kolkata'; set datestyle = 'German'"));
	ck_good(record_load(copy, "metadata", text, strlen(text)));
	ck_good(db_exec_simple(copy, "set timezone = 'Asia/Kolkata'; set datestyle = 'German'"));
	ck_good(record_dump(&again, tmp, copy));
	ck_assert_str_eq(text, again);
	ck_assert_str_eq(
		cluster_value(tmp, copy,
			      "select applied_by from hop.release where version = '1.9.3'"),
		"a\tb\\N\nc\r\\.\xc3\xa9");
	ck_error(record_load(copy, "metadata", text, strlen(text)), ERROR_NO);
}
END_TEST

START_TEST(empty_dump)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	char *text;

	ck_good(record_install(db));
	ck_good(record_dump(&text, tmp, db));
	ck_good(record_load(db, "metadata", text, strlen(text)));
}
END_TEST

/* Rows of two tables, and no other text: the file comes out of a repository. */
static const char *const no_rows[] = {
	"select 1;",
	"COPY hop.project (id) FROM stdin;\n\\.\n",
	"COPY hop.release (version) FROM stdin WHERE f(version);\n\\.\n",
	"COPY hop.release (f(version)) FROM stdin;\n\\.\n",
	"COPY release (version) FROM stdin;\n\\.\n",
	"COPY hop.release (version) FROM PROGRAM 'true';",
	"select 1; COPY hop.release (version) FROM stdin;\n\\.\n",
	"COPY hop.release (version) FROM stdin;\n\\.\ndrop schema hop cascade;",
};

START_TEST(other_text)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_database(tmp);
	const char *text = no_rows[_i];

	ck_good(record_install(db));
	ck_good(db_exec_simple(db, "BEGIN"));
	ck_error(record_load(db, "metadata", text, strlen(text)), ERROR_NO);
}
END_TEST

START_TEST(role_without_rights)
{
	SCOPE(tmp, NULL);
	struct db *admin = cluster_database(tmp);
	char *role = mem_printf(tmp, "role_%s", db_name(admin));
	struct record_state state;
	struct db *db;

	ck_good(db_exec_simple(
		admin, mem_printf(tmp,
				  "create role %s login nosuperuser nocreatedb nocreaterole;"
				  "grant create on database %s to %s",
				  role, db_name(admin), role)));
	ck_good(db_connect(&db, tmp, cluster_conninfo(tmp, mem_printf(tmp, "user=%s", role)),
			   db_name(admin)));
	fill(db);
	ck_good(record_set_identity(db, &shop));
	ck_good(record_state(&state, tmp, db));
	ck_assert(state.present && !state.has_objects);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, identity);
	tcase_add_loop_test(tc, wrong_identity, 0, COUNT(wrong));
	tcase_add_loop_test(tc, objects, 0, COUNT(makings));
	tcase_add_test(tc, foreign_schema);
	tcase_add_loop_test(tc, trust, 0, COUNT(untrusted));
	tcase_add_test(tc, lists);
	tcase_add_test(tc, refuses_nonsense);
	tcase_add_test(tc, dump_and_load);
	tcase_add_test(tc, empty_dump);
	tcase_add_loop_test(tc, other_text, 0, COUNT(no_rows));
	tcase_add_test(tc, role_without_rights);
}

int main(void)
{
	return run_suite("run/record", add);
}
