/* Runs files outside a transaction, and programs. */
#include "run/steps.h"

#include <string.h>

#include "base/fail.h"
#include "base/log.h"
#include "core/alone.h"
#include "run/outside.h"
#include "run/sql_file.h"
#include "run/steps_private.h"

/* A statement that can run in a transaction has one of its own, in which it is recorded. */
static struct error *run_tied(struct steps_state *s, const struct steps_file *f,
			      const struct script *part, size_t n)
{
	const struct steps_host *host = s->host;
	struct record_step step = {.statement = (int)n + 1, .state = RECORD_DONE};
	double began = log_clock();
	struct run_session *session;
	struct db *db;
	struct error *err = host->begin(host->arg, &session, &db);

	if (!err)
		err = session_file(session, part, true);
	step.duration_ms = log_ms_since(began);
	if (!err)
		err = steps_record(s, db, f, &step);
	return err ? err : host->commit(host->arg, false);
}

/* Brings a new connection into the state in which files begin, in no transaction. */
static struct error *open_session(struct db *db, const struct steps_state *s, bool patient)
{
	SCOPE(tmp, NULL);
	const char *settings = s->host->settings ? s->host->settings : "";
	struct run_session *session = NULL;
	struct error *err;

	/* lock_timeout would also bound the wait for the end of other transactions. */
	err = session_begin(&session, tmp, db,
			    mem_printf(tmp, "%s%s", settings,
				       patient ? " SET lock_timeout = 0;" : ""));
	return err ? err : db_exec_session(db, "COMMIT");
}

/* Runs the settings before the statement. */
static struct error *prepare(struct db *db, const struct script *part)
{
	SCOPE(tmp, NULL);
	struct script settings = *part;
	struct rows *rows;

	settings.piece_count--;
	return run_script(&rows, tmp, db, &settings, "");
}

static struct error *tell(const struct steps_state *s, const struct steps_loose *l, bool ended)
{
	const struct run_watch *watch = s->host->watch;

	if (!watch)
		return NULL;
	return watch->alone(watch->arg, l->db, l->script->name, l->script, l->n, ended);
}

/* Runs a statement in the session of L. */
static struct error *send(const struct steps_state *s, const struct steps_loose *l,
			  const struct script *part)
{
	SCOPE(tmp, NULL);
	struct outside *before;
	struct rows *rows;
	struct db *db;
	struct error *err = tell(s, l, false);

	if (err)
		return err;
	if (l->alone->way != ALONE_UNKNOWN) {
		err = run_script(&rows, tmp, l->db, part, "");
		return err ? err : tell(s, l, true);
	}
	/* The session that runs it is then no longer what hop's statements need. */
	err = s->host->connect(&db, tmp, s->host->arg);
	if (!err)
		err = outside_look(&before, tmp, db);
	if (!err)
		err = run_script(&rows, tmp, l->db, part, "");
	if (!err)
		err = outside_compare(before, db, part->name);
	return err ? err : tell(s, l, true);
}

static bool names(const char *path, const struct steps_file *f)
{
	return path && strcmp(path, f->file->path) == 0;
}

/* *STEP is what was recorded. Decides whether it is done. */
static struct error *decide(bool *done, const struct steps_state *s, const struct steps_file *f,
			    const struct steps_loose *l, const struct record_step *step)
{
	const struct steps_begun *begun = &s->release->begun;
	enum steps_fact fact = STEPS_UNCLEAR;
	struct error *err;

	*done = names(begun->done, f);
	if (*done)
		return NULL;
	err = steps_decide(&fact, l, step->before);
	*done = fact == STEPS_IS_DONE;
	if (err || fact != STEPS_UNCLEAR || names(begun->redo, f))
		return err;
	*s->host->undecided = true;
	return steps_undecided(f->file, step);
}

/* Runs a statement in the session of L, and has it recorded before and after. */
static struct error *run_recorded(struct steps_state *s, const struct steps_file *f,
				  const struct steps_loose *l, const struct script *part)
{
	SCOPE(tmp, NULL);
	const struct record_step *known = steps_find(&s->release->begun, f->file->path,
						     (int)l->n + 1);
	struct record_step step = {.statement = (int)l->n + 1, .state = RECORD_STARTED};
	double began = log_clock();
	bool done = false;
	struct error *err;
	char *before = NULL;

	if (known)
		err = decide(&done, s, f, l, known);
	else
		err = steps_before(&before, tmp, l);
	step.before = known ? known->before : before;
	if (!err && !done)
		err = steps_record(s, s->host->recorder, f, &step);
	if (!err && !done)
		err = fail_point("step.started");
	if (err)
		return err;
	if (!done)
		err = send(s, l, part);
	if (!err && !done)
		err = steps_verify(l);
	return steps_record_end(s, f, &step, began, err);
}

static struct error *run_loose(struct steps_state *s, const struct steps_file *f,
			       const struct script *part, const struct alone *a, size_t n)
{
	SCOPE(tmp, NULL);
	const struct steps_host *host = s->host;
	struct steps_loose l = {
		.script = f->script,
		.alone = a,
		.n = n,
		.server = host->recorder,
	};
	bool concurrent = a->way != ALONE_REPEATABLE && a->way != ALONE_UNKNOWN;
	struct error *err = host->connect(&l.db, tmp, host->arg);

	if (!err)
		err = open_session(l.db, s, concurrent);
	if (err || !s->recorded)
		return err ? err : send(s, &l, part);
	err = prepare(l.db, part);
	return err ? err : run_recorded(s, f, &l, part);
}

struct error *steps_alone(struct steps_state *s, const struct steps_file *f)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < f->script->count; i++) {
		SCOPE(tmp, NULL);
		const struct record_step *known = steps_find(&s->release->begun, f->file->path,
							     (int)i + 1);
		struct script *part;
		struct alone a;

		alone_read(&a, f->script, i);
		if (a.way == ALONE_SETTING || (known && known->state == RECORD_DONE))
			continue;
		part = alone_part(tmp, f->script, i);
		err = a.way == ALONE_TIED ? run_tied(s, f, part, i) : run_loose(s, f, part, &a, i);
	}
	return err;
}

/* Runs a program, and compares what it must not change. */
static struct error *run_program(struct steps_state *s, const struct steps_file *f)
{
	SCOPE(tmp, NULL);
	const struct steps_host *host = s->host;
	const struct run_watch *watch = host->watch;
	const struct process process = {
		.file = f->file,
		.patch = f->patch->id,
		.tree = f->patch->hash,
		.version = s->release->version,
	};
	struct outside *before;
	struct error *err;
	struct db *db;

	err = host->connect(&db, tmp, host->arg);
	if (!err)
		err = outside_look(&before, tmp, db);
	if (!err && watch)
		err = watch->alone(watch->arg, db, f->file->path, NULL, 0, false);
	if (!err)
		err = process_run(host->processes, db, &process);
	if (!err && watch)
		err = watch->alone(watch->arg, db, f->file->path, NULL, 0, true);
	if (!err)
		err = outside_compare(before, db, f->file->path);
	return err;
}

struct error *steps_process(struct steps_state *s, const struct steps_file *f)
{
	struct record_step step = {.state = RECORD_STARTED};
	const struct steps_begun *begun = &s->release->begun;
	const struct record_step *known = steps_find(begun, f->file->path, 0);
	double began = log_clock();
	struct error *err = NULL;

	if (!s->host->processes)
		return error_new(ERROR_FAIL, "%s: cannot run", f->file->path);
	if (known)
		err = steps_check_ended(s, f->file->path);
	if (!err && known && names(begun->done, f))
		return steps_record_end(s, f, known, began, NULL);
	if (!err && known && !names(begun->redo, f)) {
		*s->host->undecided = true;
		return steps_undecided(f->file, known);
	}
	if (!err)
		err = steps_record(s, s->host->recorder, f, &step);
	if (!err && s->recorded)
		err = fail_point("step.started");
	return err ? err : steps_record_end(s, f, &step, began, run_program(s, f));
}
