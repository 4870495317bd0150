/* git hop upgrade: upgrade a production database to a newer release. */
#include "cmd.h"

#include <stdio.h>

#include "base/log.h"
#include "base/opt.h"
#include "base/out.h"
#include "care/enter.h"
#include "deploy/upgrade.h"
#include "show_pending.h"

static const char *database, *to_release;
static bool atomic, dry_run, yes, no_backup, no_fetch;
static enum out_format format;

static const struct opt opts[] = {
	{0, "database", OPT_TEXT, &database, "CONNINFO", "the production database"},
	{0, "to-release", OPT_TEXT, &to_release, "VERSION", "stop at this release"},
	{0, "atomic", OPT_FLAG, &atomic, NULL, "apply all releases in one transaction"},
	{0, "no-backup", OPT_FLAG, &no_backup, NULL, "do not make a backup"},
	{0, "no-fetch", OPT_FLAG, &no_fetch, NULL, "do not contact the remote"},
	{'n', "dry-run", OPT_FLAG, &dry_run, NULL, "print the plan and change nothing"},
	OPT_FORMATS(&format),
	{'y', "yes", OPT_FLAG, &yes, NULL, "do not ask for confirmation"},
	OPT_COMMON,
	OPT_END,
};

static const struct opt_usage usage = {
	.synopsis = "git hop upgrade [--database=CONNINFO] [--to-release VERSION] [--atomic]\n"
		    "                [--no-backup] [--no-fetch] [--yes]\n"
		    "git hop upgrade --dry-run [--porcelain | --json] [OPTION...]",
	.about = "Upgrade a production database to a newer release.",
	.opts = opts,
};

static struct error *show_plan(void *ctx, const struct upgrade *upgrade)
{
	struct out *out = out_open(ctx, format, "upgrade");

	show_pending(out, db_name(upgrade->db), upgrade->pending);
	out_end(out);
	return pending_check(upgrade->pending);
}

static struct error *apply(void *ctx, struct upgrade *upgrade)
{
	const struct upgrade_mode mode = {.atomic = atomic, .backup = !no_backup};
	const struct pending *pending = upgrade->pending;
	const char *name = db_name(upgrade->db);
	struct error *err = pending_check(pending);

	if (err)
		return err;
	show_pending_short(name, pending);
	fflush(stdout);
	if (pending->count == 0)
		return NULL;
	err = opt_confirm(yes, mem_printf(ctx, "Apply %zu release%s to database '%s'?",
					  pending->count, pending->count == 1 ? "" : "s", name));
	if (!err)
		err = upgrade_apply(upgrade, &mode);
	if (err)
		return err;
	note("database '%s' is at %s", name, pending->to);
	return NULL;
}

static struct error *read_options(struct version *to)
{
	if (format != OUT_TEXT && !dry_run)
		return opt_error(&usage, "--porcelain and --json require --dry-run");
	return to_release ? version_parse(to, to_release) : NULL;
}

struct error *command(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct upgrade_request request = {0};
	struct upgrade *upgrade;
	struct project *project;
	struct error *err;
	struct version to;
	char **args;
	bool done;

	err = opt_take(&args, &done, argc, argv, &usage, 0, 0);
	if (err || done)
		return err;
	err = read_options(&to);
	if (err)
		return err;
	signals_catch();
	db_set_application("git hop upgrade");
	request.database = database;
	request.to = to_release ? &to : NULL;
	request.fetch = !no_fetch;
	request.look = dry_run;
	err = project_enter(&project, tmp, false);
	if (!err)
		err = upgrade_open(&upgrade, tmp, project, &request);
	if (err)
		return err;
	return dry_run ? show_plan(tmp, upgrade) : apply(tmp, upgrade);
}
