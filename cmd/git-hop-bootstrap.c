/* git hop bootstrap: run the data scripts that have not run in a database yet. */
#include "cmd.h"

#include <stdio.h>

#include "base/log.h"
#include "deploy/upgrade.h"
#include "show_pending.h"
#include "verb.h"

struct request {
	const char *database;
	bool dry_run, yes, no_backup;
};

static const struct verb_opt opts[] = {
	{0, "database", OPT_TEXT, offsetof(struct request, database), "CONNINFO", "the database"},
	{0, "no-backup", OPT_FLAG, offsetof(struct request, no_backup), NULL,
	 "do not make a backup"},
	{'n', "dry-run", OPT_FLAG, offsetof(struct request, dry_run), NULL,
	 "list the scripts and change nothing"},
	{'y', "yes", OPT_FLAG, offsetof(struct request, yes), NULL, "do not ask for confirmation"},
	VERB_OPT_END,
};

static struct error *apply(struct call *c, struct upgrade *upgrade)
{
	const struct request *r = c->request;
	const struct upgrade_mode mode = {.backup = !r->no_backup};
	const char *name = db_name(upgrade->db);
	struct error *err;

	show_pending_short(name, upgrade->pending);
	fflush(stdout);
	if (upgrade->pending->scripts.count == 0)
		return NULL;
	err = opt_confirm(r->yes, pending_question(c, upgrade->pending, name));
	return err ? err : upgrade_apply(upgrade, &mode);
}

static struct error *check(struct call *c)
{
	const struct request *r = c->request;

	if (c->format != OUT_TEXT && !r->dry_run)
		return opt_error(c->usage, "--porcelain and --json require --dry-run");
	return NULL;
}

static struct error *run(struct call *c)
{
	const struct request *r = c->request;
	const struct upgrade_request request = {
		.database = r->database,
		.look = r->dry_run,
		.scripts = true,
	};
	struct upgrade *upgrade;
	struct error *err;
	struct out *out;

	err = upgrade_open(&upgrade, c, c->project, &request);
	if (err || !r->dry_run)
		return err ? err : apply(c, upgrade);
	out = out_open(c, c->format, "bootstrap");
	show_pending(out, db_name(upgrade->db), upgrade->pending);
	out_end(out);
	return NULL;
}

static const struct verb self = {
	.synopsis = "git hop bootstrap [--database=CONNINFO] [--no-backup] [--yes]\n"
		    "git hop bootstrap --dry-run [--database=CONNINFO] [--porcelain | --json]",
	.about = "Run the data scripts that have not run in a database yet.",
	.opts = opts,
	.size = sizeof(struct request),
	.needs = VERB_PROJECT | VERB_FORMATS,
	.check = check,
	.run = run,
};

static const struct program program = {&self, NULL};

struct error *command(int argc, char **argv)
{
	return program_run(&program, argc, argv);
}
