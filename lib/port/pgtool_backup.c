/* Backups: archives of pg_dump in directory format. */
#include "port/pgtool.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/path.h"
#include "base/proc.h"
#include "port/pgtool_private.h"

struct error *pgtool_backup(void *ctx, struct db *db, const char *path, const char *snapshot,
			    int jobs, int lock_seconds)
{
	SCOPE(tmp, ctx);
	struct proc dump = {.env = db_env(tmp, db, NULL), .to_stderr = true};
	struct error *err;
	mode_t mask;
	char *file;

	err = pgtool_find_for(&file, NULL, tmp, db, "pg_dump");
	if (err)
		return err;
	dump.argv = proc_argv(tmp, file, "--format=directory",
			      mem_printf(tmp, "--jobs=%d", jobs > 0 ? jobs : 1),
			      mem_printf(tmp, "--file=%s", path), "--no-password",
			      /* 0 would be for ever. */
			      mem_printf(tmp, "--lock-wait-timeout=%d",
					 lock_seconds > 0 ? lock_seconds * 1000 : 1),
			      mem_printf(tmp, "--snapshot=%s", snapshot), NULL);
	mask = umask(077);
	err = proc_check(tmp, &dump);
	umask(mask);
	return error_wrap(err, "cannot back up database '%s' to '%s'", db_name(db), path);
}

/* The lines of the table of contents, which PROGRAM reads (NULL: the newest pg_restore). */
static struct error *read_contents(char ***lines, void *ctx, const char *program, const char *path)
{
	SCOPE(tmp, ctx);
	struct proc restore = {.capture = true};
	struct error *err = NULL;
	char *dir;

	if (!program)
		err = pgtool_bindir(&dir, tmp, 0, "pg_restore");
	if (err)
		return err;
	restore.argv = proc_argv(tmp, program ? program : path_join(tmp, dir, "pg_restore"),
				 "--list", "--", path_absolute(tmp, path), NULL);
	err = proc_check(tmp, &restore);
	if (err)
		return error_wrap(err, "cannot read the backup '%s'", path);
	*lines = mem_split(ctx, restore.output, '\n');
	return NULL;
}

/* The text after the three numbers in "217; 0 16391 TABLE DATA public t owner". */
static const char *entry_of(const char *line)
{
	int skip = 0;

	if (sscanf(line, "%*d; %*u %*u %n", &skip) < 0 || skip == 0)
		return NULL;
	return line + skip;
}

static bool is_of_kind(const char *entry, const char *kind)
{
	size_t length = strlen(kind);

	return strncmp(entry, kind, length) == 0 && entry[length] == ' ';
}

struct error *pgtool_backup_entries(int *entries, void *ctx, const char *path, const char *kind)
{
	SCOPE(tmp, ctx);
	struct error *err;
	char **lines;

	err = read_contents(&lines, tmp, NULL, path);
	if (err)
		return err;
	*entries = 0;
	for (; *lines; lines++) {
		const char *entry = entry_of(*lines);

		*entries += entry && is_of_kind(entry, kind);
	}
	return NULL;
}

/* Rows and large objects, which a dump of the schema lacks, and what is not restored. */
static bool is_no_object(const char *entry)
{
	static const char *const kinds[] = {
		"TABLE DATA", "SEQUENCE SET", "MATERIALIZED VIEW DATA", "STATISTICS DATA",
		"BLOB",       "BLOBS",        "BLOB METADATA",          "COMMENT - EXTENSION",
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (is_of_kind(entry, kinds[i]))
			return true;
	}
	return strstr(entry, " - LARGE OBJECT ");
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct error *pgtool_backup_objects(char ***objects, void *ctx, const char *path)
{
	SCOPE(tmp, ctx);
	struct error *err;
	char **lines;

	err = read_contents(&lines, tmp, NULL, path);
	if (err)
		return err;
	*objects = mem_array(ctx, char *, 1);
	for (; *lines; lines++) {
		const char *entry = entry_of(*lines);

		if (entry && !is_no_object(entry))
			mem_list_add(objects, ctx, entry);
	}
	qsort(*objects, mem_list_length(*objects), sizeof(**objects), by_text);
	return NULL;
}

struct error *pgtool_objects(char ***objects, void *ctx, struct db *db, const char *dbname,
			     const char *snapshot, const char *work)
{
	SCOPE(tmp, ctx);
	struct proc dump = {.env = db_env(tmp, db, dbname), .to_stderr = true};
	char *file, *path = path_join(tmp, work, "schema");
	struct error *err;

	err = pgtool_find_for(&file, NULL, tmp, db, "pg_dump");
	if (err)
		return err;
	dump.argv = proc_argv(tmp, file, "--format=custom", "--schema-only", "--no-password",
			      mem_printf(tmp, "--file=%s", path),
			      snapshot ? mem_printf(tmp, "--snapshot=%s", snapshot) : NULL, NULL);
	err = proc_check(tmp, &dump);
	return err ? err : pgtool_backup_objects(objects, ctx, path);
}

struct error *pgtool_backup_read(void *ctx, const char *path)
{
	SCOPE(tmp, ctx);
	struct proc restore = {.capture = true, .capture_err = true};
	struct error *err;
	char *dir;

	err = pgtool_bindir(&dir, tmp, 0, "pg_restore");
	if (err)
		return err;
	restore.argv = proc_argv(tmp, path_join(tmp, dir, "pg_restore"), "--file=/dev/null", "--",
				 path_absolute(tmp, path), NULL);
	return error_wrap(proc_check(tmp, &restore), "cannot read the backup '%s' in full", path);
}

static bool is_chosen(const char *line, enum pgtool_entries which)
{
	const char *entry = entry_of(line);
	bool contents = entry && is_of_kind(entry, "BLOBS");

	if (which == PGTOOL_CONTENTS)
		return contents;
	return !strstr(line, " COMMENT - EXTENSION ") &&
	       !(contents && which == PGTOOL_ALL_BUT_CONTENTS);
}

struct error *pgtool_backup_list(bool *any, struct db *db, const char *path, const char *list,
				 enum pgtool_entries which)
{
	SCOPE(tmp, NULL);
	char *text = mem_dup(tmp, ""), **lines, *program;
	struct error *err;

	err = pgtool_find_for(&program, NULL, tmp, db, "pg_restore");
	if (!err)
		err = read_contents(&lines, tmp, program, path);
	if (err)
		return err;
	for (; *lines; lines++) {
		if (is_chosen(*lines, which))
			mem_append(&text, tmp, "%s\n", *lines);
	}
	*any = *text;
	return file_write(list, text, strlen(text), 0600);
}

struct error *pgtool_restore(void *ctx, struct db *db, const char *dbname, const char *path,
			     const char *work, int jobs)
{
	SCOPE(tmp, ctx);
	struct proc restore = {.env = db_env(tmp, db, dbname), .to_stderr = true};
	char *full = path_absolute(tmp, path), *list = path_join(tmp, work, "list"), *file;
	struct error *err;
	bool any;

	err = pgtool_find_for(&file, NULL, tmp, db, "pg_restore");
	if (!err)
		err = pgtool_backup_list(&any, db, full, list, PGTOOL_ALL);
	if (err)
		return err;
	restore.argv = proc_argv(tmp, file, "--exit-on-error", "--no-password",
				 mem_printf(tmp, "--jobs=%d", jobs > 0 ? jobs : 1),
				 mem_printf(tmp, "--use-list=%s", list),
				 mem_printf(tmp, "--dbname=%s", db_word(tmp, "dbname", dbname)),
				 "--", full, NULL);
	return error_wrap(proc_check(tmp, &restore), "cannot restore the backup '%s'", path);
}
