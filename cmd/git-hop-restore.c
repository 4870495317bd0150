/* git hop restore: restore the development database to a version. */
#include "cmd.h"

#include <time.h>

#include "base/log.h"
#include "project/catalog.h"
#include "project/remote.h"
#include "build/scratch.h"
#include "build/dev_server.h"
#include "records.h"
#include "verb.h"

struct request {
	const char *database, *take_over;
	struct version version; /* when one is named */
};

static const struct verb_opt opts[] = {
	{0, "database", OPT_TEXT, offsetof(struct request, database), "CONNINFO",
	 "the development database"},
	{0, "take-over", OPT_TEXT, offsetof(struct request, take_over), "NAME",
	 "replace this database, even if git hop or this clone did not create it"},
	VERB_OPT_END,
};

static struct error *check(struct call *c)
{
	struct request *r = c->request;

	return c->count ? version_parse(&r->version, c->args[0]) : NULL;
}

static struct error *choose(struct build **out, struct call *c)
{
	const struct request *r = c->request;
	struct version newest;
	struct error *err;
	char *commit;

	err = catalog_production(&newest, &commit, c, c->project);
	if (err)
		return err;
	return build_of_version(out, c, c->project, commit, c->count ? &r->version : &newest);
}

#define RECENT 3600 /* seconds */

/* The newest version is that of the last fetch. */
static struct error *say_fetched(struct call *c)
{
	struct project *p = c->project;
	long long fetched;
	struct error *err = project_fetched(&fetched, p);

	if (err || c->count || !p->remote || fetched == 0 || time(NULL) - fetched < RECENT)
		return err;
	note("this is the newest version as of the last fetch, %s", age_words(c, fetched));
	return NULL;
}

static struct error *run(struct call *c)
{
	const struct request *r = c->request;
	struct dev_server *dev;
	struct scratch *scratch;
	struct build *build;
	struct error *err;

	err = choose(&build, c);
	if (!err)
		err = dev_server_open(&dev, c, c->project, r->database, false);
	if (err)
		return err;
	dev->take_over = r->take_over;
	/* Before building: can the database be replaced? */
	err = dev_server_accept_major(dev);
	if (!err)
		err = dev_server_may_replace(dev);
	if (!err)
		err = build_run(&scratch, c, dev, build, 0);
	if (!err)
		err = scratch_swap_in(scratch);
	if (err)
		return err;
	note("database '%s' is at version %s (%.2f s)", dev->database,
	     version_print(c, &build->release), log_clock() - c->began);
	err = say_fetched(c);
	if (err)
		return err;
	build_prepare_spare(dev, build, 0);
	return NULL;
}

static const struct verb self = {
	.synopsis = "git hop restore [--database=CONNINFO] [--take-over=NAME] [VERSION]",
	.about = "Restore the development database to a version.",
	.opts = opts,
	.size = sizeof(struct request),
	.max = 1,
	.needs = VERB_DEVELOPMENT,
	.check = check,
	.run = run,
};

static const struct program program = {&self, NULL};

struct error *command(int argc, char **argv)
{
	return program_run(&program, argc, argv);
}
