/* git hop upgrade: upgrade a production database to a newer release. */
#include "cmd.h"

#include <stdio.h>

#include "base/log.h"
#include "deploy/upgrade.h"
#include "run/as_superuser.h"
#include "rehearse/rehearse.h"
#include "show_pending.h"
#include "show_rehearsal.h"
#include "verb.h"

struct request {
	const char *database, *to_release, *redo, *done, *copy_on;
	bool atomic, accept_drift, disconnect, dry_run, rehearse, with_data, yes, no_backup,
		no_fetch;
	struct version to; /* when one is named */
};

static const struct verb_opt opts[] = {
	{0, "database", OPT_TEXT, offsetof(struct request, database), "CONNINFO",
	 "the production database"},
	{0, "to-release", OPT_TEXT, offsetof(struct request, to_release), "VERSION",
	 "stop at this release"},
	{0, "atomic", OPT_FLAG, offsetof(struct request, atomic), NULL,
	 "apply all releases in one transaction"},
	{0, "redo", OPT_TEXT, offsetof(struct request, redo), "FILE",
	 "run the interrupted step in FILE again"},
	{0, "done", OPT_TEXT, offsetof(struct request, done), "FILE",
	 "take the interrupted step in FILE for done"},
	{0, "accept-drift", OPT_FLAG, offsetof(struct request, accept_drift), NULL,
	 "upgrade although the schema was changed by other means"},
	{0, "disconnect", OPT_FLAG, offsetof(struct request, disconnect), NULL,
	 "end other sessions, which a snapshot as the backup needs"},
	{0, "no-backup", OPT_FLAG, offsetof(struct request, no_backup), NULL,
	 "do not make a backup"},
	{0, "no-fetch", OPT_FLAG, offsetof(struct request, no_fetch), NULL,
	 "do not contact the remote"},
	{'n', "dry-run", OPT_FLAG, offsetof(struct request, dry_run), NULL,
	 "print the plan and change nothing"},
	{0, "rehearse", OPT_FLAG, offsetof(struct request, rehearse), NULL,
	 "upgrade a copy, and find what would block the application"},
	{0, "with-data", OPT_FLAG, offsetof(struct request, with_data), NULL,
	 "rehearse with all rows, not only with the schema"},
	{0, "copy-on", OPT_TEXT, offsetof(struct request, copy_on), "CONNINFO",
	 "rehearse on this server"},
	{'y', "yes", OPT_FLAG, offsetof(struct request, yes), NULL, "do not ask for confirmation"},
	VERB_OPT_END,
};

static struct error *show_plan(struct call *c, const struct upgrade *upgrade)
{
	struct out *out = out_open(c, c->format, "upgrade");

	show_pending(out, db_name(upgrade->db), upgrade->pending);
	out_end(out);
	return pending_check(upgrade->pending, ((const struct request *)c->request)->atomic);
}

static struct error *apply(struct call *c, struct upgrade *upgrade)
{
	const struct request *r = c->request;
	const struct upgrade_mode mode = {
		.atomic = r->atomic,
		.backup = !r->no_backup,
		.disconnect = r->disconnect,
		.accept_drift = r->accept_drift,
	};
	const struct pending *pending = upgrade->pending;
	const char *name = db_name(upgrade->db);
	struct error *err = pending_check(pending, r->atomic);

	if (err)
		return err;
	if (log_verbosity() > 0)
		show_pending(out_open(c, OUT_TEXT, "upgrade"), name, pending);
	else
		show_pending_short(name, pending);
	fflush(stdout);
	if (pending->count + pending->scripts.count == 0)
		return NULL;
	err = as_superuser_confirm(c->project, upgrade->db, r->yes);
	if (err)
		return err;
	err = opt_confirm(r->yes, pending_question(c, pending, name));
	if (!err)
		err = upgrade_apply(upgrade, &mode);
	if (err)
		return err;
	note("database '%s' is at %s", name, pending->to);
	return NULL;
}

static struct error *rehearse(struct call *c, struct upgrade *upgrade)
{
	const struct request *r = c->request;
	const struct pending *pending = upgrade->pending;
	const struct rehearse_request request = {
		.data = r->with_data,
		.on = r->copy_on,
		.atomic = r->atomic,
	};
	const struct rehearsal *rehearsal;
	struct out *out = out_open(c, c->format, "upgrade-rehearse");
	struct error *err = pending_check(pending, r->atomic);

	if (err)
		return err;
	if (out_is_text(out))
		show_pending_short(db_name(upgrade->db), pending);
	fflush(stdout);
	/* Nobody uses a database that is empty. */
	if (upgrade->fresh || pending->count + pending->scripts.count == 0) {
		out_end(out);
		return NULL;
	}
	err = as_superuser_confirm(c->project, upgrade->db, r->yes);
	if (!err)
		err = rehearse_upgrade(&rehearsal, c, upgrade, &request);
	if (err)
		return err;
	show_rehearsal(out, rehearsal);
	out_end(out);
	return rehearsal_verdict(rehearsal);
}

static struct error *check(struct call *c)
{
	struct request *r = c->request;

	if (r->disconnect && r->no_backup)
		return opt_error(c->usage, "--disconnect is for the backup");
	if (r->dry_run && r->rehearse)
		return opt_error(c->usage, "--dry-run and --rehearse exclude each other");
	if ((r->with_data || r->copy_on) && !r->rehearse)
		return opt_error(c->usage, "--with-data and --copy-on require --rehearse");
	if (c->format != OUT_TEXT && !r->dry_run && !r->rehearse)
		return opt_error(c->usage,
				 "--porcelain and --json require --dry-run or --rehearse");
	if (r->redo && r->done)
		return opt_error(c->usage, "--redo and --done exclude each other");
	return r->to_release ? version_parse(&r->to, r->to_release) : NULL;
}

static struct error *run(struct call *c)
{
	const struct request *r = c->request;
	const struct upgrade_request request = {
		.database = r->database,
		.to = r->to_release ? &r->to : NULL,
		.fetch = !r->no_fetch,
		.look = r->dry_run || r->rehearse,
		.redo = r->redo,
		.done = r->done,
	};
	struct upgrade *upgrade;
	struct error *err;

	err = upgrade_open(&upgrade, c, c->project, &request);
	if (err)
		return err;
	if (r->rehearse)
		return rehearse(c, upgrade);
	return r->dry_run ? show_plan(c, upgrade) : apply(c, upgrade);
}

static const struct verb self = {
	.synopsis = "git hop upgrade [--database=CONNINFO] [--to-release VERSION] [--atomic]\n"
		    "                [--redo FILE | --done FILE] [--accept-drift]\n"
		    "                [--disconnect | --no-backup] [--no-fetch] [--yes]\n"
		    "git hop upgrade --dry-run [--porcelain | --json] [OPTION...]\n"
		    "git hop upgrade --rehearse [--with-data] [--copy-on=CONNINFO]\n"
		    "                [--porcelain | --json] [OPTION...]",
	.about = "Upgrade a production database to a newer release.",
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
