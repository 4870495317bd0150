/* Which backups there are. */
#include "deploy/backup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/path.h"
#include "deploy/backup_facts.h"
#include "deploy/backup_private.h"

static time_t time_of(const struct backup_name *named)
{
	struct tm tm = {0};

	sscanf(named->stamp, "%4d%2d%2dT%2d%2d%2d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
	       &tm.tm_hour, &tm.tm_min, &tm.tm_sec);
	tm.tm_year -= 1900;
	tm.tm_mon--;
	return timegm(&tm);
}

/* A name to sort by, and what it is of. */
struct listed {
	struct backup_name name;
	struct backup backup;
};

/* Fills OUT unless DIR/NAME is something else. */
static bool read_one(struct listed *listed, void *ctx, const struct project *p, const char *dir,
		     const char *name)
{
	struct backup_name *named = &listed->name;
	struct backup *out = &listed->backup;
	char *path = path_join(ctx, dir, name), **facts;
	const char *project;
	struct error *err;
	const char *of;

	if (!backup_name_is_ours(named, path))
		return false;
	err = backup_facts_load(&facts, ctx, path);
	if (err) {
		error_free(err);
		return false;
	}
	*out = (struct backup){
		.name = mem_dup(ctx, name),
		.path = path,
		.database = backup_fact(facts, "database"),
		.version = backup_fact(facts, "version"),
		.kind = backup_fact(facts, "kind"),
		.of = backup_fact(facts, "of"),
		.bytes = backup_fact_number(facts, "bytes"),
		.facts = facts,
	};
	of = out->of;
	project = backup_fact(facts, "project");
	if (!project || !of || !out->database || !out->version || !out->kind ||
	    strcmp(project, p->conf->id) != 0 || !backup_name_parse(named, ctx, of, name) ||
	    named->unfinished)
		return false;
	out->time = time_of(named);
	return true;
}

struct error *backup_list(struct backup **out, size_t *count, void *ctx, struct project *p)
{
	SCOPE(tmp, ctx);
	char *dir = backup_dir(tmp, p), **names = NULL;
	struct error *err = NULL;
	struct listed *list;
	size_t all = 0;

	*count = 0;
	if (file_is_dir(dir))
		err = file_list(&names, &all, tmp, dir);
	if (err)
		return err;
	list = mem_array(tmp, struct listed, all + 1);
	for (size_t i = 0; i < all; i++)
		*count += read_one(&list[*count], ctx, p, dir, names[i]);
	qsort(list, *count, sizeof(*list), backup_name_newest_first);
	*out = mem_array(ctx, struct backup, *count + 1);
	for (size_t i = 0; i < *count; i++)
		(*out)[i] = list[i].backup;
	return NULL;
}

static bool same_path(const char *a, const char *b)
{
	SCOPE(tmp, NULL);
	char *real_a = NULL, *real_b = NULL;
	struct error *err = path_real(&real_a, tmp, a);

	if (!err)
		err = path_real(&real_b, tmp, b);
	error_free(err);
	return real_a && real_b && strcmp(real_a, real_b) == 0;
}

struct error *backup_find(struct backup *out, void *ctx, struct project *p, const char *name)
{
	SCOPE(tmp, ctx);
	struct listed other;
	struct backup *list;
	struct error *err;
	size_t count;

	err = backup_list(&list, &count, ctx, p);
	if (err)
		return err;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i].name, name) == 0 || same_path(list[i].path, name)) {
			*out = list[i];
			return NULL;
		}
	}
	if (file_is_dir(name)) {
		char *path = path_absolute(tmp, name);

		path = path_join(tmp, path_dir(tmp, path), path_base(path));
		if (read_one(&other, ctx, p, path_dir(tmp, path), path_base(path))) {
			*out = other.backup;
			return NULL;
		}
		return error_new(ERROR_NO, "'%s' is not a backup of a database of this project",
				 name);
	}
	return error_hint(error_new(ERROR_NO, "there is no backup '%s'", name),
			  "git hop backup list shows the backups in %s", backup_dir(tmp, p));
}

struct error *backup_list_of(struct backup **out, size_t *count, void *ctx, struct project *p,
			     struct db *db)
{
	SCOPE(tmp, ctx);
	struct backup *list;
	struct error *err;
	size_t all = 0;
	char *prefix;

	err = backup_prefix(&prefix, tmp, p, db);
	if (!err)
		err = backup_list(&list, &all, ctx, p);
	if (err)
		return err;
	*count = 0;
	for (size_t i = 0; i < all; i++) {
		if (strcmp(list[i].of, prefix) == 0)
			list[(*count)++] = list[i];
	}
	*out = list;
	return NULL;
}
