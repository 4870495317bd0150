/* build/build: what is built, by which names, and what is left of it. */
#include "build/build.h"

#include "build/scratch.h"

#include "cluster.h"
#include "build/build_private.h"
#include "sample.h"
#include "sql/sql.h"

/* A sample project with a release 1.1.0 that has COUNT staged patches, each with a table pN. */
struct yard {
	struct sample *sample;
	struct project *project;
	struct dev_server *dev;
	struct build *build;
	char *database;
};

static int yard_free(struct yard *y)
{
	SCOPE(tmp, NULL);
	struct db *db = cluster_connect(tmp, "postgres");
	struct rows *rows;

	ck_good(db_query(&rows, tmp, db,
			 "select datname from pg_database where starts_with(datname, $1) "
			 "or datname = $2",
			 DB_ARGS(mem_printf(tmp, "hop_%.8s_", y->sample->id), y->database)));
	for (int i = 0; i < rows_count(rows); i++) {
		char *name = db_ident(tmp, db, rows_text(rows, i, 0));

		error_free(db_exec_simple(db, mem_printf(tmp, "drop database if exists %s", name)));
	}
	return 0;
}

static struct yard *yard_new(void *ctx, int count)
{
	static const struct version release = {.major = 1, .minor = 1};
	struct yard *y = mem_new(ctx, struct yard);
	char *list = mem_dup(y, "[patches]\n");
	char *conninfo, *commit;

	y->database = cluster_new_name(y);
	y->sample = sample_new(y);
	for (int i = 1; i <= count; i++) {
		sample_file(y->sample, mem_printf(y, "Patches/%d/01.sql", i),
			    mem_printf(y, "CREATE TABLE p%d (id integer);", i));
		mem_append(&list, y, "\"%d\" = \"staged\"\n", i);
	}
	mem_append(&list, y, "\"77\" = \"candidate\"\n");
	sample_file(y->sample, ".hop/releases/1.1.0-patches.toml", list);
	commit = sample_commit(y->sample);
	y->project = sample_open(y, y->sample);
	conninfo = cluster_conninfo(y, mem_printf(y, "dbname=%s", y->database));
	ck_good(dev_server_open(&y->dev, y, y->project, conninfo, false));
	ck_good(build_of_release(&y->build, y, y->project, commit, &release));
	talloc_set_destructor(y, yard_free);
	return y;
}

/* One more patch at the end, with one file. */
static void add_patch(struct yard *y, const char *id, const char *file, const char *text)
{
	char *commit, *tree;

	sample_file(y->sample, mem_printf(y, "Patches/%s/%s", id, file), text);
	commit = sample_commit(y->sample);
	ck_good(repo_entry(&tree, y, y->project->repo, commit, mem_printf(y, "Patches/%s", id)));
	ck_assert_ptr_nonnull(tree);
	build_add(y->build, id, tree);
}

/* The databases of the project, sorted, by the letter of their kind: "ttp". */
static char *kinds(struct yard *y)
{
	return cluster_value(y, y->dev->db,
			     mem_printf(y,
					"select coalesce(string_agg(substr(datname, 14, 1), '' "
					"order by substr(datname, 14, 1)), '') from pg_database "
					"where starts_with(datname, '%s')",
					y->dev->prefix));
}

static void await_kinds(struct yard *y, const char *want)
{
	for (int i = 0; i < 6000 && strcmp(kinds(y), want) != 0; i++)
		usleep(10000);
	ck_assert_str_eq(kinds(y), want);
}

static char *tables(struct yard *y, struct scratch *s)
{
	return cluster_value(y, s->db,
			     "select string_agg(tablename, ' ' order by tablename) "
			     "from pg_tables where schemaname = 'public'");
}

START_TEST(keys)
{
	SCOPE(tmp, NULL);
	struct yard *y = yard_new(tmp, 3);
	char **before, **after, *kept;

	ck_good(build_keys(&before, tmp, y->dev, y->dev->project->conf, y->build));
	ck_good(build_keys(&after, tmp, y->dev, y->dev->project->conf, y->build));
	for (size_t i = 0; i < 4; i++) {
		ck_assert_uint_eq(strlen(before[i]), 40);
		ck_assert_str_eq(before[i], after[i]);
		ck_assert(i == 0 || strcmp(before[i], before[i - 1]) != 0);
	}
	kept = y->build->patches[1].tree;
	y->build->patches[1].tree = y->build->patches[0].tree;
	ck_good(build_keys(&after, tmp, y->dev, y->dev->project->conf, y->build));
	ck_assert_str_eq(before[0], after[0]);
	ck_assert_str_eq(before[1], after[1]);
	ck_assert_str_ne(before[2], after[2]);
	ck_assert_str_ne(before[3], after[3]);
	y->build->patches[1].tree = kept;
	y->build->release.minor++;
	ck_good(build_keys(&after, tmp, y->dev, y->dev->project->conf, y->build));
	ck_assert_str_eq(before[0], after[0]);
	ck_assert_str_ne(before[1], after[1]);
}
END_TEST

START_TEST(builds)
{
	SCOPE(tmp, NULL);
	struct yard *y = yard_new(tmp, 3);
	struct scratch *s;

	ck_good(build_run(&s, tmp, y->dev, y->build, 2));
	ck_assert_str_eq(tables(y, s), "item p1 p2 p3");
	ck_assert_str_eq(cluster_value(tmp, s->db, "select role from hop.project"), "scratch");
	ck_assert_str_eq(cluster_value(tmp, s->db,
				       "select string_agg(id || ' ' || version || ' ' || "
				       "position, ',' order by position) from hop.patch"),
			 "1 1.1.0 1,2 1.1.0 2,3 1.1.0 3");
	ck_assert_str_eq(kinds(y), "stt");
	talloc_free(s);
	ck_assert_str_eq(kinds(y), "tt");
}
END_TEST

START_TEST(spares)
{
	SCOPE(tmp, NULL);
	struct yard *y = yard_new(tmp, 2);
	struct scratch *s;

	build_prepare_spare(y->dev, y->build, 2);
	ck_assert_str_eq(kinds(y), "");
	ck_good(build_run(&s, tmp, y->dev, y->build, 2));
	build_prepare_spare(y->dev, y->build, 2);
	await_kinds(y, "pstt");
	build_prepare_spare(y->dev, y->build, 2);
	talloc_free(s);
	add_patch(y, "3", "a.sql", "CREATE TABLE p3 ();");
	ck_good(build_run(&s, tmp, y->dev, y->build, 2));
	ck_assert_str_eq(tables(y, s), "item p1 p2 p3");
	ck_assert_str_eq(kinds(y), "stt");
	/* A failure makes a new spare by itself, since its builder will be back. */
	talloc_free(s);
	add_patch(y, "4", "a.sql", "SELECT nothing;");
	ck_error(build_run(&s, tmp, y->dev, y->build, 2), ERROR_NO);
	await_kinds(y, "ptt");
}
END_TEST

START_TEST(templates)
{
	SCOPE(tmp, NULL);
	struct yard *y = yard_new(tmp, 1);
	struct scratch *s, *twin;

	ck_good(build_run(&s, tmp, y->dev, y->build, 0));
	ck_good(build_run(&twin, tmp, y->dev, y->build, 0));
	ck_assert_str_eq(s->key, twin->key);
	ck_assert_str_eq(kinds(y), "sst");
	ck_good(scratch_to_template(s));
	ck_assert_str_eq(kinds(y), "stt");
	ck_good(scratch_to_template(twin));
	ck_assert_str_eq(kinds(y), "tt");
	ck_good(build_run(&s, tmp, y->dev, y->build, 0));
	ck_assert_str_eq(tables(y, s), "item p1");
	ck_error(db_exec_simple(s->db, "CREATE TABLE p1 ()"), ERROR_FAIL);
}
END_TEST

START_TEST(swap)
{
	SCOPE(tmp, NULL);
	struct yard *y = yard_new(tmp, 1);
	struct scratch *s;
	struct db *db;

	for (int i = 0; i < 2; i++) {
		ck_good(build_run(&s, tmp, y->dev, y->build, 0));
		ck_good(scratch_swap_in(s));
		talloc_free(s);
		db = cluster_connect(tmp, y->database);
		ck_assert_str_eq(cluster_value(tmp, db, "select role from hop.project"),
				 "development");
		ck_good(db_exec_simple(db, "CREATE TABLE public.mine ()"));
	}
	await_kinds(y, "t");
	ck_good(db_exec_simple(db, "UPDATE hop.project SET role = 'production'"));
	talloc_free(db);
	ck_good(build_run(&s, tmp, y->dev, y->build, 0));
	y->dev->take_over = y->database;
	ck_error(scratch_swap_in(s), ERROR_NO);
	talloc_free(s);
	ck_assert_str_eq(kinds(y), "t");
	db = cluster_connect(tmp, y->database);
	ck_good(db_exec_simple(db, "TABLE public.mine"));
}
END_TEST

static const struct {
	const char *file, *text, *message;
	bool built; /* a server found it; the others are refused before anything is built */
} faults[] = {
	{"01 a.sql", "SELECT 1;\n\nSELECT 1/0;", "Patches/9-x/01 a.sql:3:1: division by zero",
	 true},
	{"a.sql", "COMMIT;", "Patches/9-x/a.sql:1:1: transaction control", false},
	{"a.py", "# @HOP:bootstrap\n", "Patches/9-x/a.py: ", false},
	{"a.psql", "-- @HOP:bootstrap\n", "Patches/9-x/a.psql: ", false},
	{"a.sql", "-- @HOP:no-transaction\nCOMMIT;", "Patches/9-x/a.sql:2:1: ", false},
	{"a.sql", "-- @HOP:nonsense\n", "Patches/9-x/a.sql: ", false},
	{"a.sql",
	 "CREATE TABLE c (a int UNIQUE DEFERRABLE INITIALLY DEFERRED);\n"
	 "INSERT INTO c VALUES (1), (1);",
	 "Patches/9-x/a.sql: deferred constraint at the end of the patch: duplicate key", true},
};

START_TEST(fault)
{
	SCOPE(tmp, NULL);
	struct yard *y = yard_new(tmp, 0);
	struct scratch *s;
	struct error *err;

	add_patch(y, "9-x", faults[_i].file, faults[_i].text);
	err = build_run(&s, tmp, y->dev, y->build, 0);
	ck_assert_ptr_nonnull(err);
	ck_assert_int_eq(err->code, ERROR_NO);
	ck_assert_msg(strncmp(err->message, faults[_i].message, strlen(faults[_i].message)) == 0,
		      "%s", err->message);
	error_free(err);
	await_kinds(y, faults[_i].built ? "pt" : "");
}
END_TEST

START_TEST(odd_files)
{
	SCOPE(tmp, NULL);
	struct yard *y = yard_new(tmp, 0);
	struct scratch *s;

	for (int i = 0; i < 1000; i++)
		sample_file(y->sample, mem_printf(tmp, "Patches/5/%04d.sql", i),
			    i == 0 ? "CREATE TABLE t (i int);" : "INSERT INTO t VALUES (1);");
	sample_file(y->sample, "Patches/5/9 $'\"; rm -rf x.sql", "INSERT INTO t VALUES (2);");
	sample_file(y->sample, "Patches/5/-rf.sql", "CREATE TABLE first ();");
	sample_file(y->sample, "Patches/5/empty.sql", "");
	sample_file(y->sample, "Patches/5/README.md", "words");
	sample_file(y->sample, "Patches/5/folder/a.sql", "nonsense");
	sample_file(y->sample, "Patches/5/notes", "words");
	add_patch(y, "5", "z.sql", "INSERT INTO t VALUES (3);");
	ck_good(build_run(&s, tmp, y->dev, y->build, 0));
	ck_assert_str_eq(cluster_value(tmp, s->db, "select count(*) from public.t"), "1001");
	ck_assert_str_eq(tables(y, s), "first item t");
}
END_TEST

START_TEST(as_upgrade)
{
	SCOPE(tmp, NULL);
	struct yard *y = yard_new(tmp, 0);
	struct scratch *s;

	add_patch(y, "1", "a.sql", "CREATE TABLE a (i int PRIMARY KEY);");
	add_patch(y, "2", "a.sql",
		  "CREATE TABLE b (i int REFERENCES a DEFERRABLE INITIALLY DEFERRED);"
		  "INSERT INTO a VALUES (1); INSERT INTO b VALUES (1);");
	y->build->as_upgrade = true;
	ck_good(build_run(&s, tmp, y->dev, y->build, 0));
	ck_assert_str_eq(tables(y, s), "a b item");
	talloc_free(s);
	add_patch(y, "3", "a.sql", "ALTER TABLE b ADD COLUMN t text;");
	y->build->as_upgrade = false;
	ck_good(build_run(&s, tmp, y->dev, y->build, 0));
	talloc_free(s);
	y->build->as_upgrade = true;
	/* What is deferred is checked at the end of each patch: nothing is pending in the next. */
	ck_good(build_run(&s, tmp, y->dev, y->build, 0));
}
END_TEST

/* Another server version, or other tables of hop's, and no template of before is of use. */
START_TEST(key_of_base)
{
	SCOPE(tmp, NULL);
	struct yard *y = yard_new(tmp, 0);
	char *hop, *text, *want, *key;

	ck_good(repo_hash(&hop, tmp, sql_hop, strlen(sql_hop)));
	text = mem_printf(tmp, "hop base 2\nproject %s\nserver %s\nmodel M\nhop.sql %s\n",
			  y->sample->id, cluster_value(y, y->dev->db, "show server_version_num"),
			  hop);
	ck_good(repo_hash(&want, tmp, text, strlen(text)));
	ck_good(build_base_key(&key, tmp, y->dev, y->dev->project->conf, "M"));
	ck_assert_str_eq(key, want);
}
END_TEST

/* What a dead command wrote down is dropped only if hop gave it its name. */
START_TEST(leftover_of_no_prefix)
{
	SCOPE(tmp, NULL);
	struct yard *y = yard_new(tmp, 0);
	char *precious = cluster_new_name(tmp), *ours = mem_printf(tmp, "%ss_1_x", y->dev->prefix);
	char *names[] = {precious, ours};
	struct leftovers *l;
	struct dev_server *again;

	ck_good(leftovers_open(&l, tmp, y->project));
	for (int i = 0; i < 2; i++) {
		ck_good(db_exec_simple(y->dev->db,
				       mem_printf(tmp, "create database \"%s\"", names[i])));
		ck_good(leftovers_add(l, "database",
				      mem_printf(tmp, "%s %s", names[i], y->dev->place)));
	}
	leftovers_keep(l);
	talloc_free(l);
	ck_good(dev_server_open(&again, tmp, y->project, y->dev->conninfo, false));
	ck_assert_str_eq(
		cluster_value(y, y->dev->db,
			      mem_printf(tmp,
					 "select string_agg(datname, ' ') from pg_database "
					 "where datname in ('%s', '%s')",
					 precious, ours)),
		precious);
	ck_good(db_exec_simple(y->dev->db, mem_printf(tmp, "drop database \"%s\"", precious)));
}
END_TEST

static void add_tests(TCase *tc)
{
	tcase_add_test(tc, keys);
	tcase_add_test(tc, builds);
	tcase_add_test(tc, spares);
	tcase_add_test(tc, templates);
	tcase_add_test(tc, swap);
	tcase_add_loop_test(tc, fault, 0, COUNT(faults));
	tcase_add_test(tc, odd_files);
	tcase_add_test(tc, as_upgrade);
	tcase_add_test(tc, key_of_base);
	tcase_add_test(tc, leftover_of_no_prefix);
}

int main(void)
{
	return run_suite("build/build", add_tests);
}
