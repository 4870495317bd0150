/* git hop restore: restore the development database to a version. */
#include "cmd.h"

#include "base/log.h"
#include "base/opt.h"
#include "project/catalog.h"
#include "care/enter.h"
#include "build/scratch.h"
#include "project/leftovers.h"
#include "project/project.h"
#include "build/dev_server.h"

static struct error *choose(struct build **out, void *ctx, struct project *p, const char *text)
{
	struct version version, newest;
	struct error *err;
	char *commit;

	if (text) {
		err = version_parse(&version, text);
		if (err)
			return err;
	}
	err = catalog_production(&newest, &commit, ctx, p);
	if (err)
		return err;
	return build_of_version(out, ctx, p, commit, text ? &version : &newest);
}

static struct error *restore(const char *text, const char *database, const char *take_over)
{
	SCOPE(tmp, NULL);
	double began = log_clock();
	struct project *project;
	struct dev_server *dev;
	struct scratch *scratch;
	struct build *build;
	struct error *err;

	err = project_enter(&project, tmp, true);
	if (!err)
		err = leftovers_sweep_worktrees(project);
	if (!err)
		err = choose(&build, tmp, project, text);
	if (!err)
		err = dev_server_open(&dev, tmp, project, database, false);
	if (err)
		return err;
	dev->take_over = take_over;
	/* Before the work of a build: would it be let in? */
	err = dev_server_may_replace(dev);
	if (!err)
		err = build_run(&scratch, tmp, dev, build, 0);
	if (!err)
		err = scratch_swap_in(scratch);
	if (err)
		return err;
	note("database '%s' is at version %s (%.2f s)", dev->database,
	     version_print(tmp, &build->release), log_clock() - began);
	build_prepare_spare(dev, build, 0);
	return NULL;
}

struct error *command(int argc, char **argv)
{
	const char *database = NULL, *take_over = NULL;
	const struct opt opts[] = {
		{0, "database", OPT_TEXT, &database, "CONNINFO", "the development database"},
		{0, "take-over", OPT_TEXT, &take_over, "NAME",
		 "replace database NAME of another clone or program"},
		OPT_COMMON,
		OPT_END,
	};
	const struct opt_usage usage =
		{"git hop restore [--database=CONNINFO] [--take-over=NAME] [VERSION]",
		 "Restore the development database to a version.", opts, NULL};
	struct error *err;
	bool done;
	int first;

	signals_catch();
	db_set_application("git hop restore");
	err = opt_parse(&first, &done, argc, argv, &usage, false);
	if (err || done)
		return err;
	err = opt_count(&usage, argc - first, 0, 1);
	return err ? err : restore(argv[first], database, take_over);
}
