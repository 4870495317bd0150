/* Runs the programs among the files of patches. */
#include "run/process.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/log.h"
#include "base/path.h"
#include "base/proc.h"
#include "core/branch.h"
#include "port/pgtool.h"
#include "project/export.h"
#include "run/output.h"

#define TIMEOUT 3600 /* seconds: an hour */
#define LOG_NAME "script"
#define NAME_BYTES 63 /* of application_name that the server keeps */

/* Makes the private directory, and puts the patch into it as it is in TREE. */
static struct error *prepare_files(struct processes *ps, const struct process *process)
{
	SCOPE(tmp, NULL);
	struct export *export;
	struct error *err = NULL;

	if (!ps->export) {
		err = export_open(&export, tmp, ps->project);
		if (!err && !ps->root)
			err = export_write(export, "", ps->files);
		if (!err)
			ps->export = talloc_steal(ps->ctx, export);
	}
	return err ? err : export_write(ps->export, path_patch(tmp, process->patch), process->tree);
}

static char *python_path(void *ctx, const char *root)
{
	const char *path = getenv("PYTHONPATH");

	if (!path || !*path)
		return mem_printf(ctx, "PYTHONPATH=%s", root);
	return mem_printf(ctx, "PYTHONPATH=%s:%s", root, path);
}

char *process_application(void *ctx, const char *path)
{
	return mem_printf(ctx, "%.*s", NAME_BYTES, path);
}

static char **environment(void *ctx, const struct processes *ps, struct db *db,
			  const struct process *process, const char *root)
{
	const char *const changes[] = {
		"GIT_DIR",
		"GIT_WORK_TREE",
		"GIT_INDEX_FILE",
		"GIT_PREFIX",
		"PYTHONDONTWRITEBYTECODE=1",
		"PYTHONUNBUFFERED=1",
		python_path(ctx, root),
		mem_printf(ctx, "PGAPPNAME=%s", process_application(ctx, process->file->path)),
		mem_printf(ctx, "HOP_DATABASE=%s", db_word(ctx, "dbname", db_name(db))),
		mem_printf(ctx, "HOP_PROJECT=%s", ps->project->conf->name),
		mem_printf(ctx, "HOP_RELEASE=%s", process->version),
		mem_printf(ctx, "HOP_PATCH=%s", process->patch),
		mem_printf(ctx, "HOP_ROOT=%s", root),
	};
	char **env = db_env(ctx, db, db_name(db));

	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++)
		mem_list_add(&env, ctx, changes[i]);
	return env;
}

static struct error *command_of(char ***argv, void *ctx, const struct process *process,
				const char *path)
{
	struct error *err;
	char *found;

	if (process->file->kind == PATCH_PSQL) {
		err = pgtool_bindir(&found, ctx, 0, "psql");
		if (!err)
			*argv = proc_argv(ctx, path_join(ctx, found, "psql"), "-X", "-v",
					  "ON_ERROR_STOP=1", "-f", path, NULL);
		return err;
	}
	if (!proc_find(ctx, "python3"))
		return error_hint(error_new(ERROR_FAIL, "%s: there is no python3 on PATH",
					    process->file->path),
				  "install Python 3, on Debian: apt install python3");
	*argv = proc_argv(ctx, "python3", path, NULL);
	return NULL;
}

/* The error if the program did not succeed, without its output. */
static struct error *judge(const struct proc *proc, const char *path)
{
	if (proc->timed_out)
		return error_hint(error_new(ERROR_NO, "%s: did not end within %.0f s", path,
					    proc->timeout),
				  "to give it more time: git config hop.scriptTimeout SECONDS");
	if (proc->status > 128)
		return error_new(ERROR_NO, "%s: was killed by signal %d", path, proc->status - 128);
	return proc->status ? error_new(ERROR_NO, "%s: failed with status %d", path, proc->status)
			    : NULL;
}

static struct error *prepare(struct proc *proc, void *ctx, const struct processes *ps,
			     struct db *db, const struct process *process)
{
	const char *path = process->file->path;
	const char *root = ps->root ? ps->root : ps->export->dir;
	struct project *p = ps->project;
	struct error *err;
	char **argv = NULL;
	int timeout;

	err = output_open(proc, ctx, p, LOG_NAME, ps->export->leftovers);
	if (!err)
		err = repo_config_number(&timeout, p->repo, "hop.scriptTimeout", TIMEOUT);
	if (process->file->in_patch)
		path = process->file->name;
	else if (ps->root)
		path = path_join(ctx, ps->export->dir, path);
	if (!err)
		err = command_of(&argv, ctx, process, path);
	if (err)
		return err;
	proc->argv = argv;
	proc->dir = process->file->in_patch
			    ? path_join(ctx, ps->export->dir, path_patch(ctx, process->patch))
			    : root;
	proc->env = environment(ctx, ps, db, process, root);
	proc->timeout = timeout;
	return NULL;
}

struct error *process_run(struct processes *ps, struct db *db, const struct process *process)
{
	SCOPE(tmp, NULL);
	const char *path = process->file->path;
	struct proc proc;
	struct error *err = prepare_files(ps, process);

	if (!err)
		err = prepare(&proc, tmp, ps, db, process);
	if (!err)
		err = fail_point("process.before");
	if (err)
		return err;
	err = proc_run(tmp, &proc);
	if (proc.left)
		warn("%s left processes running: %s", path, proc.left);
	if (!err)
		err = judge(&proc, path);
	if (err && err->code == ERROR_NO)
		err = output_add(err, ps->project, &proc, LOG_NAME);
	output_close(&proc);
	return err ? err : fail_point("process.after");
}
