/* Before a commit is published, it is built like an upgrade and tested. */
#include "build/prove.h"

#include <string.h>

#include "base/fail.h"
#include "base/log.h"
#include "core/branch.h"
#include "build/prove_private.h"
#include "project/detect.h"
#include "sql/sql.h"

#define TIMEOUT 3600 /* seconds: an hour */

static struct error *read_conf(struct conf **out, void *ctx, struct project *p, const char *commit)
{
	struct error *err = error_recode(project_conf(out, ctx, p, commit), ERROR_NO);

	if (!err && !*out)
		err = error_new(ERROR_NO, PATH_CONFIG " is missing");
	if (err)
		return err;
	/* Databases identify the project by these two. */
	if (strcmp((*out)->id, p->conf->id) != 0 || strcmp((*out)->name, p->conf->name) != 0)
		return error_new(ERROR_NO,
				 "the name and the ID in " PATH_CONFIG " cannot be changed");
	/* Released versions are found by it. */
	if (strcmp((*out)->tag_prefix, p->conf->tag_prefix) != 0)
		return error_new(ERROR_NO,
				 "tagPrefix in " PATH_CONFIG " is '%s', but '%s' on "
				 "ho-prod: a patch cannot change it",
				 (*out)->tag_prefix, p->conf->tag_prefix);
	return NULL;
}

/* Only an explicit "command =" means that there are no tests. */
static struct error *refuse_untested(void *ctx, const struct proof *proof)
{
	struct error *err;
	char *command, *because;

	err = detect_tests_in(&command, &because, ctx, proof->dev->project->repo, proof->commit);
	if (err)
		return err;
	if (!command) {
		warn("the project has no test command: only the build of the database is tested");
		hint("[test] command = ... in " PATH_CONFIG
		     " sets one; an empty one means that there are no tests");
		return NULL;
	}
	err = error_new(ERROR_NO, "the project has tests (%s), but no test command", because);
	return error_hint(err,
			  "in a patch, add to " PATH_CONFIG ":\n"
			  "  [test]\n"
			  "  command = %s\n"
			  "or 'command =' if there is nothing to run",
			  command);
}

/*
 * Compares with the test command of BEFORE, whose configuration may be broken: a patch may repair
 * it.
 */
static struct error *compare(struct proof *proof, void *ctx)
{
	struct error *err;
	struct conf *conf;

	if (!proof->before)
		return NULL;
	err = read_conf(&conf, ctx, proof->dev->project, proof->before);
	if (err && err->code == ERROR_NO) {
		error_free(err);
		return NULL;
	}
	if (err || !conf->test || !*conf->test)
		return err;
	if (!proof->tests)
		proof->removed = conf->test;
	else if (strcmp(conf->test, proof->command) != 0)
		proof->old = conf->test;
	return NULL;
}

struct error *prove_open(struct proof *proof, void *ctx)
{
	struct error *err;
	struct conf *conf;

	err = read_conf(&conf, ctx, proof->dev->project, proof->commit);
	if (!err)
		err = dev_server_require_major(proof->dev, conf);
	if (err)
		return err;
	proof->command = conf->test;
	proof->tests = conf->test && *conf->test;
	err = repo_config_number(&proof->timeout, proof->dev->project->repo, "hop.testTimeout",
				 TIMEOUT);
	if (!err)
		err = compare(proof, ctx);
	return err || conf->test ? err : refuse_untested(ctx, proof);
}

/* Promote would find it as well, when the schema does not load, and could not say why. */
static struct error *refuse_use_of_hop(struct db *db)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err = db_query(&rows, tmp, db, sql_uses_hop, DB_NO_ARGS);

	if (err || rows_count(rows) == 0)
		return err;
	return error_hint(error_new(ERROR_NO,
				    "%s depends on schema hop, which is not part of the schema of "
				    "a release",
				    rows_text(rows, 0, 0)),
			  "patches and applications can read the tables of git hop, but not build "
			  "on them");
}

struct error *prove_build(struct proof *proof, void *ctx)
{
	struct error *err;

	err = build_of_release(&proof->build, ctx, proof->dev->project, proof->commit,
			       proof->branch);
	if (err)
		return err;
	proof->build->as_upgrade = true;
	proof->build->look = proof->look;
	/* Tests leave rows behind, so make the template before they run. */
	err = build_run(&proof->scratch, ctx, proof->dev, proof->build,
			proof->tests && proof->again ? proof->build->count : 0);
	if (!err)
		err = refuse_use_of_hop(proof->scratch->db);
	return err ? err : fail_point("prove.built");
}

struct error *prove_tests(struct proof *proof, void *ctx)
{
	struct error *err;

	if (!proof->tests)
		return NULL;
	err = prove_run(proof, proof->command);
	if (err || !proof->old)
		return err;
	note("the patch changes the test command: running the old one as well");
	/* The second run needs a database without the rows of the first. */
	talloc_free(proof->scratch);
	err = prove_build(proof, ctx);
	if (!err)
		err = error_wrap(prove_run(proof, proof->old), "with the old test command");
	return err && err->code == ERROR_NO
		       ? error_add_hint(err, "a patch that changes the test command has to "
					     "pass with both; to remove what only the old one "
					     "needs, use a later patch")
		       : err;
}
