/* git hop update: what can be applied to a production database. */
#include "cmd.h"

#include "base/log.h"
#include "base/opt.h"
#include "base/out.h"
#include "flow/upgrade.h"
#include "show_pending.h"

static const char *database;
static bool porcelain, json, no_fetch;

static const struct opt opts[] = {
	{0, "database", OPT_TEXT, &database, "CONNINFO", "the production database"},
	{0, "no-fetch", OPT_FLAG, &no_fetch, NULL, "do not ask origin for newer releases"},
	{0, "porcelain", OPT_FLAG, &porcelain, NULL, "print for programs"},
	{0, "json", OPT_FLAG, &json, NULL, "print JSON"},
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
	enum out_format format;
	struct upgrade *upgrade;
	struct project *project;
	struct error *err;
	struct out *out;
	bool done;
	int first;

	err = opt_parse(&first, &done, argc, argv, &usage, false);
	if (err || done)
		return err;
	err = opt_count(&usage, argc - first, 0, 0);
	if (!err)
		err = out_format_of(&format, porcelain, json);
	if (err)
		return err;
	signals_catch();
	db_set_application("git hop update");
	request.database = database;
	request.fetch = !no_fetch;
	err = project_open(&project, tmp, false);
	if (!err)
		err = upgrade_open(&upgrade, tmp, project, &request);
	if (err)
		return err;
	out = out_open(tmp, format, "update");
	show_pending(out, db_name(upgrade->db), upgrade->pending);
	out_end(out);
	return NULL;
}
