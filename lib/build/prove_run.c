/* Runs the project's tests, in a worktree of the commit and on its scratch database. */
#include "build/prove.h"

#include <string.h>

#include "base/fail.h"
#include "base/log.h"
#include "base/proc.h"
#include "core/branch.h"
#include "build/prove_private.h"
#include "project/worktree.h"
#include "run/output.h"

#define LOG_NAME "tests"

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

/* What the status of a program that is known means. */
static struct error *hint_status(struct error *err, const struct proc *proc, const char *command)
{
	if (proc->status != 5 || !strstr(command, "pytest"))
		return err;
	return error_add_hint(err, "status 5 of pytest means that it found no tests: add "
				   "one, or set an empty 'command =' in " PATH_CONFIG
				   " if there are none");
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
		err = output_open(&proc, tmp, p, LOG_NAME, w->leftovers);
	if (err)
		return err;
	proc.argv = proc_argv(tmp, "sh", "-c", command, NULL);
	proc.dir = w->tree;
	proc.env = test_env(tmp, proof, version, w->tree);
	proc.timeout = proof->timeout;
	if (!proc.show)
		progress("testing: %s", command);
	err = proc_run(tmp, &proc);
	progress("%s", "");
	if (!err && proc.left)
		warn("the tests left processes running: %s", proc.left);
	if (!err)
		err = judge(&proc, command);
	if (err && err->code == ERROR_NO)
		err = output_add(hint_status(err, &proc, command), p, &proc, LOG_NAME);
	output_close(&proc);
	if (!err)
		note("tests of release %s passed: %s (%.1f s)", version, command,
		     log_clock() - begin);
	return err;
}
