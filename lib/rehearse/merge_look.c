/* Finds what a patch that is about to be merged would block in production. */
#include "rehearse/merge_look.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "core/alone.h"
#include "core/branch.h"
#include "project/recipe_read.h"
#include "rehearse/measure.h"
#include "rehearse/measure_private.h"

#define LONG_S 1.0
/* Looking after a statement takes milliseconds, more with each lock that the transaction holds. */
#define MOST_STATEMENTS 1000

struct merge_look {
	struct proof *proof;
	enum conf_rehearse mode;
	struct build_look look;
	long long newest; /* no object of the production version has a higher ID */
	bool vacant;      /* it has no tables: there is nothing to block */
	double began;
	bool suspect;
	/* of the second build */
	struct build_look closer;
	struct run_watch watch;
	struct measure *measure;
};

/* Did the transaction lock a table of production, and do what takes long? Rather too often. */
static char *suspect_sql(void *ctx, long long newest, bool slow)
{
	return mem_printf(
		ctx,
		"with lock as (select relation, pg_catalog.bool_or(mode in ('ShareLock', "
		"'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')) as strong "
		"from pg_catalog.pg_locks where locktype = 'relation' "
		"and pid = pg_catalog.pg_backend_pid() "
		"and relation between 16384 and %lld group by relation), "
		"seen as (select strong, relkind, pg_catalog.pg_relation_filenode(c.oid) > %lld "
		"or pg_catalog.pg_stat_get_xact_numscans(c.oid) > 0 "
		"or pg_catalog.pg_stat_get_xact_tuples_updated(c.oid) "
		"+ pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) >= %d as busy "
		"from lock join pg_catalog.pg_class c on c.oid = lock.relation "
		"where c.relnamespace is distinct from pg_catalog.to_regnamespace('hop')) "
		"select exists (select from seen where strong and relkind in ('r', 'p', 'm')) "
		"and (%s or exists (select from seen where busy))",
		newest, newest, REHEARSAL_ROWS, slow ? "true" : "false");
}

static struct error *glance(void *arg, struct db *db, bool ends)
{
	struct merge_look *look = arg;
	SCOPE(tmp, look);
	struct rows *rows;
	struct error *err;

	if (!ends) {
		err = measure_ask(
			&rows, tmp, db,
			"select greatest(max(oid::bigint), max(relfilenode::bigint)), not exists "
			"(select from pg_catalog.pg_class where oid >= 16384 and relkind in "
			"('r', 'p', 'm') and relnamespace is distinct from "
			"pg_catalog.to_regnamespace('hop')) from pg_catalog.pg_class");
		look->newest = err ? 0 : rows_number(rows, 0, 0);
		if (look->began == 0)
			look->vacant = !err && rows_true(rows, 0, 1);
		look->began = log_clock();
		return err;
	}
	err = measure_ask(&rows, tmp, db,
			  suspect_sql(tmp, look->newest, log_clock() - look->began > LONG_S));
	if (!err && rows_true(rows, 0, 0))
		look->suspect = true;
	return err;
}

struct error *merge_look_open(struct merge_look **out, void *ctx, struct proof *proof)
{
	SCOPE(tmp, ctx);
	struct merge_look *look = mem_new(tmp, struct merge_look);
	struct conf *conf;
	struct error *err = project_conf(&conf, tmp, proof->dev->project, proof->commit);

	if (err)
		return err;
	look->proof = proof;
	look->mode = conf ? conf->rehearse : CONF_REHEARSE_REPORT;
	look->look = (struct build_look){.look = glance, .arg = look};
	if (look->mode != CONF_REHEARSE_OFF)
		proof->look = &look->look;
	*out = talloc_steal(ctx, look);
	return NULL;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

/* Does the text contain the word LOCK? A lock by itself leaves no other trace. */
static bool mentions_lock(const struct script *s)
{
	for (size_t i = 0; i + 4 <= s->length; i++) {
		if (strncasecmp(s->text + i, "lock", 4) == 0 &&
		    !(i > 0 && is_word(s->text[i - 1])) &&
		    !(i + 4 < s->length && is_word(s->text[i + 4])))
			return true;
	}
	return false;
}

/* May the file do outside the transaction what would block? */
static bool acts_alone(const struct recipe_file *file)
{
	for (size_t i = 0; file->step == STEP_ALONE && i < file->script->count; i++) {
		struct alone a;

		alone_read(&a, file->script, i);
		if (a.way == ALONE_REPEATABLE || a.way == ALONE_UNKNOWN)
			return true;
	}
	return file->step == STEP_PROCESS;
}

static struct error *suspect_files(bool *suspect, const struct proof *proof)
{
	SCOPE(tmp, NULL);
	const struct build *b = proof->build;
	struct recipe *recipe;

	for (size_t i = 0; i < b->count; i++) {
		struct error *err;

		if (!proof->patch || strcmp(b->patches[i].id, proof->patch) != 0)
			continue;
		err = recipe_read(&recipe, tmp, proof->dev->project->repo, b->patches[i].id,
				  b->patches[i].tree);
		if (err)
			return err;
		for (size_t k = 0; k < recipe->count; k++) {
			const struct recipe_file *file = &recipe->files[k];

			*suspect = *suspect || acts_alone(file) ||
				   (file->script && mentions_lock(file->script));
		}
	}
	return NULL;
}

/* The statements that the second build would measure. */
static struct error *count_statements(size_t *count, const struct proof *proof)
{
	const struct build *b = proof->build;

	*count = 0;
	for (size_t i = 0; i < b->count; i++) {
		SCOPE(tmp, NULL);
		struct recipe *recipe;
		struct error *err = recipe_read(&recipe, tmp, proof->dev->project->repo,
						b->patches[i].id, b->patches[i].tree);

		if (err)
			return err;
		for (size_t k = 0; k < recipe->count; k++)
			*count += recipe->files[k].script ? recipe->files[k].script->count : 0;
	}
	return NULL;
}

/* In the second build: before the first transaction changes anything. */
static struct error *open_measure(void *arg, struct db *db, bool ends)
{
	struct merge_look *look = arg;
	struct error *err;
	struct db *own;

	if (look->measure || ends)
		return NULL;
	err = dev_server_connect(&own, look, look->proof->dev, db_name(db));
	return err ? err : measure_open(&look->measure, look, own, false);
}

static struct error *look_closer(void *arg, struct db *db, const struct script *script, int n)
{
	const struct merge_look *look = arg;
	const struct run_watch *watch = measure_watch(look->measure);

	return watch->look(watch->arg, db, script, n);
}

static struct error *look_alone(void *arg, struct db *db, const char *path,
				const struct script *script, size_t n, bool ended)
{
	const struct merge_look *look = arg;
	const struct run_watch *watch = measure_watch(look->measure);

	return watch->alone(watch->arg, db, path, script, n, ended);
}

static struct error *build_again(const struct rehearsal **out, struct merge_look *look)
{
	SCOPE(tmp, look);
	struct build build = *look->proof->build;
	struct scratch *scratch;
	struct error *err;

	look->watch = (struct run_watch){look_closer, look_alone, look};
	look->closer = (struct build_look){open_measure, &look->watch, look};
	build.look = &look->closer;
	err = build_run(&scratch, tmp, look->proof->dev, &build, 0);
	*out = !err && look->measure ? measure_end(look->measure) : NULL;
	return err;
}

static size_t tell(const struct rehearsal *r, const char *patch)
{
	SCOPE(tmp, NULL);
	char *dir = mem_printf(tmp, "%s/", path_patch(tmp, patch));
	size_t count = 0;

	for (size_t i = 0; i < r->finding_count; i++) {
		const struct rehearsal_finding *f = &r->findings[i];
		const struct rehearsal_step *step = &r->steps[f->step];

		if (f->reason || strncmp(r->files[step->file].path, dir, strlen(dir)) != 0)
			continue;
		warn("%s: %s: %s", rehearsal_place(tmp, r, step), finding_name(f->kind), f->text);
		hint("instead: %s", f->instead);
		count++;
	}
	for (size_t i = 0; i < r->stray_count; i++) {
		const char *path = r->files[r->strays[i].file].path;

		if (strncmp(path, dir, strlen(dir)) == 0)
			warn("%s:%d: %s", path, r->strays[i].line, r->strays[i].text);
	}
	return count;
}

struct error *merge_look_end(struct merge_look *look)
{
	const struct proof *proof = look->proof;
	const struct rehearsal *r;
	struct error *err;
	size_t count = 0;

	if (look->mode == CONF_REHEARSE_OFF || look->vacant)
		return NULL;
	err = suspect_files(&look->suspect, proof);
	if (!err && look->suspect && look->mode == CONF_REHEARSE_REPORT)
		err = count_statements(&count, proof);
	if (err || !look->suspect)
		return err;
	if (count > MOST_STATEMENTS) {
		note("what the patch would block is not measured: the release has %zu statements; "
		     "git hop upgrade --rehearse measures it",
		     count);
		return NULL;
	}
	if (!proof->dev->can_create) {
		note("what the patch would block is not measured: role '%s' cannot create "
		     "databases",
		     db_user(proof->dev->db));
		return NULL;
	}
	err = build_again(&r, look);
	if (err || !r)
		return err;
	count = tell(r, proof->patch);
	if (count == 0 || look->mode != CONF_REHEARSE_REFUSE)
		return NULL;
	return error_hint(
		rehearsal_refuse(count),
		"git-hop-findings(7) says more about each, and how to allow one; " PATH_CONFIG
		" has [rehearse] merge = refuse");
}
