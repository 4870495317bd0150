/* Runs the files of releases, step by step. */
#include "run/steps.h"

#include <config.h>

#include <string.h>

#include "base/log.h"
#include "core/branch.h"
#include "run/record.h"
#include "run/steps_private.h"

static void add_patch(struct steps_state *s, const struct steps_patch *patch)
{
	const struct recipe *recipe = patch->recipe;

	for (size_t i = 0; i < recipe->count; i++)
		s->files[s->count++] = (struct steps_file){
			.file = &recipe->files[i],
			.script = recipe->files[i].script,
			.patch = patch,
			.last = i + 1 == recipe->count,
		};
}

static enum step_kind kind_of(const struct steps_file *f)
{
	return f->file ? f->file->step : STEP_TRANSACTION;
}

static struct steps_state *state_new(void *ctx, const struct steps_host *host,
				     const struct steps_release *release)
{
	struct steps_state *s = mem_new(ctx, struct steps_state);
	size_t count = 1;

	for (size_t i = 0; i < release->count; i++)
		count += release->patches[i].recipe->count;
	s->host = host;
	s->release = release;
	s->files = mem_array(s, struct steps_file, count);
	s->durations = mem_array(s, long long, count);
	if (release->schema)
		s->files[s->count++] = (struct steps_file){.script = release->schema, .last = true};
	for (size_t i = 0; i < release->count; i++)
		add_patch(s, &release->patches[i]);
	for (size_t i = 0; i < s->count; i++)
		s->recorded = s->recorded ||
			      (host->recorder && kind_of(&s->files[i]) != STEP_TRANSACTION);
	return s;
}

static const char *path_of(const struct steps_file *f)
{
	return f->file ? f->file->path : f->script->name;
}

/* Was the file done by an upgrade before this one? */
static bool was_done(const struct steps_state *s, const struct steps_file *f)
{
	int statement;

	return s->recorded && f->file && !steps_left(&statement, &s->release->begun, f->file);
}

static struct error *tell_done(const struct steps_state *s, const struct steps_file *f)
{
	const struct steps_host *host = s->host;
	struct error *err = host->tell(host->arg, STEPS_FILE_DONE, path_of(f));

	if (!err && f->last && f->patch)
		err = host->tell(host->arg, STEPS_PATCH_DONE, f->patch->id);
	return err;
}

static struct error *run_file(struct steps_state *s, struct run_session *session, size_t n)
{
	const struct steps_host *host = s->host;
	const struct steps_file *f = &s->files[n];
	double began = log_clock();
	struct error *err;

	s->durations[n] = s->recorded ? steps_recorded_ms(s, f) : 0;
	s->total += s->durations[n];
	if (was_done(s, f))
		return NULL;
	err = host->tell(host->arg, STEPS_FILE, path_of(f));
	if (!err && kind_of(f) == STEP_PROCESS)
		err = steps_process(s, f);
	else if (!err && kind_of(f) == STEP_ALONE)
		err = steps_alone(s, f);
	else if (!err && f->script && session)
		err = session_file(session, f->script, f->last);
	else if (!err)
		err = error_new(ERROR_FAIL, "%s: cannot run", path_of(f));
	s->durations[n] += log_ms_since(began);
	s->total += log_ms_since(began);
	return err ? err : tell_done(s, f);
}

char *steps_application(void *ctx, const char *path)
{
	static const char patches[] = PATH_PATCHES "/";
	SCOPE(tmp, ctx);

	if (strncmp(path, patches, strlen(patches)) == 0)
		path += strlen(patches);
	return process_application(ctx, mem_printf(tmp, STEPS_APPLICATION "%s", path));
}

/* The same for the files from FROM up to, but not including, TO, none of which is done. */
static struct error *run_together(struct steps_state *s, struct run_session *session, size_t from,
				  size_t to)
{
	SCOPE(tmp, NULL);
	const struct steps_host *host = s->host;
	struct session_item *items = mem_array(tmp, struct session_item, to - from);
	struct error *err = host->tell(host->arg, STEPS_FILE, path_of(&s->files[from]));

	for (size_t i = from; i < to; i++)
		items[i - from] = (struct session_item){
			.script = s->files[i].script,
			.last = s->files[i].last,
			.name = steps_application(tmp, path_of(&s->files[i])),
		};
	if (!err)
		err = session_files(session, items, to - from, host->apart);
	for (size_t i = from; !err && i < to; i++) {
		s->durations[i] = items[i - from].duration_ms;
		s->total += s->durations[i];
		err = tell_done(s, &s->files[i]);
	}
	return err;
}

/* The end of the files from FROM up to TO that run together. */
static size_t end_together(const struct steps_state *s, size_t from, size_t to)
{
	size_t end = from;

	while (s->host->apart && end < to && s->files[end].script && !was_done(s, &s->files[end]))
		end++;
	return end;
}

/* Writes the rows of the release and of its patches. */
static struct error *write_rows(const struct steps_state *s, struct run_session *session,
				struct db *db)
{
	SCOPE(tmp, NULL);
	const struct steps_release *release = s->release;
	struct record_patch *rows = mem_array(tmp, struct record_patch, release->count);
	const struct record_release row = {
		.version = release->version,
		.commit = release->commit,
		.hop_version = PACKAGE_VERSION,
		.duration_ms = s->total,
	};
	struct error *err;

	for (size_t i = 0; i < release->count; i++) {
		const struct steps_patch *patch = &release->patches[i];

		rows[i] = (struct record_patch){
			.version = release->version,
			.id = patch->id,
			.hash = patch->hash,
			.position = patch->position,
		};
		for (size_t k = 0; k < s->count; k++)
			rows[i].duration_ms += s->files[k].patch == patch ? s->durations[k] : 0;
	}
	if (release->recorded && release->count == 0)
		return NULL;
	if (s->host->apart && !s->recorded && session_can_defer(session)) {
		session_defer(session, record_add_text(tmp, db, release->recorded ? NULL : &row,
						       rows, release->count));
		return NULL;
	}
	err = record_add(db, release->recorded ? NULL : &row, rows, release->count);
	return err || !s->recorded ? err : record_end_steps(db, release->version);
}

/* Runs the files from FROM up to, but not including, TO in a transaction. */
static struct error *run_transaction(struct steps_state *s, size_t from, size_t to)
{
	const struct steps_host *host = s->host;
	struct run_session *session;
	struct db *db;
	struct error *err = host->begin(host->arg, &session, &db);

	for (size_t i = from, end; !err && i < to; i = end) {
		end = end_together(s, i, to);
		if (end > i)
			err = run_together(s, session, i, end);
		else
			err = run_file(s, session, end++);
	}
	if (!err)
		err = to == s->count ? write_rows(s, session, db)
				     : steps_record_files(s, db, from, to);
	return err ? err : host->commit(host->arg, to == s->count);
}

/* Do the files from FROM up to, but not including, TO have nothing left to run? */
static bool all_done(const struct steps_state *s, size_t from, size_t to)
{
	while (from < to && was_done(s, &s->files[from]))
		from++;
	return from == to;
}

/* The same, if they are not the last ones of the release. */
static struct error *skip_transaction(struct steps_state *s, size_t from, size_t to)
{
	struct error *err = NULL;

	for (size_t i = from; !err && i < to; i++)
		err = run_file(s, NULL, i);
	return err;
}

struct error *steps_run(const struct steps_host *host, const struct steps_release *release)
{
	SCOPE(tmp, NULL);
	struct steps_state *s = state_new(tmp, host, release);
	struct error *err = NULL;
	size_t from = 0, to;

	do {
		for (to = from; to < s->count && kind_of(&s->files[to]) == STEP_TRANSACTION; to++)
			;
		if (to < s->count && all_done(s, from, to))
			err = skip_transaction(s, from, to);
		else
			err = run_transaction(s, from, to);
		if (!err && to < s->count)
			err = run_file(s, NULL, to);
		from = to + 1;
	} while (!err && to < s->count);
	return err;
}
