/* Backups of a production database. */
#include "deploy/backup.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/file.h"
#include "base/log.h"
#include "base/machine.h"
#include "base/path.h"
#include "base/quote.h"
#include "deploy/backup_facts.h"
#include "deploy/backup_private.h"
#include "port/pgtool.h"
#include "run/database.h"
#include "sql/sql.h"

#define MOST_JOBS 4
#define KEEP 10

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

int backup_jobs(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	return cores < 1 ? 1 : cores > MOST_JOBS ? MOST_JOBS : (int)cores;
}

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

/* A dump is usually smaller than the database; do not start one that might not fit. */
static struct error *check_space(const char *dir, const struct db *db, long long size)
{
	SCOPE(tmp, NULL);
	struct statvfs fs;
	double avail;

	if (statvfs(dir, &fs) < 0)
		return error_errno("cannot determine the free space in '%s'", dir);
	avail = (double)fs.f_bavail * (double)fs.f_frsize;
	if (avail >= (double)size)
		return NULL;
	return error_hint(
		error_new(ERROR_FAIL,
			  "not enough space for a backup in '%s': %s free, but database '%s' "
			  "takes %s",
			  dir, backup_size_text(tmp, avail), db_name(db),
			  backup_size_text(tmp, (double)size)),
		"to put backups elsewhere: git config hop.backupDir DIR; nothing was changed");
}

/* Whoever may rename what is in DIR could put something else in place of a backup. */
static struct error *check_dir(const char *dir, const struct project *p)
{
	struct stat st;

	if (p->root && file_has_link(p->root, dir))
		return error_new(ERROR_NO, "the way to '%s' is a symbolic link", dir);
	if (stat(dir, &st) == 0 && (st.st_mode & S_IWOTH) && !(st.st_mode & S_ISVTX))
		return error_new(ERROR_NO, "anybody may write to the directory '%s'", dir);
	return NULL;
}

static struct error *make_dir(const char *dir, const struct project *p)
{
	SCOPE(tmp, NULL);
	char *ignore = path_join(tmp, dir, ".gitignore");
	struct error *err;

	err = check_dir(dir, p);
	if (!err)
		err = file_make_dirs(dir, 0700);
	if (!err && access(dir, W_OK | X_OK) < 0)
		err = error_errno("cannot write to directory '%s'", dir);
	if (err)
		return error_hint(err,
				  "to put backups elsewhere: git config hop.backupDir DIR; nothing "
				  "was changed");
	/* Only for our own directory in the worktree: backups must not be committed. */
	if (!p->root || strcmp(dir, path_join(tmp, p->root, ".hop/backups")) != 0 ||
	    file_exists(ignore))
		return NULL;
	return file_write(ignore, "*\n", 2, 0600);
}

/* The newest backup, where it is of the state that the database is in; else NULL. */
static struct error *find_same(char **path, void *ctx, const char *dir, const char *prefix,
			       struct db *db)
{
	SCOPE(tmp, ctx);
	struct error *err;
	char *newest, **facts;

	*path = NULL;
	err = backup_newest(&newest, tmp, dir, prefix);
	if (err || !newest)
		return err;
	err = backup_facts_load(&facts, tmp, newest);
	/* One that was damaged since is made again. */
	if (!err && backup_facts_same(facts, db)) {
		err = backup_verify_quickly(newest, facts);
		if (!err)
			*path = mem_dup(ctx, newest);
	}
	error_free(err);
	return NULL;
}

/*
 * The first name that was never used, and its folder with the ending ".part", which is made here
 * and stays locked by FD.
 */
static struct error *make_part(char **out, int *fd, void *ctx, const char *dir, const char *prefix,
			       const char *version)
{
	SCOPE(tmp, ctx);
	time_t now = time(NULL);
	char stamp[BACKUP_STAMP_LENGTH + 1];
	struct error *err = NULL;
	struct stat st;
	struct tm tm;
	char *base, *path;
	bool made = false;

	gmtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	base = mem_printf(tmp, "%s-%s-%s", prefix, version ? version : BACKUP_NO_VERSION, stamp);
	path = path_join(ctx, dir, base);
	for (int n = 2; !err && !made; n++) {
		if (lstat(path, &st) < 0)
			err = file_make_new_dir(&made,
						mem_printf(tmp, "%s" BACKUP_UNFINISHED, path));
		if (!err && !made)
			path = path_join(ctx, dir, mem_printf(tmp, "%s-%d", base, n));
	}
	if (err)
		return err;
	*fd = file_lock_dir(mem_printf(tmp, "%s" BACKUP_UNFINISHED, path));
	*out = path;
	return NULL;
}

struct error *backup_facts_of(char **text, void *ctx, struct project *p, struct db *db,
			      const char *prefix, const char *version)
{
	SCOPE(tmp, ctx);
	struct error *err;
	char *read;

	err = backup_facts_read(&read, tmp, db);
	if (!err)
		*text = mem_printf(ctx, "project %s\nof %s\ndatabase %s\nversion %s\n%s",
				   p->conf->id, prefix, quote_field(tmp, db_name(db)),
				   version ? version : BACKUP_NO_VERSION, read);
	return err;
}

/* Begins the transaction whose snapshot the dump and the facts about it share. */
static struct error *begin(char **snapshot, void *ctx, struct db *db)
{
	SCOPE(tmp, ctx);
	struct rows *rows;
	struct error *err;

	err = db_query_simple(
		&rows, tmp, db,
		"BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;"
		"SELECT pg_catalog.set_config(name, '0', true) FROM pg_catalog.pg_settings "
		"WHERE name IN ('idle_in_transaction_session_timeout', 'transaction_timeout');"
		"SELECT pg_catalog.pg_export_snapshot()");
	if (!err)
		*snapshot = mem_dup(ctx, rows_text(rows, 0, 0));
	return err;
}

struct making {
	struct project *project;
	struct db *db;
	const char *prefix, *version;
	int lock_seconds;
};

static struct error *fill(const struct making *m, const char *part)
{
	SCOPE(tmp, NULL);
	char *snapshot, *facts;
	struct error *err;

	err = begin(&snapshot, tmp, m->db);
	if (!err)
		err = backup_facts_of(&facts, tmp, m->project, m->db, m->prefix, m->version);
	if (!err)
		err = pgtool_backup(tmp, m->db, part, snapshot, backup_jobs(), m->lock_seconds);
	if (!err)
		err = db_exec_simple(m->db, "COMMIT");
	if (err) {
		database_rollback(m->db);
		return err;
	}
	mem_append(&facts, tmp, "kind dump\n");
	err = backup_facts_add_files(&facts, tmp, part);
	if (!err)
		err = backup_facts_write(part, facts);
	if (!err)
		err = fail_point("backup.dumped");
	return err ? err : backup_verify(part, mem_split(tmp, facts, '\n'));
}

/* Into the folder whose name says that it is unfinished, and only when it is whole to PATH. */
static struct error *dump(const struct making *m, const char *path)
{
	SCOPE(tmp, NULL);
	char *part = mem_printf(tmp, "%s" BACKUP_UNFINISHED, path);
	struct error *err = fill(m, part), *gone;

	if (!err)
		err = fail_point("upgrade.backup");
	if (!err && rename(part, path) < 0)
		err = error_errno("cannot rename '%s' to '%s'", part, path);
	if (!err)
		return NULL;
	gone = file_remove_tree(part);
	error_free(gone);
	return error_add_hint(err, "nothing was changed in the database");
}

struct error *backup_make(bool *made, char **path, void *ctx, struct project *p, struct db *db,
			  const char *version, int lock_seconds)
{
	SCOPE(tmp, ctx);
	struct making m = {.project = p, .db = db, .version = version};
	char *dir = backup_dir(tmp, p), *prefix;
	double began = log_clock();
	struct error *err;
	int keep, fd = -1;
	long long size = 0;

	m.lock_seconds = lock_seconds;
	err = backup_prefix(&prefix, tmp, p, db);
	if (!err)
		err = repo_config_count(&keep, p->repo, "hop.backupKeep", KEEP);
	if (!err)
		err = make_dir(dir, p);
	if (!err)
		err = backup_prune(dir, prefix, INT_MAX);
	if (!err)
		err = find_same(path, ctx, dir, prefix, db);
	*made = !err && !*path;
	if (!err && *path)
		return NULL;
	if (!err)
		err = database_size(&size, db);
	if (!err)
		err = check_space(dir, db, size);
	if (!err)
		err = make_part(path, &fd, ctx, dir, prefix, version);
	if (err)
		return err;
	m.prefix = prefix;
	progress("backing up database '%s' (%s)", db_name(db), backup_size_text(tmp, (double)size));
	err = dump(&m, *path);
	progress("%s", "");
	if (fd >= 0)
		close(fd);
	if (err)
		return err;
	note("backup in %.1f s: %s", log_clock() - began, *path);
	return backup_prune(dir, prefix, keep);
}
