/* git hop init: create a project. */
#include "cmd.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "care/draft.h"
#include "care/init.h"
#include "port/conf.h"
#include "port/git.h"
#include "run/record.h"
#include "verb.h"

static void say(const struct init *job, bool tests_asked)
{
	note("created project '%s' at version 0.0.0; ho-prod is checked out", job->chosen);
	if (job->baseline && strcmp(job->role, RECORD_PRODUCTION) == 0)
		note("version 0.0.0 is the schema of database '%s', which is a production database "
		     "now: only git hop upgrade changes it",
		     job->baseline);
	else if (job->baseline)
		note("version 0.0.0 is the schema of database '%s', which is the development "
		     "database of this clone now: git hop patch apply and git hop restore replace "
		     "it, with its rows",
		     job->baseline);
	if (job->tag_found)
		note("tags of releases begin with '%s' (there is a tag %s); before the first "
		     "release, 'tagPrefix' in .hop/config can still be changed",
		     job->prefix_chosen, job->tag_found);
	if (job->test_found)
		note("test command: %s (found %s); to change it, edit .hop/config", job->test_found,
		     job->test_because);
	else if (!tests_asked)
		note("no tests found; to add some, set 'command' in section [test] of .hop/config");
	note("next: git hop release create minor");
}

/* The directory is filled under another name and renamed when it is complete. */
static struct error *init_in_folder(struct init *job, void *ctx, const char *name)
{
	char *path = path_absolute(ctx, name);
	struct draft *draft;
	struct error *err;
	char *origin = NULL;

	job->name = *name ? path_base(path) : name;
	job->place = mem_printf(ctx, "%s/", path);
	err = conf_check_name(job->name);
	if (!err && file_exists(path))
		err = error_hint(
			error_new(ERROR_NO, "'%s' already exists", name),
			"to create a project in it, run git hop init there without a name");
	if (!err && job->origin && file_exists(job->origin))
		err = path_real(&origin, ctx, job->origin);
	if (err)
		return err;
	if (origin)
		job->origin = origin;
	err = draft_begin(&draft, ctx, path, "init");
	if (err)
		return err;
	if (chdir(draft->path) < 0)
		err = error_errno("cannot change to directory '%s'", draft->path);
	if (!err)
		err = git_run(NULL, ctx, NULL, "init", "--quiet", "--initial-branch=ho-prod", NULL);
	if (!err)
		err = init_project(job, ctx);
	if (!err)
		err = draft_place(draft);
	if (err)
		draft_drop(draft);
	return err;
}

static const struct verb_opt opts[] = {
	{0, "database", OPT_TEXT, offsetof(struct init, database), "CONNINFO",
	 "start from the schema of this database"},
	{0, "as", OPT_TEXT, offsetof(struct init, as), "ROLE",
	 "that database is for 'production' or 'development'"},
	{0, "git-origin", OPT_TEXT, offsetof(struct init, origin), "URL",
	 "add this remote as origin and push to it"},
	{0, "ref-namespace", OPT_TEXT, offsetof(struct init, namespace), "REFS",
	 "where the remote takes refs of git hop; default: refs/hop"},
	{0, "tag-prefix", OPT_TEXT, offsetof(struct init, tag_prefix), "PREFIX",
	 "what stands before the version in the tags of releases; default: v"},
	{0, "test", OPT_TEXT, offsetof(struct init, test), "COMMAND",
	 "the command that runs the tests; '' if there are none"},
	VERB_OPT_END,
};

static struct error *check(struct call *c)
{
	const struct init *job = c->request;

	if (job->as && strcmp(job->as, RECORD_PRODUCTION) != 0 &&
	    strcmp(job->as, RECORD_DEVELOPMENT) != 0)
		return opt_error(c->usage, "--as=%s: it is 'production' or 'development'", job->as);
	return job->as && !job->database ? opt_error(c->usage, "--as requires --database") : NULL;
}

static struct error *run(struct call *c)
{
	struct init *job = c->request;
	struct error *err;

	err = c->count ? init_in_folder(job, c, c->args[0]) : init_project(job, c);
	if (!err)
		say(job, job->test != NULL);
	return err;
}

static const struct verb self = {
	.synopsis = "git hop init [--database=CONNINFO [--as=ROLE]] [--git-origin=URL] "
		    "[--ref-namespace=REFS] [--tag-prefix=PREFIX] [--test=COMMAND] [NAME]",
	.about = "Create a project in the current repository, or in a new directory NAME.",
	.opts = opts,
	.size = sizeof(struct init),
	.max = 1,
	.check = check,
	.run = run,
};

static const struct program program = {&self, NULL};

struct error *command(int argc, char **argv)
{
	return program_run(&program, argc, argv);
}
