/* Which backups stay. */
#include "deploy/backup.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "core/version.h"
#include "deploy/backup_private.h"

static bool is_stamp(const char *text)
{
	for (int i = 0; i < BACKUP_STAMP_LENGTH; i++) {
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
	bool good = !err || strcmp(text, BACKUP_NO_VERSION) == 0;

	error_free(err);
	return good;
}

/* "-2.part" and the like, behind the stamp. */
static bool parse_ending(struct backup_name *out, const char *text)
{
	char *end = (char *)text;

	out->number = 1;
	if (*text == '-' && isdigit((unsigned char)text[1]))
		out->number = (int)strtol(text + 1, &end, 10);
	out->unfinished = strcmp(end, BACKUP_UNFINISHED) == 0;
	return out->unfinished || *end == '\0';
}

bool backup_name_parse(struct backup_name *out, void *ctx, const char *prefix, const char *name)
{
	SCOPE(tmp, ctx);
	size_t n = strlen(prefix);
	const char *version = name + n + 1;

	if (strncmp(name, prefix, n) != 0 || name[n] != '-')
		return false;
	for (const char *dash = strchr(version, '-'); dash; dash = strchr(dash + 1, '-')) {
		if (!is_stamp(dash + 1) || !parse_ending(out, dash + 1 + BACKUP_STAMP_LENGTH))
			continue;
		if (!is_version(mem_dup_n(tmp, version, (size_t)(dash - version))))
			continue;
		memcpy(out->stamp, dash + 1, BACKUP_STAMP_LENGTH);
		out->stamp[BACKUP_STAMP_LENGTH] = '\0';
		out->name = mem_dup(ctx, name);
		return true;
	}
	return false;
}

bool backup_name_is_ours(struct backup_name *backup, const char *path)
{
	struct stat st;

	if (lstat(path, &st) < 0 || !S_ISDIR(st.st_mode) || st.st_uid != geteuid())
		return false;
	backup->written = st.st_mtim;
	return true;
}

int backup_name_newest_first(const void *a, const void *b)
{
	const struct backup_name *ba = a, *bb = b;
	int order = strcmp(bb->stamp, ba->stamp);

	if (!order)
		order = bb->number - ba->number;
	/* Of other versions, in one second. */
	if (!order)
		order = ba->written.tv_sec != bb->written.tv_sec
				? (ba->written.tv_sec < bb->written.tv_sec ? 1 : -1)
				: (int)(bb->written.tv_nsec - ba->written.tv_nsec);
	return order;
}

/* The name that an unfinished backup was to get. */
static char *final_name(void *ctx, const struct backup_name *backup)
{
	size_t length = strlen(backup->name);

	return mem_dup_n(ctx, backup->name,
			 backup->unfinished ? length - strlen(BACKUP_UNFINISHED) : length);
}

/* Its copy first: without the folder, nobody knows what the copy is. */
static struct error *remove_backup(struct backup_making *m, const struct backup_name *backup)
{
	SCOPE(tmp, NULL);
	char *path = path_join(tmp, m->dir, backup->name);
	int lock = backup->unfinished ? file_lock_dir(path) : -1;
	struct error *err;

	if (backup->unfinished && lock < 0)
		return NULL;
	err = backup_snapshot_drop(m, final_name(tmp, backup));
	if (!err)
		err = file_remove_tree(path);
	if (lock >= 0)
		close(lock);
	if (!err)
		debug("removed the %s backup %s", backup->unfinished ? "unfinished" : "old", path);
	return error_wrap(err, "cannot remove the old backup");
}

/* The backups of a database in DIR, the newest first. */
static struct error *list_backups(struct backup_name **list, size_t *used, void *ctx,
				  const char *dir, const char *prefix)
{
	size_t count = 0;
	struct error *err;
	char **names;

	*used = 0;
	err = file_list(&names, &count, ctx, dir);
	if (err)
		return err;
	*list = mem_array(ctx, struct backup_name, count + 1);
	for (size_t i = 0; i < count; i++) {
		struct backup_name *backup = &(*list)[*used];

		if (backup_name_parse(backup, ctx, prefix, names[i]) &&
		    backup_name_is_ours(backup, path_join(ctx, dir, names[i])))
			(*used)++;
	}
	qsort(*list, *used, sizeof(**list), backup_name_newest_first);
	return NULL;
}

struct error *backup_newest(char **path, void *ctx, const char *dir, const char *prefix)
{
	SCOPE(tmp, NULL);
	struct backup_name *list;
	struct error *err;
	size_t used;

	*path = NULL;
	err = list_backups(&list, &used, tmp, dir, prefix);
	for (size_t i = 0; !err && !*path && i < used; i++) {
		if (!list[i].unfinished)
			*path = path_join(ctx, dir, list[i].name);
	}
	return err;
}

struct error *backup_prune(struct backup_making *m, int keep, const char *made)
{
	SCOPE(tmp, NULL);
	struct backup_name *list;
	struct error *err;
	size_t used;

	keep -= made != NULL;
	err = list_backups(&list, &used, tmp, m->dir, m->prefix);
	for (size_t i = 0; !err && i < used; i++) {
		if (made && strcmp(list[i].name, path_base(made)) == 0)
			continue;
		if (list[i].unfinished || keep-- <= 0)
			err = remove_backup(m, &list[i]);
	}
	return err;
}
