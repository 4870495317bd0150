/* git hop rollback: take a production database back to a backup. */
#include "cmd.h"

#include "base/log.h"
#include "core/version.h"
#include "deploy/rollback.h"
#include "run/as_superuser.h"
#include "run/database.h"
#include "verb.h"

struct request {
	const char *database, *to_release, *backup;
	bool dry_run, drop, yes;
};

static const struct verb_opt opts[] = {
	{0, "database", OPT_TEXT, offsetof(struct request, database), "CONNINFO",
	 "the production database"},
	{0, "to-release", OPT_TEXT, offsetof(struct request, to_release), "VERSION",
	 "restore the newest backup of this version"},
	{0, "backup", OPT_TEXT, offsetof(struct request, backup), "BACKUP", "restore this backup"},
	{0, "drop", OPT_FLAG, offsetof(struct request, drop), NULL,
	 "drop the databases that earlier rollbacks replaced"},
	{'n', "dry-run", OPT_FLAG, offsetof(struct request, dry_run), NULL,
	 "print what would be lost and change nothing"},
	{'y', "yes", OPT_FLAG, offsetof(struct request, yes), NULL, "do not ask for confirmation"},
	VERB_OPT_END,
};

static struct error *check(struct call *c)
{
	const struct request *r = c->request;
	struct version ignored;

	if (r->to_release && r->backup)
		return opt_error(c->usage, "--to-release and --backup cannot be used together");
	if (r->drop && (r->to_release || r->backup))
		return opt_error(c->usage, "--drop restores no backup");
	return r->to_release ? version_parse(&ignored, r->to_release) : NULL;
}

static struct error *drop(struct call *c)
{
	const struct request *r = c->request;
	struct db *server;
	struct error *err;
	char **names;

	err = rollback_kept(&names, &server, c, c->project, r->database);
	if (err)
		return err;
	if (!*names)
		return error_new(ERROR_NO, "there is no database that a rollback replaced");
	for (char **name = names; *name; name++)
		out_print("%s\n", *name);
	if (r->dry_run)
		return NULL;
	err = opt_confirm(r->yes, mem_printf(c, "Drop %zu database%s?", mem_list_length(names),
					     names[1] ? "s" : ""));
	for (char **name = names; !err && *name; name++) {
		err = database_drop(server, *name);
		if (!err)
			note("dropped database '%s'", *name);
	}
	return err;
}

static struct error *run(struct call *c)
{
	const struct request *r = c->request;
	const struct rollback_request request = {r->database, r->to_release, r->backup};
	struct rollback *rollback;
	const char *name;
	struct error *err;
	char *kept;

	if (r->drop)
		return drop(c);
	err = rollback_open(&rollback, c, c->project, &request);
	if (err)
		return err;
	name = mem_dup(c, db_name(rollback->hold->db));
	out_print("database '%s' is at %s, to be replaced by %s\n", name,
		  rollback->hold->version ? rollback->hold->version : "no version",
		  rollback->backup.name);
	for (char **line = rollback->lost; *line; line++)
		out_print("  %s\n", *line);
	if (r->dry_run)
		return NULL;
	err = as_superuser_confirm(c->project, rollback->hold->db, r->yes);
	if (err)
		return err;
	err = opt_confirm(r->yes, mem_printf(c, "Take database '%s' back to %s?", name,
					     rollback->backup.version));
	if (!err)
		err = rollback_run(&kept, c, rollback);
	if (err)
		return err;
	note("database '%s' is at %s", name, rollback->backup.version);
	if (rollback->server) {
		note("the replaced database is '%s'", kept);
		hint("when you do not need it any more: git hop rollback --drop");
	} else {
		note("what it had before is in the backup %s", kept);
	}
	return NULL;
}

static const struct verb self = {
	.synopsis = "git hop rollback [--database=CONNINFO] [--to-release VERSION | "
		    "--backup=BACKUP]\n"
		    "                 [--dry-run] [--yes]\n"
		    "git hop rollback --drop [--database=CONNINFO] [--dry-run] [--yes]",
	.about = "Take a production database back to a backup.",
	.opts = opts,
	.size = sizeof(struct request),
	.needs = VERB_PROJECT,
	.check = check,
	.run = run,
};

static const struct program program = {&self, NULL};

struct error *command(int argc, char **argv)
{
	return program_run(&program, argc, argv);
}
