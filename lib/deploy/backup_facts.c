/* What a backup remembers about itself and its database. */
#include "deploy/backup_facts.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/path.h"
#include "base/quote.h"
#include "deploy/backup_private.h"
#include "port/repo.h"
#include "sql/sql.h"

#define FACTS_FILE "hop.backup"
#define CONTENTS_FILE "toc.dat"

struct error *backup_facts_counts(char **text, void *ctx, struct db *db)
{
	SCOPE(tmp, ctx);
	struct rows *rows;
	struct error *err = db_query(&rows, tmp, db, sql_backup_counts, DB_NO_ARGS);

	if (err)
		return error_wrap(err, "cannot count the objects of database '%s'", db_name(db));
	*text = mem_dup(ctx, "");
	for (int i = 0; i < rows_count(rows); i++)
		mem_append(text, ctx, "count %s\n", rows_text(rows, i, 0));
	return NULL;
}

struct error *backup_facts_read(char **text, void *ctx, struct db *db)
{
	SCOPE(tmp, ctx);
	struct rows *rows, *tables;
	struct error *err;
	char *counts;

	err = db_query(&rows, tmp, db, sql_backup_facts, DB_NO_ARGS);
	if (!err)
		err = db_query(&tables, tmp, db, sql_dumped_tables, DB_NO_ARGS);
	if (err)
		return error_wrap(err, "cannot read the state of database '%s'", db_name(db));
	err = backup_facts_counts(&counts, tmp, db);
	if (err)
		return err;
	*text = mem_dup(ctx, "");
	for (int i = 0; i < rows_count(rows); i++) {
		if (rows_text(rows, i, 1))
			mem_append(text, ctx, "%s %s\n", rows_text(rows, i, 0),
				   rows_text(rows, i, 1));
	}
	mem_append(text, ctx, "tables %lld\n%s", rows_number(tables, 0, 1), counts);
	return NULL;
}

struct error *backup_facts_of(char **text, void *ctx, const struct backup_making *m)
{
	const struct backup_request *r = m->request;
	SCOPE(tmp, ctx);
	struct error *err;
	char *read;

	err = backup_facts_read(&read, tmp, r->db);
	if (!err)
		*text = mem_printf(ctx, "project %s\nof %s\ndatabase %s\nversion %s\n%s",
				   r->project->conf->id, m->prefix,
				   quote_field(tmp, db_name(r->db)),
				   r->version ? r->version : BACKUP_NO_VERSION, read);
	return err;
}

static struct error *contents_hash(char **hash, void *ctx, const char *folder)
{
	SCOPE(tmp, ctx);
	struct error *err;
	size_t length;
	char *bytes;

	err = file_read(&bytes, &length, tmp, path_join(tmp, folder, CONTENTS_FILE));
	return err ? err : repo_hash(hash, ctx, bytes, length);
}

/* The files of the archive, TOP: without ours. */
static struct error *measure(long long *files, long long *bytes, const char *folder, bool top)
{
	SCOPE(tmp, NULL);
	struct error *err;
	struct stat st;
	char **names;
	size_t count;

	*files = *bytes = 0;
	err = file_list(&names, &count, tmp, folder);
	for (size_t i = 0; !err && i < count; i++) {
		char *path = path_join(tmp, folder, names[i]);

		if (top && strcmp(names[i], FACTS_FILE) == 0)
			continue;
		if (lstat(path, &st) < 0)
			return error_errno("cannot read '%s'", path);
		if (S_ISDIR(st.st_mode)) {
			long long more_files, more_bytes;

			err = measure(&more_files, &more_bytes, path, false);
			*files += err ? 0 : more_files;
			*bytes += err ? 0 : more_bytes;
			continue;
		}
		*bytes += st.st_size;
		++*files;
	}
	return err;
}

struct error *backup_facts_add_files(char **text, void *ctx, const char *folder)
{
	SCOPE(tmp, ctx);
	long long files, bytes;
	struct error *err;
	char *hash;

	err = measure(&files, &bytes, folder, true);
	if (err)
		return err;
	mem_append(text, ctx, "bytes %lld\nfiles %lld\n", bytes, files);
	if (!file_exists(path_join(tmp, folder, CONTENTS_FILE)))
		return NULL;
	err = contents_hash(&hash, tmp, folder);
	if (!err)
		mem_append(text, ctx, "contents %s\n", hash);
	return err;
}

struct error *backup_facts_check_files(const char *folder, char *const *lines)
{
	SCOPE(tmp, NULL);
	const char *contents = backup_fact(lines, "contents");
	const char *kind = backup_fact(lines, "kind");
	long long files, bytes;
	struct error *err;
	char *hash;

	err = measure(&files, &bytes, folder, true);
	if (!err && (files != backup_fact_number(lines, "files") ||
		     bytes != backup_fact_number(lines, "bytes")))
		return error_new(ERROR_FAIL,
				 "the backup '%s' is damaged: %lld bytes in %lld files, but "
				 "%lld bytes in %lld files were written",
				 folder, bytes, files, backup_fact_number(lines, "bytes"),
				 backup_fact_number(lines, "files"));
	if (err || (!contents && strcmp(kind ? kind : "dump", "dump") != 0))
		return err;
	err = contents_hash(&hash, tmp, folder);
	if (!err && (!contents || strcmp(hash, contents) != 0))
		err = error_new(ERROR_FAIL,
				"the backup '%s' is damaged: its table of contents was changed",
				folder);
	return err;
}

struct error *backup_facts_write(const char *folder, const char *text)
{
	SCOPE(tmp, NULL);

	return file_write(path_join(tmp, folder, FACTS_FILE), text, strlen(text), 0600);
}

struct error *backup_facts_load(char ***lines, void *ctx, const char *folder)
{
	SCOPE(tmp, ctx);
	struct error *err;
	char *text;

	err = file_read(&text, NULL, tmp, path_join(tmp, folder, FACTS_FILE));
	if (err)
		return error_wrap(err, "'%s' is not a backup", folder);
	*lines = mem_split(ctx, text, '\n');
	return NULL;
}

const char *backup_fact(char *const *lines, const char *word)
{
	size_t length = strlen(word);

	for (; *lines; lines++) {
		if (strncmp(*lines, word, length) == 0 && (*lines)[length] == ' ')
			return *lines + length + 1;
	}
	return NULL;
}

long long backup_fact_number(char *const *lines, const char *word)
{
	const char *value = backup_fact(lines, word);

	return value ? strtoll(value, NULL, 10) : -1;
}

static struct error *compare(bool *same, char *const *lines, struct db *db)
{
	SCOPE(tmp, NULL);
	const char *then = backup_fact(lines, "state");
	const char *snapshot = then ? strrchr(then, ' ') : NULL;
	const char *own = backup_fact(lines, "own");
	struct rows *rows;
	struct error *err;
	const char *now;
	char *text;
	size_t length;

	err = backup_facts_read(&text, tmp, db);
	if (err || !snapshot)
		return err;
	now = backup_fact(mem_split(tmp, text, '\n'), "state");
	length = (size_t)(snapshot - then) + 1;
	if (!now || strncmp(then, now, length) != 0)
		return NULL;
	err = db_query(&rows, tmp, db, sql_backup_unchanged, DB_ARGS(snapshot + 1, own ? own : ""));
	*same = !err && rows_true(rows, 0, 0);
	return err;
}

bool backup_facts_same(char *const *lines, struct db *db)
{
	bool same = false;

	error_free(compare(&same, lines, db));
	return same;
}
