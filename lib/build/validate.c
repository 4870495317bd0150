/* The project's own tests, in a temporary work tree, against a scratch database. */
#include "build/validate.h"

#include <string.h>
#include <sys/stat.h>

#include "base/fail.h"
#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "base/proc.h"
#include "core/branch.h"
#include "project/leftovers.h"
#include "port/git.h"

#define TAIL_LINES 30

/* A work tree for the time of a validation; freeing it removes it. */
struct bench {
	struct leftovers *leftovers;
	struct repo *repo;
	char *dir;  /* temporary folder */
	char *tree; /* the work tree in it */
};

static int bench_destroy(struct bench *b)
{
	int signal = signals_suspend();
	struct error *err;

	err = git_worktree_remove(b, b->repo, b->tree);
	error_free(err);
	err = file_remove_tree(b->dir);
	if (err)
		warn("%s", err->message);
	error_free(err);
	signals_resume(signal);
	return 0;
}

static struct error *bench_open(struct bench **out, void *ctx, struct project *p,
				const char *commit)
{
	struct bench *b = mem_new(ctx, struct bench);
	struct error *err;

	err = leftovers_open(&b->leftovers, b, p);
	if (!err)
		err = leftovers_name(&b->dir, b, "hop-test");
	if (err)
		return err;
	b->repo = p->repo;
	b->tree = path_join(b, b->dir, p->conf->name);
	talloc_set_destructor(b, bench_destroy);
	err = leftovers_add(b->leftovers, "worktree", b->tree);
	if (!err)
		err = leftovers_add(b->leftovers, "folder", b->dir);
	if (!err)
		err = fail_point("validate.noted");
	if (!err && mkdir(b->dir, 0700) < 0)
		err = error_errno("cannot create the folder '%s'", b->dir);
	if (!err)
		err = git_worktree_add(b, b->repo, b->tree, commit);
	*out = b;
	return error_wrap(err, "cannot make a work tree to test in");
}

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

static struct error *read_command(bool *tests, bool *said, struct project *p, const char *commit)
{
	SCOPE(tmp, p);
	struct error *err;
	struct conf *conf;

	err = read_conf(&conf, tmp, p, commit);
	if (err)
		return err;
	*said = conf->test != NULL;
	*tests = conf->test && *conf->test;
	return NULL;
}

struct error *validate_will_test(bool *out, struct project *p, const char *commit)
{
	bool said;

	return read_command(out, &said, p, commit);
}

struct error *validate_has_tests(bool *out, struct project *p, const char *commit)
{
	struct error *err;
	bool said;

	err = read_command(out, &said, p, commit);
	if (err || said)
		return err;
	warn("the project has no test command: the database is built, nothing else is tested");
	hint("[test] command = ... in " PATH_CONFIG
	     " names one; an empty one says that there is none");
	return NULL;
}

static char **test_env(void *ctx, const struct validation *v, const char *dbname, const char *tree)
{
	static const char *const unset[] = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE",
					    "GIT_PREFIX", NULL};
	char **env = db_env(ctx, v->dev->db, dbname);

	for (size_t i = 0; unset[i]; i++)
		mem_list_add(&env, ctx, unset[i]);
	/* The PG* variables say where; this says that hop itself, if a test calls it, works there
	 * too. */
	mem_list_add(&env, ctx, mem_printf(ctx, "HOP_DATABASE=dbname=%s", dbname));
	mem_list_add(&env, ctx, mem_printf(ctx, "HOP_PROJECT=%s", v->dev->project->conf->name));
	mem_list_add(&env, ctx, mem_printf(ctx, "HOP_RELEASE=%s", version_print(ctx, v->release)));
	mem_list_add(&env, ctx, mem_printf(ctx, "HOP_PATCH=%s", v->patch ? v->patch : ""));
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

struct error *validate_run(const struct validation *v, const char *dbname)
{
	struct project *p = v->dev->project;
	SCOPE(tmp, p);
	struct proc proc = {.group = true, .capture = true, .merge = true};
	double begin = log_clock();
	struct bench *bench;
	struct conf *conf;
	struct error *err;

	err = read_conf(&conf, tmp, p, v->commit);
	if (!err)
		err = bench_open(&bench, tmp, p, v->commit);
	if (!err)
		err = fail_point("validate.worktree");
	if (err)
		return err;
	progress("testing: %s", conf->test);
	proc.argv = proc_argv(tmp, "sh", "-c", conf->test, NULL);
	proc.dir = bench->tree;
	proc.env = test_env(tmp, v, dbname, bench->tree);
	err = proc_run(tmp, &proc);
	progress("%s", "");
	if (err)
		return err;
	if (log_verbosity() > 0)
		note("%s", proc.output);
	err = judge(&proc, conf->test);
	if (!err)
		note("tests of release %s passed: %s (%.1f s)", version_print(tmp, v->release),
		     conf->test, log_clock() - begin);
	return err;
}
