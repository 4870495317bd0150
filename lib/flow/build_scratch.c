/* Scratch databases: made from what is ready, handed on by rename, or dropped. */
#include "flow/build.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/log.h"
#include "flow/build_private.h"
#include "port/pgtool.h"

static struct error *drop(struct db *db, const char *name)
{
	SCOPE(tmp, NULL);

	return db_exec_simple(db, mem_printf(tmp, "DROP DATABASE IF EXISTS %s WITH (FORCE)",
					     db_ident(tmp, db, name)));
}

/* Over a new connection when the old one is no more. */
static struct error *drop_somehow(struct workshop *w, const char *name)
{
	SCOPE(tmp, NULL);
	struct error *err = drop(w->db, name);
	struct db *db;

	if (!err || *err->sqlstate)
		return err;
	error_free(err);
	err = workshop_connect(&db, tmp, w, db_name(w->db));
	return err ? err : drop(db, name);
}

static int scratch_free(struct scratch *s)
{
	int suspended = signals_suspend();
	struct workshop *w = s->workshop;
	struct error *err = NULL;

	TALLOC_FREE(s->db);
	if (s->name)
		err = w->can_create ? drop_somehow(w, s->name) : workshop_unlock(w);
	if (err) {
		warn("cannot leave the database '%s': %s", s->name, err->message);
		if (w->litter)
			litter_keep(w->litter);
		error_free(err);
	}
	signals_resume(suspended);
	return 0;
}

struct error *database_new_name(char **name, void *ctx, struct workshop *w, char letter)
{
	unsigned int number;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		return error_errno("cannot get a random number");
	*name = mem_printf(ctx, "%s%c_%ld_%08x", w->prefix, letter, (long)getpid(), number);
	return NULL;
}

static struct error *scratch_new(struct scratch **out, void *ctx, struct workshop *w,
				 const char *key)
{
	SCOPE(tmp, ctx);
	struct scratch *s = mem_new(tmp, struct scratch);
	struct error *err;
	char *name;

	s->workshop = w;
	s->key = mem_dup(s, key);
	err = database_new_name(&name, s, w, 's');
	if (!err)
		err = workshop_note(w, name);
	if (!err)
		err = fail_point("scratch.noted");
	if (err)
		return err;
	s->name = name;
	talloc_set_destructor(s, scratch_free);
	*out = talloc_steal(ctx, s);
	return NULL;
}

/* Gone from under our feet: dropped by another's cleaning, or renamed or copied by another build at
 * this moment. */
static bool lost_race(const struct error *err)
{
	return db_error_is(err, "3D000") || db_error_is(err, "55006");
}

/*
 * A spare that the command before asked for may still be on its way: another copy beside it would
 * take as long, and make both slower.
 */
static struct error *await_spare(bool *there, struct workshop *w, const char *spare,
				 const char *template)
{
	SCOPE(tmp, w);
	char *copy = template_copy_sql(tmp, w, spare, template);
	bool coming = true;

	*there = false;
	while (coming) {
		struct rows *rows;
		struct error *err;

		err = db_query(&rows, tmp, w->db,
			       "select exists (select from pg_catalog.pg_stat_activity "
			       "where state = 'active' and query = $1), "
			       "exists (select from pg_catalog.pg_database where datname = $2)",
			       DB_ARGS(copy, spare));
		if (err)
			return err;
		coming = rows_true(rows, 0, 0);
		*there = rows_true(rows, 0, 1);
		if (coming)
			usleep(5000);
	}
	return NULL;
}

/* Runs SQL, which is about databases of others too: *DONE is false when one of them was faster. */
static struct error *try(bool *done, struct workshop *w, const char *sql)
{
	struct error *err = db_exec_simple(w->db, sql);

	*done = !err;
	if (!lost_race(err))
		return err;
	error_free(err);
	return NULL;
}

/* S as the state KEY, when a spare or a template of it is there. */
static struct error *take(bool *taken, struct scratch *s, struct shelf *shelf, const char *key)
{
	SCOPE(tmp, s);
	struct workshop *w = s->workshop;
	char *spare = spare_name(tmp, w, key);
	char *template = template_name(tmp, w, key);
	bool has_spare = shelf_find(shelf, spare);
	bool has_template = shelf_find(shelf, template);
	struct error *err = NULL;

	*taken = false;
	if (!has_spare && has_template)
		err = await_spare(&has_spare, w, spare, template);
	if (!err && has_spare)
		err = try(taken, w,
			  mem_printf(tmp, "ALTER DATABASE %s RENAME TO %s",
				     db_ident(tmp, w->db, spare), db_ident(tmp, w->db, s->name)));
	if (!err && !*taken && has_template)
		err = try(taken, w, template_copy_sql(tmp, w, s->name, template));
	if (!err && *taken)
		shelf_touch(shelf, key);
	return err ? err : fail_point("scratch.taken");
}

static struct error *connect(struct scratch *s)
{
	return s->db ? NULL : workshop_connect(&s->db, s, s->workshop, s->name);
}

struct error *database_leave(struct workshop *w, struct db **db, const char *name)
{
	TALLOC_FREE(*db);
	for (int i = 0; i < 100; i++) {
		SCOPE(tmp, w);
		struct rows *rows;
		struct error *err;

		err = db_query(&rows, tmp, w->db,
			       "select from pg_catalog.pg_stat_activity where datname = $1 limit 1",
			       DB_ARGS(name));
		if (err || rows_count(rows) == 0)
			return err;
		usleep(1000);
	}
	return NULL;
}

/* A build under way. */
struct job {
	void *ctx; /* of the result */
	struct workshop *workshop;
	const struct build *build;
	struct shelf *shelf;
	char **keys;
	struct scratch *scratch;
	size_t have; /* patches that are in it */
};

static struct error *play_to(struct job *job, size_t to)
{
	struct error *err = NULL;

	if (job->have < to)
		err = connect(job->scratch);
	if (!err)
		err = play_patches(job->workshop, job->scratch->db, job->build, job->have, to);
	if (!err)
		job->have = to;
	return err;
}

/*
 * What was built so far becomes the template of its state, and the build goes on in a copy of it:
 * made before, since others may clean a template away as soon as it is one.
 */
static struct error *publish(struct job *job)
{
	SCOPE(tmp, NULL);
	struct workshop *w = job->workshop;
	struct scratch *done = job->scratch;
	struct error *err;

	done->key = mem_dup(done, job->keys[job->have]);
	err = scratch_new(&job->scratch, job->ctx, w, job->keys[job->build->count]);
	if (!err)
		err = database_leave(w, &done->db, done->name);
	if (!err)
		err = db_exec_simple(w->db,
				     template_copy_sql(tmp, w, job->scratch->name, done->name));
	if (!err)
		err = scratch_to_template(done);
	talloc_free(done);
	return err;
}

static struct error *create_empty(struct job *job)
{
	SCOPE(tmp, NULL);
	struct db *db = job->workshop->db;
	struct error *err;

	job->have = 0;
	err = db_exec_simple(db, mem_printf(tmp,
					    "CREATE DATABASE %s TEMPLATE template0 ENCODING 'UTF8'",
					    db_ident(tmp, db, job->scratch->name)));
	return err ? err : fail_point("scratch.created");
}

static struct error *start_from_nothing(struct job *job)
{
	struct error *err;

	err = create_empty(job);
	if (!err)
		err = connect(job->scratch);
	if (!err)
		err = play_base(job->workshop, job->scratch->db, job->build);
	return err ? err : publish(job);
}

/* Such a state has no key: it is nobody's template. */
static struct error *run_from_dump(struct job *job)
{
	struct workshop *w = job->workshop;
	struct error *err;

	err = scratch_new(&job->scratch, job->ctx, w, "");
	if (!err)
		err = create_empty(job);
	if (!err)
		err = pgtool_load(job->ctx, w->db, job->scratch->name, job->build->dump);
	if (!err)
		err = connect(job->scratch);
	if (!err)
		err = play_dump(w, job->scratch->db, job->build);
	return err ? err : play_to(job, job->build->count);
}

static struct error *run(struct job *job, size_t keep)
{
	size_t i = job->build->as_upgrade ? 0 : job->build->count;
	bool taken = false;
	struct error *err;

	err = scratch_new(&job->scratch, job->ctx, job->workshop, job->keys[job->build->count]);
	for (i++; !err && !taken && i > 0; i--) {
		job->have = i - 1;
		err = take(&taken, job->scratch, job->shelf, job->keys[job->have]);
	}
	if (!err && !taken)
		err = start_from_nothing(job);
	if (!err && job->have < keep) {
		err = play_to(job, keep);
		if (!err)
			err = publish(job);
	}
	if (!err)
		err = play_to(job, job->build->count);
	return err ? err : connect(job->scratch);
}

/* Without CREATEDB there is one database to build in, and it has to be emptied first. */
static struct error *run_in_place(struct job *job)
{
	struct workshop *w = job->workshop;
	struct scratch *s;
	struct error *err = workshop_lock(w);

	if (err)
		return err;
	s = job->scratch = mem_new(job->ctx, struct scratch);
	s->workshop = w;
	s->name = mem_dup(s, w->dev);
	s->key = mem_dup(s, job->keys[job->build->count]);
	talloc_set_destructor(s, scratch_free);
	err = workshop_may_replace(w);
	if (!err)
		err = connect(s);
	if (!err)
		err = reset_database(w, s->db);
	if (!err)
		err = play_base(w, s->db, job->build);
	job->have = 0;
	return err ? err : play_to(job, job->build->count);
}

static struct error *no_room_for_dump(const struct workshop *w)
{
	return error_hint(
		error_new(ERROR_NO, "the role '%s' may not create databases", db_user(w->db)),
		"a dump is loaded into a new database only: use a server where the role may");
}

struct error *build_run(struct scratch **out, void *ctx, struct workshop *w, const struct build *b,
			size_t keep)
{
	SCOPE(tmp, ctx);
	struct job job = {.ctx = tmp, .workshop = w, .build = b};
	struct error *err = build_keys(&job.keys, tmp, w, b);

	if (keep > b->count || (b->as_upgrade && keep < b->count))
		keep = 0;
	if (!err && w->can_create)
		err = shelf_read(&job.shelf, tmp, w);
	if (!err && b->dump)
		err = w->can_create ? run_from_dump(&job) : no_room_for_dump(w);
	else if (!err)
		err = w->can_create ? run(&job, keep) : run_in_place(&job);
	/* Who made a mistake mends it and comes back; the next merge starts from the base again. */
	if (err ? err->code == ERROR_NO : b->as_upgrade)
		build_prepare_spare(w, b, b->as_upgrade ? 0 : keep);
	if (err)
		return err;
	if (w->can_create)
		shelf_clean(job.shelf, job.keys);
	*out = talloc_steal(ctx, job.scratch);
	return NULL;
}

void scratch_hand_on(struct scratch *s)
{
	TALLOC_FREE(s->db);
	s->name = NULL;
}

struct error *scratch_to_template(struct scratch *s)
{
	struct workshop *w = s->workshop;
	struct error *err;

	if (!w->can_create)
		return NULL;
	err = database_leave(w, &s->db, s->name);
	if (!err)
		err = template_publish(w, s->name, s->key);
	if (db_error_is(err, "42P04")) {
		error_free(err);
		err = drop(w->db, s->name);
	}
	if (!err)
		scratch_hand_on(s);
	return err ? err : fail_point("build.published");
}
