/* Decides how the files of a patch run. */
#include "core/recipe.h"

#include <stdlib.h>
#include <string.h>

#include "base/quote.h"
#include "base/utf8.h"
#include "core/alone.h"
#include "core/bootstrap.h"

/* Further refusals are counted, but not listed. */
#define LISTED_MAX 20

static void refuse(struct recipe *r, const char *message, const char *hint)
{
	r->refusals = mem_resize(r, r->refusals, struct recipe_refusal, r->refusal_count + 1);
	r->refusals[r->refusal_count++] = (struct recipe_refusal){
		.message = mem_dup(r, message),
		.hint = hint ? mem_dup(r, hint) : NULL,
	};
}

static void refuse_error(struct recipe *r, struct error *err)
{
	refuse(r, err->message, err->hint);
	error_free(err);
}

static void refuse_file(struct recipe *r, const char *path, const char *why, const char *hint)
{
	SCOPE(tmp, r);

	refuse(r, mem_printf(tmp, "%s: %s", path, why), hint);
}

/* What is wrong with the name; NULL: nothing. */
static const char *bad_name(const char *name)
{
	for (const char *p = name; *p;) {
		const char *next = p;
		int c;

		if (utf8_length(p, strlen(p)) == 0)
			return "its name is not UTF-8";
		c = utf8_next(&next);
		if (c < ' ' || c == UTF8_REPLACEMENT)
			return "its name contains control characters";
		p = next;
	}
	return NULL;
}

/* Effects of statements that are refused, and hints. */
static const struct {
	enum effect effect;
	const char *why, *hint;
} rules[] = {
	{EFFECT_BEGIN, "transaction control in a patch file",
	 "git hop runs a release in a single transaction: remove BEGIN, COMMIT and ROLLBACK "
	 "from the file"},
	{EFFECT_COMMIT, "transaction control in a patch file",
	 "git hop runs a release in a single transaction: remove BEGIN, COMMIT and ROLLBACK "
	 "from the file"},
	{EFFECT_CONTROL, "transaction control in a patch file",
	 "git hop runs a release in a single transaction: remove BEGIN, COMMIT and ROLLBACK "
	 "from the file"},
	{EFFECT_MODE, "changes the transaction that the whole release runs in",
	 "git hop runs a release in a single transaction, READ COMMITTED and READ WRITE"},
	{EFFECT_ROLE, "a role belongs to the server, not to the database",
	 "list the roles that patches mention in 'roles =' of .hop/config: git hop creates "
	 "them on development servers, an administrator in production"},
	{EFFECT_MEMBERSHIP, "role memberships belong to the server, not to the database",
	 "an administrator has to grant roles; list those that patches mention in 'roles =' of "
	 ".hop/config"},
	{EFFECT_DATABASE, "affects the server, not this database",
	 "a patch may set this database's settings (ALTER DATABASE ... SET) and comment; the rest "
	 "belongs in an administrator's script"},
	{EFFECT_TABLESPACE, "a tablespace belongs to the server, not to the database",
	 "this belongs in an administrator's script"},
	{EFFECT_SUBSCRIPTION, "a subscription belongs to the server, not to the schema",
	 "this belongs in an administrator's script"},
	{EFFECT_SYSTEM, "affects the server, not this database",
	 "this belongs in an administrator's script; ALTER DATABASE ... SET is for this database"},
	{EFFECT_HOP, "changes schema hop, which is reserved for git hop",
	 "patches can read it, but only git hop writes to it"},
};

static void refuse_statement(struct recipe *r, const struct script *s, size_t n, const char *why,
			     const char *hint)
{
	SCOPE(tmp, r);
	int line, column;

	script_position(&line, &column, s->text, s->statements[n].start);
	refuse(r, mem_printf(tmp, "%s:%d:%d: %s", s->name, line, column, why), hint);
}

static void judge(struct recipe *r, const struct script *s, size_t n)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		if (rules[i].effect == s->statements[n].effect)
			refuse_statement(r, s, n, rules[i].why, rules[i].hint);
	}
}

/* A statement outside a transaction: a second run must find what the first one left. */
static void judge_alone(struct recipe *r, const struct script *s, size_t n)
{
	enum effect effect = s->statements[n].effect;
	struct alone a;

	if (effect > EFFECT_NONE && effect <= EFFECT_MODE) {
		refuse_statement(r, s, n,
				 "transaction control in a file that runs outside a transaction",
				 "git hop sends the statements of such a file one by one, and "
				 "records each: put those that belong together into a file of "
				 "their own, without the marker");
		return;
	}
	judge(r, s, n);
	alone_read(&a, s, n);
	if (a.way == ALONE_INDEX && a.name.length == 0)
		refuse_statement(r, s, n, "a concurrent index needs a name",
				 "without one, git hop cannot find it again after an "
				 "interruption: CREATE INDEX CONCURRENTLY name ON ...");
}

static void read_script(struct recipe *r, struct recipe_file *file,
			const struct recipe_entry *entry)
{
	struct script *script;
	struct error *err = script_read(&script, r, file->path, entry->text, entry->length);

	if (err) {
		refuse_error(r, err);
		return;
	}
	file->script = script;
	if (file->step == STEP_ALONE && script->text != entry->text)
		refuse_file(r, file->path,
			    "BEGIN and COMMIT around a file that runs outside a "
			    "transaction",
			    "remove them, or the marker on the first line");
	for (size_t i = 0; i < script->count; i++) {
		if (file->step == STEP_ALONE)
			judge_alone(r, script, i);
		else
			judge(r, script, i);
	}
}

/* How a file with this ending and marker runs. */
static enum step_kind step_of(enum patch_file_kind kind, enum patch_mark mark)
{
	if (mark == MARK_BOOTSTRAP)
		return STEP_BOOTSTRAP;
	if (kind == PATCH_PSQL || kind == PATCH_PYTHON)
		return STEP_PROCESS;
	return mark == MARK_NO_TRANSACTION ? STEP_ALONE : STEP_TRANSACTION;
}

static void add_file(struct recipe *r, const struct recipe_entry *entry, char *path)
{
	enum patch_file_kind kind = patch_file_kind(entry->name);
	struct recipe_file file = {.path = path, .name = path + strlen(path) - strlen(entry->name)};
	enum patch_mark mark;
	struct error *err;
	int stray;

	err = patch_mark_parse(&mark, &stray, kind, entry->text, entry->length);
	if (err) {
		refuse_error(r, error_wrap(err, "%s", path));
		return;
	}
	if (stray)
		mem_list_add(&r->warnings, r,
			     mem_printf(r,
					"%s:%d: @HOP: has no effect here, only on the first "
					"line",
					path, stray));
	file.step = strcmp(r->dir, PATH_BOOTSTRAP) == 0 ? STEP_BOOTSTRAP : step_of(kind, mark);
	file.kind = kind;
	file.in_patch = mark == MARK_IN_PATCH;
	if (file.step == STEP_BOOTSTRAP && kind != PATCH_SQL)
		refuse_file(r, path,
			    kind == PATCH_PSQL ? "a bootstrap file for psql"
					       : "a bootstrap file in Python",
			    "not supported yet by this version of git hop");
	if (kind == PATCH_SQL)
		read_script(r, &file, entry);
	if (file.step == STEP_BOOTSTRAP)
		r->bootstrap[r->bootstrap_count++] = file;
	else
		r->files[r->count++] = file;
}

static void add_entry(struct recipe *r, const struct recipe_entry *entry)
{
	static const char whole[] = "git hop runs only regular files, so that a patch is "
				    "exactly what its tree contains";
	char *path = mem_printf(r, "%s/%s", r->dir, entry->name);
	const char *bad = bad_name(entry->name);

	if (bad)
		refuse_file(r, quote_name(r, path), bad, "rename it with git mv");
	else if (entry->kind == ENTRY_LINK)
		refuse_file(r, path, "a symbolic link", whole);
	else if (entry->kind == ENTRY_SUBMODULE)
		refuse_file(r, path, "a submodule", whole);
	else if (recipe_wants(entry))
		add_file(r, entry, path);
	else if (entry->kind == ENTRY_FOLDER)
		mem_list_add(&r->warnings, r, mem_printf(r, "%s: a directory, ignored", path));
	else if (patch_file_kind(entry->name) == PATCH_OTHER)
		mem_list_add(&r->warnings, r,
			     mem_printf(r, "%s: not .sql, .py or .psql, ignored", path));
}

bool recipe_wants(const struct recipe_entry *entry)
{
	enum patch_file_kind kind = patch_file_kind(entry->name);

	return entry->kind == ENTRY_FILE && kind != PATCH_README && kind != PATCH_OTHER;
}

static int by_name(const void *a, const void *b)
{
	const struct recipe_entry *ea = a, *eb = b;

	return strcmp(ea->name, eb->name);
}

struct recipe *recipe_make(void *ctx, const char *dir, struct recipe_entry *entries, size_t count)
{
	struct recipe *r = mem_new(ctx, struct recipe);

	r->dir = mem_dup(r, dir);
	r->files = mem_array(r, struct recipe_file, count);
	r->bootstrap = mem_array(r, struct recipe_file, count);
	qsort(entries, count, sizeof(*entries), by_name);
	for (size_t i = 0; i < count; i++)
		add_entry(r, &entries[i]);
	return r;
}

const char *recipe_step_name(enum step_kind step)
{
	switch (step) {
	case STEP_TRANSACTION:
		return "transaction";
	case STEP_ALONE:
		return "alone";
	case STEP_PROCESS:
		return "process";
	case STEP_BOOTSTRAP:
		return "bootstrap";
	}
	return "";
}

struct error *recipe_check_atomic(struct recipe *const *recipes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; recipes[i] && k < recipes[i]->count; k++) {
			const struct recipe_file *file = &recipes[i]->files[k];

			if (file->step != STEP_TRANSACTION)
				return error_new(ERROR_NO, "%s: does not run in a transaction",
						 file->path);
		}
	}
	return NULL;
}

size_t recipe_statements(const struct recipe *recipe)
{
	size_t n = 0;

	for (size_t i = 0; i < recipe->count; i++)
		n += recipe->files[i].script ? recipe->files[i].script->count : 0;
	return n;
}

/* Several refusals may have the same hint; add it once. */
static struct error *add_hint(struct error *err, const char *hint)
{
	if (!hint || (err->hint && strstr(err->hint, hint)))
		return err;
	return error_add_hint_lines(err, hint);
}

static struct error *list_refusals(struct recipe *const *recipes, size_t count, size_t total)
{
	SCOPE(tmp, NULL);
	struct error *err = error_new(ERROR_NO, "%zu errors in patch files", total);
	char *list = NULL;
	size_t listed = 0;

	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; recipes[i] && k < recipes[i]->refusal_count; k++) {
			const struct recipe_refusal *refusal = &recipes[i]->refusals[k];

			if (listed++ >= LISTED_MAX)
				continue;
			mem_append(&list, tmp, "%s%s", list ? "\n" : "", refusal->message);
			err = add_hint(err, refusal->hint);
		}
	}
	if (total > LISTED_MAX)
		mem_append(&list, tmp, "\nand %zu more", total - LISTED_MAX);
	return error_detail(err, "%s", list);
}

struct error *recipe_check(struct recipe *const *recipes, size_t count)
{
	const struct recipe_refusal *first = NULL;
	size_t total = 0;

	for (size_t i = 0; i < count; i++) {
		if (!recipes[i] || recipes[i]->refusal_count == 0)
			continue;
		first = first ? first : recipes[i]->refusals;
		total += recipes[i]->refusal_count;
	}
	if (total > 1)
		return list_refusals(recipes, count, total);
	return first ? add_hint(error_new(ERROR_NO, "%s", first->message), first->hint) : NULL;
}
