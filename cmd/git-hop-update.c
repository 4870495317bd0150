/* git hop update: what can be applied to a production database. */
#include "cmd.h"

#include "base/log.h"
#include "base/opt.h"
#include "base/out.h"
#include "flow/enter.h"
#include "flow/upgrade.h"
#include "show_pending.h"

static const char *database;
static bool no_fetch;
static enum out_format format;

static const struct opt opts[] = {
	{0, "database", OPT_TEXT, &database, "CONNINFO", "the production database"},
	{0, "no-fetch", OPT_FLAG, &no_fetch, NULL, "do not ask origin for newer releases"},
	OPT_FORMATS(&format),
	OPT_COMMON,
	OPT_END,
};

static const struct opt_usage usage = {
	.synopsis = "git hop update [--database=CONNINFO] [--no-fetch] [--porcelain | --json]",
	.about = "List the releases that can be applied to a production database.",
	.opts = opts,
};

struct error *command(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct upgrade_request request = {.look = true};
	struct upgrade *upgrade;
	struct project *project;
	struct error *err;
	struct out *out;
	char **args;
	bool done;

	err = opt_take(&args, &done, argc, argv, &usage, 0, 0);
	if (err || done)
		return err;
	signals_catch();
	db_set_application("git hop update");
	request.database = database;
	request.fetch = !no_fetch;
	err = project_enter(&project, tmp, false);
	if (!err)
		err = upgrade_open(&upgrade, tmp, project, &request);
	if (err)
		return err;
	out = out_open(tmp, format, "update");
	show_pending(out, db_name(upgrade->db), upgrade->pending);
	out_end(out);
	return NULL;
}
