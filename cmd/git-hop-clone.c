/* git hop clone: clone a project and set up its database. */
#include "cmd.h"

#include "base/log.h"
#include "care/clone.h"
#include "verb.h"

static const struct verb_opt opts[] = {
	{0, "production", OPT_FLAG, offsetof(struct clone, production), NULL,
	 "make a production clone, for update and upgrade only"},
	{0, "database", OPT_TEXT, offsetof(struct clone, database), "CONNINFO",
	 "the database of the clone"},
	{0, "at", OPT_TEXT, offsetof(struct clone, at), "VERSION",
	 "adopt the production database at this version"},
	{'y', "yes", OPT_FLAG, offsetof(struct clone, yes), NULL, "do not ask for confirmation"},
	VERB_OPT_END,
};

static struct error *check(struct call *c)
{
	struct clone *job = c->request;

	job->url = c->args[0];
	job->dir = c->args[1];
	if (job->at && !job->production)
		return opt_error(c->usage, "--at requires --production");
	return NULL;
}

static struct error *run(struct call *c)
{
	struct clone *job = c->request;
	struct error *err;

	err = clone_project(&c->project, c, job);
	if (err)
		return err;
	note("cloned project '%s' into '%s'", c->project->conf->name, job->dir);
	if (job->production)
		note("next: git hop update, git hop upgrade");
	return NULL;
}

static const struct verb self = {
	.synopsis = "git hop clone [--database=CONNINFO] URL [DIR]\n"
		    "git hop clone --production --database=CONNINFO [--at=VERSION] [-y] "
		    "URL [DIR]",
	.about = "Clone a project and set up its database.",
	.opts = opts,
	.size = sizeof(struct clone),
	.min = 1,
	.max = 2,
	.check = check,
	.run = run,
};

static const struct program program = {&self, NULL};

struct error *command(int argc, char **argv)
{
	return program_run(&program, argc, argv);
}
