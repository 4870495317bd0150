/* git hop update: list the releases that can be applied to a production database. */
#include "cmd.h"

#include "deploy/upgrade.h"
#include "show_pending.h"
#include "verb.h"

struct request {
	const char *database;
	bool no_fetch;
};

static const struct verb_opt opts[] = {
	{0, "database", OPT_TEXT, offsetof(struct request, database), "CONNINFO",
	 "the production database"},
	{0, "no-fetch", OPT_FLAG, offsetof(struct request, no_fetch), NULL,
	 "do not contact the remote"},
	VERB_OPT_END,
};

static struct error *run(struct call *c)
{
	const struct request *r = c->request;
	const struct upgrade_request request = {.look = true,
						.database = r->database,
						.fetch = !r->no_fetch};
	struct upgrade *upgrade;
	struct error *err;
	struct out *out;

	err = upgrade_open(&upgrade, c, c->project, &request);
	if (err)
		return err;
	out = out_open(c, c->format, "update");
	show_pending(out, db_name(upgrade->db), upgrade->pending);
	out_end(out);
	return NULL;
}

static const struct verb self = {
	.synopsis = "git hop update [--database=CONNINFO] [--no-fetch] "
		    "[--porcelain | --json]",
	.about = "List the releases that can be applied to a production database.",
	.opts = opts,
	.size = sizeof(struct request),
	.needs = VERB_PROJECT | VERB_FORMATS,
	.run = run,
};

static const struct program program = {&self, NULL};

struct error *command(int argc, char **argv)
{
	return program_run(&program, argc, argv);
}
