/* Scratch databases: made from templates, then renamed or dropped. */
#include "build/scratch.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/log.h"
#include "build/build_private.h"
#include "build/in_place.h"
#include "build/model.h"
#include "build/reset.h"
#include "build/swap.h"
#include "build/templates.h"
#include "port/pgtool.h"
#include "run/database.h"
#include "run/requirements.h"
#include "run/session.h"

/* Uses a new connection if the old one is closed. */
static struct error *drop_somehow(struct dev_server *dev, const char *name)
{
	SCOPE(tmp, NULL);
	struct error *err = database_drop(dev->db, name);
	struct db *db;

	if (!err || *err->sqlstate)
		return err;
	error_free(err);
	err = dev_server_connect(&db, tmp, dev, db_name(dev->db));
	return err ? err : database_drop(db, name);
}

static int scratch_free(struct scratch *s)
{
	int suspended = signals_suspend();
	struct dev_server *dev = s->dev;
	struct error *err = NULL;

	TALLOC_FREE(s->db);
	if (s->name)
		err = dev->can_create ? drop_somehow(dev, s->name) : dev_server_unlock(dev);
	if (err) {
		warn("cannot close the connection to database '%s': %s", s->name, err->message);
		if (dev->leftovers)
			leftovers_keep(dev->leftovers);
		error_free(err);
	}
	signals_resume(suspended);
	return 0;
}

static struct error *scratch_new(struct scratch **out, void *ctx, struct dev_server *dev,
				 const char *key)
{
	SCOPE(tmp, ctx);
	struct scratch *s = mem_new(tmp, struct scratch);
	struct error *err;
	char *name;

	s->dev = dev;
	s->key = mem_dup(s, key);
	err = dev_server_new_name(&name, s, dev, 's');
	if (!err)
		err = dev_server_note(dev, name);
	if (!err)
		err = fail_point("scratch.noted");
	if (err)
		return err;
	s->name = name;
	talloc_set_destructor(s, scratch_free);
	*out = talloc_steal(ctx, s);
	return NULL;
}

static struct error *connect(struct scratch *s)
{
	return s->db ? NULL : dev_server_connect(&s->db, s, s->dev, s->name);
}

/* A build under way. */
struct job {
	void *ctx; /* of the result */
	struct dev_server *dev;
	const struct build *build;
	struct templates *templates;
	const struct conf *conf;
	char **keys;
	struct scratch *scratch;
	size_t have;             /* number of patches in it */
	struct recipe **recipes; /* of the other patches */
};

static struct error *play_to(struct job *job, size_t to)
{
	struct error *err = NULL;

	if (job->have < to)
		err = connect(job->scratch);
	if (!err)
		err = play_patches(job->scratch, job->build, job->recipes, job->have, to);
	if (!err)
		job->have = to;
	return err;
}

static struct error *finish(struct job *job)
{
	struct scratch *s = job->scratch;
	struct error *err = connect(s);

	return err ? err : play_bootstrap(&s->seeded, job->dev, s->db, job->build);
}

static struct error *ask_plain(struct scratch *s)
{
	s->asked = true;
	return session_ask_plain(&s->plain, s->db);
}

/*
 * Makes a template of the current state, and continues in a copy. The copy is made first, because
 * others may drop a template as soon as it is one.
 */
static struct error *publish(struct job *job)
{
	SCOPE(tmp, NULL);
	struct dev_server *dev = job->dev;
	struct scratch *done = job->scratch;
	struct error *err;
	bool there;

	done->key = mem_dup(done, job->keys[job->have]);
	err = scratch_new(&job->scratch, job->ctx, dev, job->keys[job->build->count]);
	if (!err)
		err = ask_plain(done);
	if (!err)
		err = database_leave(dev->db, &done->db, done->name);
	if (!err)
		err = db_exec_simple(dev->db,
				     template_copy_sql(tmp, dev, job->scratch->name, done->name));
	if (!err)
		err = model_apply_database(&there, dev->db, done->name, job->scratch->name);
	job->scratch->asked = done->asked;
	job->scratch->plain = done->plain;
	if (!err)
		err = scratch_to_template(done);
	talloc_free(done);
	return err;
}

static struct error *create_empty(struct job *job)
{
	struct error *err = database_create(job->dev->db, job->scratch->name);

	job->have = 0;
	return err ? err : fail_point("scratch.created");
}

static struct error *start_from_nothing(struct job *job)
{
	struct error *err;

	err = create_empty(job);
	if (!err)
		err = connect(job->scratch);
	if (!err)
		err = play_base(job->dev, job->scratch->db, job->conf, job->build);
	return err ? err : publish(job);
}

struct error *scratch_load(struct scratch **out, void *ctx, struct dev_server *dev,
			   const struct conf *conf, const struct model *m)
{
	SCOPE(tmp, ctx);
	struct job job = {.ctx = tmp, .dev = dev};
	struct error *err;
	char *names, *key;

	err = dev->private_server ? dev_server_make_roles(dev, conf) : NULL;
	if (!err)
		err = model_names_of(&names, tmp, m);
	if (!err)
		err = build_base_key(&key, tmp, dev, conf, names);
	if (!err)
		err = scratch_new(&job.scratch, tmp, dev, key);
	if (!err)
		err = create_empty(&job);
	if (!err)
		err = connect(job.scratch);
	if (!err)
		err = play_model(dev, job.scratch->db, conf, m);
	if (!err)
		*out = talloc_steal(ctx, job.scratch);
	return dev_server_explain(err, dev);
}

struct error *scratch_reload(struct scratch *s, const struct conf *conf, const struct model *m)
{
	struct error *err;

	/* A model that failed to load has left its transaction. */
	database_rollback(s->db);
	err = reset_database(s->dev, s->db);
	return err ? err : play_model(s->dev, s->db, conf, m);
}

/* This state has no key, and therefore no template. */
static struct error *run_from_dump(struct job *job)
{
	struct dev_server *dev = job->dev;
	struct error *err;

	err = play_read(&job->recipes, job->ctx, dev, job->build, 0);
	if (!err)
		err = scratch_new(&job->scratch, job->ctx, dev, "");
	if (!err)
		err = create_empty(job);
	if (!err)
		err = pgtool_load(job->ctx, dev->db, job->scratch->name, job->build->dump);
	if (!err)
		err = connect(job->scratch);
	if (!err)
		err = play_dump(dev, job->scratch->db, job->build);
	if (!err)
		err = play_to(job, job->build->count);
	return err ? err : finish(job);
}

/*
 * On other servers than the private one, extensions are not part of a state: the list may have
 * grown since its template was made.
 */
static struct error *add_extensions(struct job *job)
{
	struct error *err;

	if (job->dev->private_server || !*job->conf->extensions)
		return NULL;
	job->scratch->asked = false;
	err = connect(job->scratch);
	return err ? err : requirements_make_extensions(job->scratch->db, job->conf);
}

static struct error *run(struct job *job, size_t keep)
{
	size_t i = job->build->as_upgrade ? 0 : job->build->count;
	bool taken = false;
	struct error *err;

	err = scratch_new(&job->scratch, job->ctx, job->dev, job->keys[job->build->count]);
	for (i++; !err && !taken && i > 0; i--) {
		job->have = i - 1;
		err = scratch_take(&taken, job->scratch, job->templates, job->keys[job->have]);
	}
	if (!err)
		err = play_read(&job->recipes, job->ctx, job->dev, job->build, job->have);
	if (!err && !taken)
		err = start_from_nothing(job);
	if (!err)
		err = add_extensions(job);
	if (!err && job->have < keep) {
		err = play_to(job, keep);
		if (!err)
			err = publish(job);
	}
	if (!err)
		err = play_to(job, job->build->count);
	return err ? err : finish(job);
}

/* Without CREATEDB, the only database to build in has to be emptied first. */
static struct error *run_in_place(struct job *job)
{
	struct dev_server *dev = job->dev;
	struct scratch *s;
	struct error *err = dev_server_lock(dev);

	if (err)
		return err;
	s = job->scratch = mem_new(job->ctx, struct scratch);
	s->dev = dev;
	s->name = mem_dup(s, dev->database);
	s->key = mem_dup(s, job->keys[job->build->count]);
	talloc_set_destructor(s, scratch_free);
	err = dev_server_may_replace(dev);
	if (!err)
		err = play_read(&job->recipes, job->ctx, dev, job->build, 0);
	if (!err)
		err = connect(s);
	if (!err)
		err = reset_database(dev, s->db);
	if (!err)
		err = requirements_make_extensions(s->db, job->conf);
	if (!err)
		err = play_base(dev, s->db, job->conf, job->build);
	/* Settings that the model makes for the database apply to new sessions. */
	TALLOC_FREE(s->db);
	if (!err)
		err = connect(s);
	job->have = 0;
	if (!err)
		err = in_place_begin(&s->in_place, s, dev, s->db, job->build);
	if (!err)
		err = play_to(job, job->build->count);
	if (!err)
		err = finish(job);
	if (!err)
		err = in_place_end(s->in_place, dev, s->db, job->conf, job->build, job->recipes);
	return err;
}

static struct error *no_room_for_dump(const struct dev_server *dev)
{
	return error_hint(
		error_new(ERROR_NO, "role '%s' cannot create databases", db_user(dev->db)),
		"a dump can be loaded only into a new database: use a server on which the role "
		"can create one");
}

struct error *build_run(struct scratch **out, void *ctx, struct dev_server *dev,
			const struct build *b, size_t keep)
{
	SCOPE(tmp, ctx);
	struct job job = {.ctx = tmp, .dev = dev, .build = b};
	struct error *err = build_conf(&job.conf, tmp, dev, b);

	if (!err)
		err = dev_server_make_roles(dev, job.conf);
	if (!err)
		err = build_keys(&job.keys, tmp, dev, job.conf, b);
	if (keep > b->count || (b->as_upgrade && keep < b->count))
		keep = 0;
	if (!err && dev->can_create)
		err = templates_read(&job.templates, tmp, dev);
	if (!err && b->dump)
		err = dev->can_create ? run_from_dump(&job) : no_room_for_dump(dev);
	else if (!err)
		err = dev->can_create ? run(&job, keep) : run_in_place(&job);
	/*
	 * After a failure, the patch is usually fixed and built again; the next merge starts from
	 * the base.
	 */
	if (err ? err->code == ERROR_NO : b->as_upgrade)
		build_prepare_spare(dev, b, b->as_upgrade ? 0 : keep);
	if (err)
		return dev_server_explain(err, dev);
	if (dev->can_create)
		templates_clean(job.templates, job.keys);
	*out = talloc_steal(ctx, job.scratch);
	return NULL;
}

/* The database has another purpose now: do not drop it. */
static void scratch_hand_on(struct scratch *s)
{
	TALLOC_FREE(s->db);
	s->name = NULL;
}

struct error *scratch_to_template(struct scratch *s)
{
	struct dev_server *dev = s->dev;
	struct error *err = NULL;

	if (!dev->can_create || s->seeded)
		return NULL;
	if (s->db)
		err = ask_plain(s);
	if (!err)
		err = database_leave(dev->db, &s->db, s->name);
	if (!err)
		err = template_publish(dev, s->name, s->key, s->plain);
	if (db_error_is(err, "42P04")) {
		error_free(err);
		err = database_drop(dev->db, s->name);
	}
	if (!err)
		scratch_hand_on(s);
	return err ? err : fail_point("build.published");
}

struct error *scratch_swap_in(struct scratch *s)
{
	struct dev_server *dev = s->dev;
	struct error *err = NULL;

	/* Otherwise it already is the development database. */
	if (dev->can_create) {
		err = dev_server_mark(dev, s->db, RECORD_DEVELOPMENT);
		if (!err)
			err = database_leave(dev->db, &s->db, s->name);
		if (!err)
			err = swap_in(dev, s->name);
		if (!err)
			scratch_hand_on(s);
	}
	return err ? err : fail_point("swap.after");
}
