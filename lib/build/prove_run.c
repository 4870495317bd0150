/* Runs the project's tests, in a worktree of the commit and on its scratch database. */
#include "build/prove.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/log.h"
#include "base/path.h"
#include "base/proc.h"
#include "core/branch.h"
#include "build/prove_private.h"
#include "build/worktree.h"

#define TAIL_LINES 30
#define TAIL_BYTES (16 << 10)
#define LOG_BYTES ((size_t)64 << 20)
#define LOG_NAME "tests.log"
#define LINGER 2.0 /* seconds granted to processes left by the tests */

static char **test_env(void *ctx, const struct proof *proof, const char *version, const char *tree)
{
	static const char *const unset[] = {"GIT_DIR", "GIT_WORK_TREE", NULL};
	const char *dbname = proof->scratch->name;
	char **env = db_env(ctx, proof->dev->db, dbname);

	for (size_t i = 0; unset[i]; i++)
		mem_list_add(&env, ctx, unset[i]);
	/* PG* is for other programs; this is for git hop, if a test calls it. */
	mem_list_add(&env, ctx, mem_printf(ctx, "HOP_DATABASE=%s", db_word(ctx, "dbname", dbname)));
	mem_list_add(&env, ctx, mem_printf(ctx, "HOP_PROJECT=%s", proof->dev->project->conf->name));
	mem_list_add(&env, ctx, mem_printf(ctx, "HOP_RELEASE=%s", version));
	mem_list_add(&env, ctx, mem_printf(ctx, "HOP_PATCH=%s", proof->patch ? proof->patch : ""));
	mem_list_add(&env, ctx, mem_printf(ctx, "HOP_ROOT=%s", tree));
	return env;
}

/* The error if the tests did not pass, without their output. */
static struct error *judge(const struct proc *proc, const char *command)
{
	if (proc->timed_out)
		return error_hint(error_new(ERROR_NO, "the tests did not end within %.0f s: %s",
					    proc->timeout, command),
				  "to give them more time: git config hop.testTimeout SECONDS");
	if (proc->status == 0)
		return NULL;
	if (proc->status > 128)
		return error_new(ERROR_NO, "the tests were killed by signal %d: %s",
				 proc->status - 128, command);
	if (proc->status == 126 || proc->status == 127)
		return error_new(ERROR_NO, "the tests could not be started (status %d): %s",
				 proc->status, command);
	return error_new(ERROR_NO, "the tests failed with status %d: %s", proc->status, command);
}

/* Adds the last lines of output; if there is more, keeps all of it in a file. */
static struct error *add_output(struct error *err, struct project *p, const struct proc *proc,
				const char *command)
{
	SCOPE(tmp, p);
	const char *tail = proc_tail(proc->output, TAIL_LINES);
	struct error *failed;
	char *kept;

	if (!proc->show)
		err = error_detail(err, "%s", tail);
	if (proc->status == 5 && strstr(command, "pytest"))
		err = error_add_hint(err, "status 5 of pytest means that it found no tests: add "
					  "one, or set an empty 'command =' in " PATH_CONFIG
					  " if there are none");
	if (tail == proc->output && proc->output_length < TAIL_BYTES)
		return err;
	failed = project_place(&kept, tmp, p, LOG_NAME);
	if (!failed && rename(proc->log, kept) == 0)
		err = error_add_hint(err, "the output is in %s", path_quote(tmp, kept));
	error_free(failed);
	return err;
}

/* Prepares the run. */
static struct error *prepare(struct proc *proc, void *ctx, const struct proof *proof,
			     const char *version, struct worktree *w)
{
	struct project *p = proof->dev->project;
	struct error *err;
	char *log;

	err = project_place(&log, ctx, p, mem_printf(ctx, "tests-%ld.log", (long)getpid()));
	if (!err)
		err = leftovers_add(w->leftovers, "folder", log);
	if (err)
		return err;
	unlink(log); /* of an earlier process with our process ID */
	*proc = (struct proc){.dir = w->tree,
			      .env = test_env(ctx, proof, version, w->tree),
			      .group = true,
			      .capture = true,
			      .merge = true,
			      .timeout = proof->timeout,
			      .linger = LINGER,
			      .keep = TAIL_BYTES,
			      .log = log,
			      .log_limit = LOG_BYTES,
			      .show = log_verbosity() > 0};
	return NULL;
}

struct error *prove_run(const struct proof *proof, const char *command)
{
	const struct version *release = proof->release ? proof->release : &proof->build->release;
	struct project *p = proof->dev->project;
	SCOPE(tmp, p);
	char *version = version_print(tmp, release);
	double begin = log_clock();
	struct worktree *w;
	struct error *err;
	struct proc proc;

	err = worktree_open(&w, tmp, p, proof->commit);
	if (!err)
		err = fail_point("prove.worktree");
	if (!err)
		err = prepare(&proc, tmp, proof, version, w);
	if (err)
		return err;
	proc.argv = proc_argv(tmp, "sh", "-c", command, NULL);
	if (!proc.show)
		progress("testing: %s", command);
	err = proc_run(tmp, &proc);
	progress("%s", "");
	if (!err && proc.left)
		warn("the tests left processes running: %s", proc.left);
	if (!err)
		err = judge(&proc, command);
	if (err && err->code == ERROR_NO)
		err = add_output(err, p, &proc, command);
	unlink(proc.log);
	if (!err)
		note("tests of release %s passed: %s (%.1f s)", version, command,
		     log_clock() - begin);
	return err;
}
