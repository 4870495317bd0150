/* Guarantee 3: a commit is built as an upgrade and tested before it is published. */
#include "build/prove.h"

#include <string.h>

#include "base/fail.h"
#include "base/log.h"
#include "base/proc.h"
#include "core/branch.h"
#include "build/worktree.h"

#define TAIL_LINES 30

static struct error *read_conf(struct conf **out, void *ctx, struct project *p, const char *commit)
{
	SCOPE(tmp, ctx);
	struct error *err;
	size_t length;
	char *text;

	err = repo_file(&text, &length, tmp, p->repo, commit, PATH_CONFIG);
	if (err)
		return err;
	if (!text)
		return error_new(ERROR_NO, "the patch takes away " PATH_CONFIG);
	err = error_recode(conf_parse(out, ctx, PATH_CONFIG, text, length), ERROR_NO);
	if (err)
		return err;
	/* Databases know the project by these two. */
	if (strcmp((*out)->id, p->conf->id) != 0 || strcmp((*out)->name, p->conf->name) != 0)
		return error_new(ERROR_NO,
				 "the name and the id in " PATH_CONFIG " cannot be changed");
	return NULL;
}

struct error *prove_open(struct proof *proof, void *ctx)
{
	struct error *err;
	struct conf *conf;

	err = read_conf(&conf, ctx, proof->dev->project, proof->commit);
	if (err)
		return err;
	proof->command = conf->test;
	proof->tests = conf->test && *conf->test;
	if (conf->test)
		return NULL;
	warn("the project has no test command: the database is built, nothing else is tested");
	hint("[test] command = ... in " PATH_CONFIG
	     " names one; an empty one says that there is none");
	return NULL;
}

struct error *prove_build(struct proof *proof, void *ctx)
{
	struct error *err;

	err = build_of_release(&proof->build, ctx, proof->dev->project, proof->commit,
			       proof->branch);
	if (err)
		return err;
	proof->build->as_upgrade = true;
	/* Tests leave their rows behind: then the template is put aside before they run. */
	err = build_run(&proof->scratch, ctx, proof->dev, proof->build,
			proof->tests && proof->again ? proof->build->count : 0);
	return err ? err : fail_point("prove.built");
}

static char **test_env(void *ctx, const struct proof *proof, const char *version, const char *tree)
{
	static const char *const unset[] = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE",
					    "GIT_PREFIX", NULL};
	const char *dbname = proof->scratch->name;
	char **env = db_env(ctx, proof->dev->db, dbname);

	for (size_t i = 0; unset[i]; i++)
		mem_list_add(&env, ctx, unset[i]);
	/* The PG* variables say where; this says that hop itself, if a test calls it, works there
	 * too. */
	mem_list_add(&env, ctx, mem_printf(ctx, "HOP_DATABASE=dbname=%s", dbname));
	mem_list_add(&env, ctx, mem_printf(ctx, "HOP_PROJECT=%s", proof->dev->project->conf->name));
	mem_list_add(&env, ctx, mem_printf(ctx, "HOP_RELEASE=%s", version));
	mem_list_add(&env, ctx, mem_printf(ctx, "HOP_PATCH=%s", proof->patch ? proof->patch : ""));
	mem_list_add(&env, ctx, mem_printf(ctx, "HOP_ROOT=%s", tree));
	return env;
}

static struct error *judge(const struct proc *proc, const char *command)
{
	struct error *err;

	if (proc->status == 0)
		return NULL;
	if (proc->status > 128)
		err = error_new(ERROR_NO, "the tests were killed by signal %d: %s",
				proc->status - 128, command);
	else if (proc->status == 126 || proc->status == 127)
		err = error_new(ERROR_NO, "the tests could not be started (status %d): %s",
				proc->status, command);
	else
		err = error_new(ERROR_NO, "the tests failed with status %d: %s", proc->status,
				command);
	return error_detail(err, "%s", proc_tail(proc->output, TAIL_LINES));
}

struct error *prove_tests(struct proof *proof)
{
	const struct version *release = proof->release ? proof->release : &proof->build->release;
	SCOPE(tmp, proof->dev);
	struct proc proc = {.group = true, .capture = true, .merge = true};
	char *version = version_print(tmp, release);
	double begin = log_clock();
	struct worktree *w;
	struct error *err;

	if (!proof->tests)
		return NULL;
	err = worktree_open(&w, tmp, proof->dev->project, proof->commit);
	if (!err)
		err = fail_point("prove.worktree");
	if (err)
		return err;
	progress("testing: %s", proof->command);
	proc.argv = proc_argv(tmp, "sh", "-c", proof->command, NULL);
	proc.dir = w->tree;
	proc.env = test_env(tmp, proof, version, w->tree);
	err = proc_run(tmp, &proc);
	progress("%s", "");
	if (err)
		return err;
	if (log_verbosity() > 0)
		note("%s", proc.output);
	err = judge(&proc, proof->command);
	if (!err)
		note("tests of release %s passed: %s (%.1f s)", version, proof->command,
		     log_clock() - begin);
	return err;
}
