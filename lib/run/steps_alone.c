/* Runs files outside a transaction, and programs. */
#include "run/steps.h"

#include "core/alone.h"
#include "run/outside.h"
#include "run/sql_file.h"
#include "run/steps_private.h"

/* A statement that can run in a transaction has one of its own. */
static struct error *run_tied(struct steps_state *s, const struct script *part)
{
	const struct steps_host *host = s->host;
	struct run_session *session;
	struct db *db;
	struct error *err = host->begin(host->arg, &session, &db);

	if (!err)
		err = session_file(session, part, true);
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

static struct error *run_loose(struct steps_state *s, const struct script *part,
			       const struct alone *a)
{
	SCOPE(tmp, NULL);
	const struct steps_host *host = s->host;
	bool concurrent = a->way != ALONE_REPEATABLE && a->way != ALONE_UNKNOWN;
	struct outside *before;
	struct rows *rows;
	struct db *db;
	struct error *err = host->connect(&db, tmp, host->arg);

	if (!err && a->way == ALONE_UNKNOWN)
		err = outside_look(&before, tmp, db);
	if (!err)
		err = open_session(db, s, concurrent);
	if (!err)
		err = run_script(&rows, tmp, db, part, "");
	if (err || a->way != ALONE_UNKNOWN)
		return err;
	/* The session is no longer what hop's statements need. */
	talloc_free(db);
	err = host->connect(&db, tmp, host->arg);
	return err ? err : outside_compare(before, db, part->name);
}

struct error *steps_alone(struct steps_state *s, const struct steps_file *f)
{
	struct error *err = NULL;

	for (size_t i = 0; !err && i < f->script->count; i++) {
		SCOPE(tmp, NULL);
		struct script *part;
		struct alone a;

		alone_read(&a, f->script, i);
		if (a.way == ALONE_SETTING)
			continue;
		part = alone_part(tmp, f->script, i);
		err = a.way == ALONE_TIED ? run_tied(s, part) : run_loose(s, part, &a);
	}
	return err;
}

struct error *steps_process(struct steps_state *s, const struct steps_file *f)
{
	SCOPE(tmp, NULL);
	const struct steps_host *host = s->host;
	const struct process process = {
		.file = f->file,
		.patch = f->patch->id,
		.tree = f->patch->hash,
		.version = s->release->version,
	};
	struct outside *before;
	struct error *err;
	struct db *db;

	if (!host->processes)
		return error_new(ERROR_FAIL, "%s: cannot run", f->file->path);
	err = host->connect(&db, tmp, host->arg);
	if (!err)
		err = outside_look(&before, tmp, db);
	if (!err)
		err = process_run(host->processes, db, &process);
	if (!err)
		err = outside_compare(before, db, f->file->path);
	return err;
}
