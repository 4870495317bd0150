/* git hop backup: make, list and verify backups of production databases. */
#include "cmd.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "deploy/backup.h"
#include "deploy/hold.h"
#include "run/as_superuser.h"
#include "verb.h"

struct create {
	const char *database;
	bool disconnect;
};

static void print_one(void *ctx, const struct backup *backup)
{
	char when[32] = "";
	struct tm tm;

	if (localtime_r(&backup->time, &tm))
		strftime(when, sizeof(when), "%F %T", &tm);
	out_print("%s\n  %s of database %s at %s, %s, %s\n", backup->name, backup->kind,
		  backup->database, backup->version, when,
		  backup_size_text(ctx, (double)backup->bytes));
}

static void put_one(struct out *out, const struct backup *backup)
{
	bool versioned = strcmp(backup->version, "none") != 0;

	out_record(out, "backup");
	out_text(out, "name", backup->name);
	out_text(out, "path", backup->path);
	out_text(out, "database", backup->database);
	out_text(out, "version", versioned ? backup->version : NULL);
	out_number(out, "time", backup->time);
	out_number(out, "bytes", backup->bytes);
	out_text(out, "kind", backup->kind);
}

static struct error *run_list(struct call *c)
{
	struct backup *list;
	struct error *err;
	struct out *out;
	size_t count;

	err = backup_list(&list, &count, c, c->project);
	if (err)
		return err;
	out = out_open(c, c->format, "backup list");
	for (size_t i = 0; i < count; i++) {
		if (out_is_text(out))
			print_one(c, &list[i]);
		else
			put_one(out, &list[i]);
	}
	out_end(out);
	return NULL;
}

static struct backup_request request_of(const struct hold *hold)
{
	return (struct backup_request){
		.project = hold->project,
		.db = hold->db,
		.conninfo = hold->conninfo,
		.version = hold->version,
		.lock_seconds = hold->timeout,
	};
}

static struct error *run_create(struct call *c)
{
	const struct create *r = c->request;
	struct backup_request request;
	struct hold *hold;
	struct error *err;
	char *path;
	bool made, by_restore;

	err = backup_verify_mode(&by_restore, c->project);
	if (!err)
		err = hold_database(&hold, c, c->project, r->database);
	if (!err && by_restore)
		err = as_superuser_confirm(c->project, hold->db, false);
	if (err)
		return err;
	request = request_of(hold);
	request.disconnect = r->disconnect;
	err = backup_make(&made, &path, c, &request);
	if (err)
		return err;
	if (!made)
		note("nothing was committed on the server since the newest backup");
	out_print("%s\n", path);
	return NULL;
}

/* What was found out about it. */
static const char *finding(const struct backup *backup, bool restored)
{
	if (restored)
		return "restored";
	if (backup_is(backup, BACKUP_SNAPSHOT))
		return "its copy is there, seen";
	return backup_is(backup, BACKUP_COMMAND) ? "its files are as they were written, seen"
						 : "read";
}

/* R is NULL: without a server. */
static struct error *verify_one(const struct backup *backup, const struct backup_request *r,
				bool by_restore)
{
	double began = log_clock();
	struct error *err;

	progress("reading %s", backup->name);
	err = backup_verify(backup, r, by_restore);
	progress("%s", "");
	if (!err)
		out_print("%s: good, %s in %.1f s\n", backup->name, finding(backup, by_restore),
			  log_clock() - began);
	return err && err->code == ERROR_FAIL ? error_recode(err, ERROR_NO) : err;
}

/* Without a name: the newest of each database, or of that of R. */
static struct error *verify_newest(struct call *c, const struct backup_request *r, bool by_restore)
{
	struct backup *list;
	struct error *err, *first = NULL;
	size_t count;

	err = r ? backup_list_of(&list, &count, c, c->project, r->db)
		: backup_list(&list, &count, c, c->project);
	if (!err && count == 0)
		err = error_hint(error_new(ERROR_NO, "there are no backups in %s",
					   backup_dir(c, c->project)),
				 "to make one: git hop backup create");
	if (err)
		return err;
	for (size_t i = 0; i < count; i++) {
		size_t k = 0;

		while (k < i && strcmp(list[k].of, list[i].of) != 0)
			k++;
		if (k < i)
			continue;
		err = verify_one(&list[i], r, by_restore);
		if (err && first) {
			error_print(stderr, first);
			error_free(first);
		}
		first = err ? err : first;
	}
	return first;
}

static struct error *run_verify(struct call *c)
{
	const struct create *wish = c->request;
	struct backup_request request, *r = NULL;
	struct backup backup;
	struct hold *hold;
	struct error *err;
	enum backup_kind kind;
	bool by_restore;
	char *command;

	err = backup_verify_mode(&by_restore, c->project);
	if (!err)
		err = backup_kind_read(&kind, &command, c, c->project);
	if (!err && (by_restore || kind == BACKUP_SNAPSHOT || wish->database)) {
		err = hold_database(&hold, c, c->project, wish->database);
		if (!err && by_restore)
			err = as_superuser_confirm(c->project, hold->db, false);
		r = &request;
	}
	if (err)
		return err;
	if (r)
		request = request_of(hold);
	if (c->count == 0)
		return verify_newest(c, r, by_restore);
	for (int i = 0; !err && i < c->count; i++) {
		err = backup_find(&backup, c, c->project, c->args[i]);
		if (!err)
			err = verify_one(&backup, r, by_restore);
	}
	return err;
}

static const struct verb list_verb = {
	.name = "list",
	.args = "[--porcelain|--json]",
	.help = "list the backups of this project's databases",
	.synopsis = "git hop backup list [--porcelain|--json]",
	.about = "List the backups of this project's databases.",
	.needs = VERB_PROJECT | VERB_FORMATS,
	.run = run_list,
};

static const struct verb_opt create_opts[] = {
	{0, "database", OPT_TEXT, offsetof(struct create, database), "CONNINFO",
	 "the production database"},
	{0, "disconnect", OPT_FLAG, offsetof(struct create, disconnect), NULL,
	 "end other sessions, which a snapshot needs"},
	VERB_OPT_END,
};

static const struct verb_opt verify_opts[] = {
	{0, "database", OPT_TEXT, offsetof(struct create, database), "CONNINFO",
	 "the production database"},
	VERB_OPT_END,
};

static const struct verb create_verb = {
	.name = "create",
	.args = "[--database=CONNINFO] [--disconnect]",
	.help = "make a backup of the database and verify it",
	.synopsis = "git hop backup create [--database=CONNINFO] [--disconnect]",
	.about = "Make a backup of the database and verify it.",
	.opts = create_opts,
	.size = sizeof(struct create),
	.needs = VERB_PROJECT,
	.run = run_create,
};

static const struct verb verify_verb = {
	.name = "verify",
	.args = "[--database=CONNINFO] [BACKUP...]",
	.help = "read backups in full, or restore them into a scratch database",
	.synopsis = "git hop backup verify [--database=CONNINFO] [BACKUP...]",
	.about = "Read backups in full, or restore them into a scratch database; exit with 1 if "
		 "one cannot\nbe restored.",
	.opts = verify_opts,
	.size = sizeof(struct create),
	.max = INT_MAX,
	.needs = VERB_PROJECT,
	.run = run_verify,
};

static const struct verb *const verbs[] = {&list_verb, &create_verb, &verify_verb, NULL};

static const struct verb self = {
	.synopsis = "git hop backup list [--porcelain|--json]\n"
		    "git hop backup create [--database=CONNINFO] [--disconnect]\n"
		    "git hop backup verify [--database=CONNINFO] [BACKUP...]",
	.about = "Make, list and verify backups of production databases.",
};

static const struct program program = {&self, verbs};

struct error *command(int argc, char **argv)
{
	return program_run(&program, argc, argv);
}
