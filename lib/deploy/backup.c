/* Backups of a production database. */
#include "deploy/backup.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/file.h"
#include "base/log.h"
#include "base/machine.h"
#include "base/path.h"
#include "deploy/backup_facts.h"
#include "deploy/backup_private.h"
#include "run/database.h"
#include "sql/sql.h"

#define KEEP 10

char *backup_size_text(void *ctx, double bytes)
{
	static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
	size_t unit = 0;

	while (bytes >= 1024 && unit + 1 < sizeof(units) / sizeof(*units)) {
		bytes /= 1024;
		unit++;
	}
	return mem_printf(ctx, unit ? "%.1f %s" : "%.0f %s", bytes, units[unit]);
}

char *backup_dir(void *ctx, struct project *p)
{
	SCOPE(tmp, ctx);
	char *named = repo_config(tmp, p->repo, "hop.backupDir");
	const char *home = getenv("HOME");

	if (!named || !*named)
		return p->root ? path_join(ctx, p->root, ".hop/backups")
			       : path_join(ctx, p->common, "hop/backups");
	if (*named == '/')
		return mem_dup(ctx, named);
	if (strncmp(named, "~/", 2) == 0 && home)
		return path_join(ctx, home, named + 2);
	return path_join(ctx, p->root ? p->root : p->common, named);
}

/* A database can have any name, but the name of a directory should be easy to handle. */
static char *file_name_of(void *ctx, const char *database)
{
	char *out = mem_dup(ctx, "");

	for (const char *p = database; *p; p++) {
		bool plain = isalnum((unsigned char)*p) || *p == '_' ||
			     (p > database && (*p == '-' || *p == '.'));

		mem_append(&out, ctx, plain ? "%c" : "%%%02X", (unsigned char)*p);
	}
	return out;
}

/*
 * PROJECT-DATABASE-HASH: databases of one name on other servers, or of other projects, differ in
 * the hash. A copy of a cluster has its identifier, and a local address leads to another server on
 * each machine, so both are in it.
 */
struct error *backup_prefix(char **out, void *ctx, struct project *p, struct db *db)
{
	SCOPE(tmp, ctx);
	const char *host = db_host(db);
	bool local = !host || !*host || *host == '/' || strcmp(host, "localhost") == 0 ||
		     strncmp(host, "127.", 4) == 0 || strcmp(host, "::1") == 0;
	struct error *err;
	struct rows *rows;
	char *text, *oid;

	text = mem_printf(tmp, "%s\n%s\n%s\n", p->conf->id, db_describe(tmp, db),
			  local ? machine_host(tmp) : "");
	err = db_query(&rows, tmp, db, sql_system_identifier, DB_NO_ARGS);
	if (!err)
		mem_append(&text, tmp, "%s", rows_text(rows, 0, 0));
	else if (!db_error_is(err, "42501")) /* not every role may ask */
		return err;
	error_free(err);
	err = repo_hash(&oid, tmp, text, strlen(text));
	if (!err)
		*out = mem_printf(ctx, "%s-%.60s-%.8s", p->conf->name,
				  file_name_of(tmp, db_name(db)), oid);
	return err;
}

/* The newest backup, where it is of the state that the database is in; else NULL. */
static struct error *find_same(char **path, void *ctx, const struct backup_making *m)
{
	SCOPE(tmp, ctx);
	struct error *err;
	struct backup backup;
	char *newest;

	*path = NULL;
	err = backup_newest(&newest, tmp, m->dir, m->prefix);
	if (err || !newest)
		return err;
	backup = (struct backup){.path = newest, .name = path_base(newest)};
	err = backup_facts_load(&backup.facts, tmp, newest);
	/* One that was damaged since is made again. */
	if (!err && backup_is(&backup, m->kind) &&
	    backup_facts_same(backup.facts, m->request->db)) {
		err = backup_verify_quickly(&backup, m->request);
		if (!err)
			*path = mem_dup(ctx, newest);
	}
	error_free(err);
	return NULL;
}

/* The facts, with the transactions of ours that are known by now. */
static struct error *write_facts(const struct backup_making *m, const char *folder,
				 const char *facts)
{
	SCOPE(tmp, NULL);

	return backup_facts_write(folder,
				  m->own ? mem_printf(tmp, "%sown %s\n", facts, m->own) : facts);
}

static struct error *fill(char **facts, struct backup_making *m, const char *path, const char *part)
{
	SCOPE(tmp, NULL);
	struct backup backup = {.path = part, .name = path_base(path)};
	struct error *err;

	if (m->kind == BACKUP_SNAPSHOT)
		err = backup_snapshot(facts, m, m, backup.name);
	else if (m->kind == BACKUP_COMMAND)
		err = backup_command(facts, m, m, part);
	else
		err = backup_dump(facts, m, m, part);
	if (!err)
		err = write_facts(m, part, *facts);
	if (!err)
		err = fail_point("backup.dumped");
	if (err)
		return err;
	backup.facts = mem_split(tmp, *facts, '\n');
	backup.version = backup_fact(backup.facts, "version");
	return backup_verify(&backup, m->request, m->by_restore);
}

/* Into the folder whose name says that it is unfinished, and only when it is whole to PATH. */
static struct error *make(char **facts, struct backup_making *m, const char *path)
{
	SCOPE(tmp, NULL);
	char *part = mem_printf(tmp, "%s" BACKUP_UNFINISHED, path);
	struct error *err = fill(facts, m, path, part), *gone;
	int suspended;

	if (!err)
		err = fail_point("upgrade.backup");
	if (!err && rename(part, path) < 0)
		err = error_errno("cannot rename '%s' to '%s'", part, path);
	if (!err)
		return NULL;
	suspended = signals_suspend();
	gone = m->kind == BACKUP_SNAPSHOT ? backup_snapshot_drop(m, path_base(path)) : NULL;
	if (!gone)
		gone = file_remove_tree(part);
	signals_resume(suspended);
	error_free(gone);
	return error_add_hint(err, "nothing was changed in the database");
}

/* What it takes, before anything is written. */
static struct error *prepare(struct backup_making *m, const struct backup_request *r)
{
	struct error *err = backup_verify_mode(&m->by_restore, r->project);

	m->request = r;
	m->dir = backup_dir(m, r->project);
	if (!err)
		err = backup_kind_read(&m->kind, &m->command, m, r->project);
	if (r->before_rollback)
		m->kind = BACKUP_DUMP;
	if (!err)
		err = backup_kind_check(m);
	if (!err)
		err = backup_prefix(&m->prefix, m, r->project, r->db);
	if (!err)
		err = repo_config_count(&m->keep, r->project->repo, "hop.backupKeep", KEEP);
	if (!err)
		err = backup_make_dir(m->dir, r->project);
	return err ? err : backup_prune(m, INT_MAX, NULL);
}

/* Only what hop itself writes can be measured before. */
static struct error *check_space(const struct backup_making *m, long long size)
{
	struct db *db = m->request->db;

	if (m->kind == BACKUP_SNAPSHOT)
		return backup_snapshot_space(db, size);
	return m->kind == BACKUP_DUMP ? backup_check_space(m->dir, db, size) : NULL;
}

/* Dropping the copies of old ones is no change of the database either. */
static struct error *prune(struct backup_making *m, const char *path, const char *facts)
{
	size_t before = m->own ? strlen(m->own) : 0;
	struct error *err = backup_prune(m, m->request->before_rollback ? INT_MAX : m->keep, path);

	if (err || !m->own || strlen(m->own) == before)
		return err;
	return write_facts(m, path, facts);
}

struct error *backup_make(bool *made, char **path, void *ctx, const struct backup_request *r)
{
	SCOPE(tmp, ctx);
	struct backup_making *m = mem_new(tmp, struct backup_making);
	double began = log_clock();
	struct error *err;
	int fd = -1;
	long long size = 0;
	char *facts;

	err = prepare(m, r);
	if (!err)
		err = find_same(path, ctx, m);
	*made = !err && !*path;
	if (!err && *path)
		return NULL;
	if (!err)
		err = database_size(&size, r->db);
	if (!err)
		err = check_space(m, size);
	if (!err)
		err = backup_make_part(path, &fd, ctx, m->dir, m->prefix, r->version);
	if (err)
		return err;
	progress("backing up database '%s' (%s)", db_name(r->db),
		 backup_size_text(tmp, (double)size));
	err = make(&facts, m, *path);
	progress("%s", "");
	if (fd >= 0)
		close(fd);
	if (err)
		return err;
	note("backup in %.1f s: %s", log_clock() - began, *path);
	return prune(m, *path, facts);
}
