/* What is recorded of the steps of a release. */
#include "run/steps.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/log.h"
#include "base/path.h"
#include "run/steps_private.h"

static int compare(const void *a, const void *b)
{
	const struct record_step *sa = a, *sb = b;
	int order = strcmp(sa->file, sb->file);

	return order ? order : sa->statement - sb->statement;
}

const struct record_step *steps_find(const struct steps_begun *begun, const char *path,
				     int statement)
{
	const struct record_step key = {.file = path, .statement = statement};

	if (begun->count == 0)
		return NULL;
	return bsearch(&key, begun->list, begun->count, sizeof(key), compare);
}

static bool is_done(const struct steps_begun *begun, const char *path, int statement)
{
	const struct record_step *step = steps_find(begun, path, statement);

	return step && step->state == RECORD_DONE;
}

bool steps_left(int *statement, const struct steps_begun *begun, const struct recipe_file *file)
{
	*statement = 0;
	if (file->step != STEP_ALONE)
		return !is_done(begun, file->path, 0);
	for (size_t i = 0; i < file->script->count; i++) {
		struct alone a;

		*statement = (int)i + 1;
		alone_read(&a, file->script, i);
		if (a.way != ALONE_SETTING && !is_done(begun, file->path, *statement))
			return true;
	}
	return false;
}

bool steps_unclear(const struct recipe_file *file, int statement)
{
	struct alone a;

	if (file->step != STEP_ALONE)
		return file->step == STEP_PROCESS;
	alone_read(&a, file->script, (size_t)statement - 1);
	return a.way == ALONE_UNKNOWN;
}

char *steps_place(void *ctx, const struct recipe_file *file, int statement)
{
	int line, column;

	if (statement == 0)
		return mem_dup(ctx, file->path);
	script_position(&line, &column, file->script->text,
			file->script->statements[statement - 1].start);
	return mem_printf(ctx, "%s:%d:%d", file->path, line, column);
}

struct error *steps_undecided(const struct recipe_file *file, const struct record_step *step)
{
	SCOPE(tmp, NULL);
	const char *path = path_quote(tmp, file->path);
	struct error *err;

	err = error_new(ERROR_NO, "%s: started at %s, and %s",
			steps_place(tmp, file, step->statement), step->at,
			step->state == RECORD_FAILED ? "failed" : "not recorded as done");
	err = error_hint(err, "git hop cannot see how far it got");
	err = error_add_hint(err,
			     "if it can run again, from its beginning: git hop upgrade --redo %s",
			     path);
	return error_add_hint(err, "if all of it is done: git hop upgrade --done %s", path);
}

static struct record_step row_of(const struct steps_state *s, const struct steps_file *f,
				 const struct record_step *step)
{
	struct record_step row = *step;

	row.version = s->release->version;
	row.patch = f->patch->id;
	row.hash = f->patch->hash;
	row.file = f->file->path;
	return row;
}

struct error *steps_record(const struct steps_state *s, struct db *db, const struct steps_file *f,
			   const struct record_step *step)
{
	const struct record_step row = row_of(s, f, step);

	return s->recorded ? record_set_steps(db, &row, 1) : NULL;
}

struct error *steps_record_files(const struct steps_state *s, struct db *db, size_t from, size_t to)
{
	SCOPE(tmp, NULL);
	struct record_step *rows = mem_array(tmp, struct record_step, to - from + 1);
	size_t count = 0;

	for (size_t i = from; s->recorded && i < to; i++) {
		const struct record_step done = {.state = RECORD_DONE,
						 .duration_ms = s->durations[i]};

		if (s->files[i].file)
			rows[count++] = row_of(s, &s->files[i], &done);
	}
	return record_set_steps(db, rows, count);
}

long long steps_recorded_ms(const struct steps_state *s, const struct steps_file *f)
{
	const struct steps_begun *begun = &s->release->begun;
	long long ms = 0;

	for (size_t i = 0; f->file && i < begun->count; i++)
		ms += strcmp(begun->list[i].file, f->file->path) == 0 ? begun->list[i].duration_ms
								      : 0;
	return ms;
}

struct error *steps_record_end(const struct steps_state *s, const struct steps_file *f,
			       const struct record_step *step, double began, struct error *err)
{
	struct record_step row = *step;
	struct error *lost;

	if (!err)
		err = s->recorded ? fail_point("step.ended") : NULL;
	row.state = err ? RECORD_FAILED : RECORD_DONE;
	row.duration_ms = log_ms_since(began);
	lost = steps_record(s, s->host->recorder, f, &row);
	if (err) {
		/* Then it is recorded as started, which is as good. */
		error_free(lost);
		return err;
	}
	return lost || !s->recorded ? lost : fail_point("step.done");
}

struct error *steps_check_ended(const struct steps_state *s, const char *path)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err;

	/* Programs connect under the name of their file. */
	err = db_query(&rows, tmp, s->host->recorder,
		       "select string_agg(pid::text, ', ' order by pid) "
		       "from pg_catalog.pg_stat_activity where datname = current_database() "
		       "and application_name = $1",
		       DB_ARGS(process_application(tmp, path)));
	if (err || !rows_text(rows, 0, 0))
		return err;
	return error_hint(
		error_new(ERROR_AGAIN, "%s: still running, in the server process %s", path,
			  rows_text(rows, 0, 0)),
		"the upgrade that started it was killed: wait until it ends, or terminate it");
}
