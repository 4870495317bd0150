/* git hop update: list the releases that can be applied to a production database. */
#include "cmd.h"

#include "base/log.h"
#include "deploy/upgrade.h"
#include "reading.h"
#include "show_pending.h"

struct error *command(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	const char *database = NULL;
	bool no_fetch = false;
	const struct opt own[] = {
		{0, "database", OPT_TEXT, &database, "CONNINFO", "the production database"},
		{0, "no-fetch", OPT_FLAG, &no_fetch, NULL, "do not contact the remote"},
		OPT_END,
	};
	struct reading r = {
		.synopsis =
			"git hop update [--database=CONNINFO] [--no-fetch] [--porcelain | --json]",
		.about = "List the releases that can be applied to a production database.",
		.own = own,
	};
	struct upgrade_request request = {.look = true};
	struct upgrade *upgrade;
	struct error *err;
	struct out *out;

	signals_catch();
	err = reading_begin(&r, tmp, argc, argv);
	if (err || r.done)
		return err;
	db_set_application("git hop update");
	request.database = database;
	request.fetch = !no_fetch;
	err = upgrade_open(&upgrade, tmp, r.project, &request);
	if (err)
		return err;
	out = out_open(tmp, r.format, "update");
	show_pending(out, db_name(upgrade->db), upgrade->pending);
	out_end(out);
	return NULL;
}
