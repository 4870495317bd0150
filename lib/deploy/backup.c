/* Backups of a production database. */
#include "deploy/backup.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "core/version.h"
#include "deploy/backup_state.h"
#include "port/pgtool.h"
#include "sql/sql.h"

#define MOST_JOBS 4
#define KEEP 10
#define NO_VERSION "none"
#define UNFINISHED ".part"
#define STAMP_LENGTH 16 /* 20260701T120000Z */

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

/* A backup by its name: DATABASE-VERSION-STAMP[-NUMBER][.part]. */
struct backup {
	char *name;
	char stamp[STAMP_LENGTH + 1];
	int number;
	bool unfinished;
};

static bool is_stamp(const char *text)
{
	for (int i = 0; i < STAMP_LENGTH; i++) {
		bool fits = i == 8    ? text[i] == 'T'
			    : i == 15 ? text[i] == 'Z'
				      : isdigit((unsigned char)text[i]);

		if (!fits)
			return false;
	}
	return true;
}

static bool is_version(const char *text)
{
	struct version ignored;
	struct error *err = version_parse(&ignored, text);
	bool good = !err || strcmp(text, NO_VERSION) == 0;

	error_free(err);
	return good;
}

/* "-2.part" and the like, after the stamp. */
static bool parse_ending(struct backup *out, const char *text)
{
	char *end = (char *)text;

	out->number = 1;
	if (*text == '-' && isdigit((unsigned char)text[1]))
		out->number = (int)strtol(text + 1, &end, 10);
	out->unfinished = strcmp(end, UNFINISHED) == 0;
	return out->unfinished || *end == '\0';
}

/* Is NAME a backup of the database with the prefix PREFIX? */
static bool parse_name(struct backup *out, void *ctx, const char *prefix, const char *name)
{
	SCOPE(tmp, ctx);
	size_t n = strlen(prefix);
	const char *version = name + n + 1;

	if (strncmp(name, prefix, n) != 0 || name[n] != '-')
		return false;
	for (const char *dash = strchr(version, '-'); dash; dash = strchr(dash + 1, '-')) {
		if (!is_stamp(dash + 1) || !parse_ending(out, dash + 1 + STAMP_LENGTH))
			continue;
		if (!is_version(mem_dup_n(tmp, version, (size_t)(dash - version))))
			continue;
		memcpy(out->stamp, dash + 1, STAMP_LENGTH);
		out->stamp[STAMP_LENGTH] = '\0';
		out->name = mem_dup(ctx, name);
		return true;
	}
	return false;
}

static int newest_first(const void *a, const void *b)
{
	const struct backup *ba = a, *bb = b;
	int order = strcmp(bb->stamp, ba->stamp);

	return order ? order : bb->number - ba->number;
}

/* The backups of a database in DIR, the newest first. */
static struct error *list_backups(struct backup **list, size_t *used, void *ctx, const char *dir,
				  const char *prefix)
{
	size_t count = 0;
	struct error *err;
	char **names;

	*used = 0;
	err = file_list(&names, &count, ctx, dir);
	if (err)
		return err;
	*list = mem_array(ctx, struct backup, count + 1);
	for (size_t i = 0; i < count; i++) {
		if (parse_name(&(*list)[*used], ctx, prefix, names[i]))
			(*used)++;
	}
	qsort(*list, *used, sizeof(**list), newest_first);
	return NULL;
}

/* Removes unfinished backups, and all complete ones except the newest KEEP. */
static struct error *prune(const char *dir, const char *prefix, int keep)
{
	SCOPE(tmp, NULL);
	struct backup *list;
	struct error *err;
	size_t used;

	err = list_backups(&list, &used, tmp, dir, prefix);
	for (size_t i = 0; !err && i < used; i++) {
		char *path = path_join(tmp, dir, list[i].name);

		if (!list[i].unfinished && keep-- > 0)
			continue;
		err = file_remove_tree(path);
		if (err)
			return error_wrap(err, "cannot remove the old backup");
		debug("removed the %s backup %s", list[i].unfinished ? "unfinished" : "old", path);
	}
	return err;
}

static char *size_text(void *ctx, double bytes)
{
	static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
	size_t unit = 0;

	while (bytes >= 1024 && unit + 1 < sizeof(units) / sizeof(*units)) {
		bytes /= 1024;
		unit++;
	}
	return mem_printf(ctx, unit ? "%.1f %s" : "%.0f %s", bytes, units[unit]);
}

struct measure {
	long long size;
	long long tables;
};

static struct error *measure(struct measure *out, struct db *db)
{
	SCOPE(tmp, NULL);
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, db, sql_dumped_tables, DB_NO_ARGS);
	if (err)
		return error_wrap(err, "cannot measure database '%s'", db_name(db));
	out->size = rows_number(rows, 0, 0);
	out->tables = rows_number(rows, 0, 1);
	return NULL;
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
			  dir, size_text(tmp, avail), db_name(db), size_text(tmp, (double)size)),
		"to put backups elsewhere: git config hop.backupDir DIR; nothing was changed");
}

static struct error *make_dir(const char *dir, const struct project *p)
{
	SCOPE(tmp, NULL);
	char *ignore = path_join(tmp, dir, ".gitignore");
	struct error *err;

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
	return file_write(ignore, "*\n", 2, 0666);
}

static struct error *verify(const char *path, long long expected)
{
	SCOPE(tmp, NULL);
	struct error *err;
	int entries;

	err = pgtool_backup_entries(&entries, tmp, path, "TABLE DATA");
	if (err || entries >= expected)
		return err;
	return error_new(ERROR_FAIL,
			 "the backup has the rows of %d tables, but the database "
			 "has %lld tables",
			 entries, expected);
}

/* The newest backup, where it is of the state that the database is in; else NULL. */
static struct error *find_same(char **path, void *ctx, const char *dir, const char *prefix,
			       struct db *db, long long tables)
{
	SCOPE(tmp, ctx);
	struct backup *list;
	struct error *err;
	char *newest;
	size_t used;

	*path = NULL;
	err = list_backups(&list, &used, tmp, dir, prefix);
	if (err || used == 0)
		return err;
	newest = path_join(ctx, dir, list[0].name);
	if (!backup_state_same(newest, db))
		return NULL;
	/* One that was damaged since is made again. */
	err = verify(newest, tables);
	if (!err)
		*path = newest;
	error_free(err);
	return NULL;
}

/* The first unused name. It stays unused, because we hold the lock on the database. */
static char *free_name(void *ctx, const char *dir, const char *prefix, const char *version)
{
	SCOPE(tmp, ctx);
	time_t now = time(NULL);
	char stamp[STAMP_LENGTH + 1];
	struct tm tm;
	char *base, *path;

	gmtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	base = mem_printf(tmp, "%s-%s-%s", prefix, version ? version : NO_VERSION, stamp);
	path = path_join(ctx, dir, base);
	for (int n = 2; file_exists(path); n++)
		path = path_join(ctx, dir, mem_printf(tmp, "%s-%d", base, n));
	return path;
}

/* Dumps to a name that marks it as unfinished, and renames it when it is complete. */
static struct error *dump(const char *path, struct db *db, const struct measure *before,
			  int lock_seconds)
{
	SCOPE(tmp, NULL);
	char *part = mem_printf(tmp, "%s" UNFINISHED, path);
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	struct error *err, *gone;
	struct measure after;
	char *state;

	err = backup_state_read(&state, tmp, db);
	if (!err)
		err = pgtool_backup(tmp, db, part,
				    cores < 1           ? 1
				    : cores > MOST_JOBS ? MOST_JOBS
							: (int)cores,
				    lock_seconds);
	if (!err)
		err = measure(&after, db);
	/* Tables may be created or dropped during the dump. */
	if (!err)
		err = verify(part, after.tables < before->tables ? after.tables : before->tables);
	if (!err)
		err = backup_state_write(part, state);
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

struct error *backup_make(char **path, void *ctx, struct project *p, struct db *db,
			  const char *version, int lock_seconds)
{
	SCOPE(tmp, ctx);
	char *dir = backup_dir(tmp, p);
	char *prefix = file_name_of(tmp, db_name(db));
	double began = log_clock();
	struct measure before = {0};
	struct error *err;
	int keep;

	err = repo_config_number(&keep, p->repo, "hop.backupKeep", KEEP);
	if (!err)
		err = make_dir(dir, p);
	if (!err)
		err = prune(dir, prefix, INT_MAX);
	if (!err)
		err = measure(&before, db);
	if (!err)
		err = find_same(path, ctx, dir, prefix, db, before.tables);
	if (!err && *path) {
		note("nothing was committed on the server since the backup: %s", *path);
		return NULL;
	}
	if (!err)
		err = check_space(dir, db, before.size);
	if (err)
		return err;
	*path = free_name(ctx, dir, prefix, version);
	progress("backing up database '%s' (%s)", db_name(db), size_text(tmp, (double)before.size));
	err = dump(*path, db, &before, lock_seconds);
	progress("%s", "");
	if (err)
		return error_wrap(err, "cannot upgrade without a backup");
	note("backup in %.1f s: %s", log_clock() - began, *path);
	return prune(dir, prefix, keep > 0 ? keep : 1);
}
