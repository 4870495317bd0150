/* Where a backup is written. */
#include "deploy/backup.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "deploy/backup_private.h"

/* A dump is usually smaller than the database; do not start one that might not fit. */
struct error *backup_check_space(const char *dir, const struct db *db, long long size)
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

/*
 * Whoever may rename what is in DIR, or in a directory above it, could put something else in place
 * of a backup.
 */
static struct error *check_dir(const char *dir, const struct project *p)
{
	SCOPE(tmp, NULL);
	struct stat st;

	if (p->root && file_has_link(p->root, dir))
		return error_new(ERROR_NO, "a directory in the path '%s' is a symbolic link", dir);
	for (char *at = path_absolute(tmp, dir); strcmp(at, "/") != 0; at = path_dir(tmp, at)) {
		if (stat(at, &st) == 0 && (st.st_mode & S_IWOTH) && !(st.st_mode & S_ISVTX))
			return error_new(ERROR_NO, "anybody may write to the directory '%s'", at);
	}
	return NULL;
}

struct error *backup_make_dir(const char *dir, const struct project *p)
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

struct error *backup_make_part(char **out, int *fd, void *ctx, const char *dir, const char *prefix,
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
