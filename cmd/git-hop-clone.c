/* git hop clone: clone a project and set up its database. */
#include "cmd.h"

#include "base/log.h"
#include "base/opt.h"
#include "care/clone.h"

struct error *command(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct clone job = {.url = NULL};
	const struct opt opts[] = {
		{0, "production", OPT_FLAG, &job.production, NULL,
		 "make a production clone, for update and upgrade only"},
		{0, "database", OPT_TEXT, &job.database, "CONNINFO", "the database of the clone"},
		{0, "at", OPT_TEXT, &job.at, "VERSION",
		 "adopt the production database at this version"},
		{'y', "yes", OPT_FLAG, &job.yes, NULL, "do not ask for confirmation"},
		OPT_COMMON,
		OPT_END,
	};
	const struct opt_usage usage =
		{"git hop clone [--database=CONNINFO] URL [DIR]\n"
		 "git hop clone --production --database=CONNINFO [--at=VERSION] [-y] URL [DIR]",
		 "Clone a project and set up its database.", opts, NULL};
	struct project *p;
	struct error *err;
	char **args;
	bool done;

	signals_catch();
	err = opt_take(&args, &done, argc, argv, &usage, 1, 2);
	if (err || done)
		return err;
	if (job.at && !job.production)
		return opt_error(&usage, "--at requires --production");
	job.url = args[0];
	job.dir = args[1];
	err = clone_project(&p, tmp, &job);
	if (err)
		return err;
	note("cloned project '%s' into '%s'", p->conf->name, job.dir);
	if (job.production)
		note("next: git hop update, git hop upgrade");
	return NULL;
}
