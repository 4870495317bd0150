/* Prints the releases that can be applied to a production database. */
#include "show_pending.h"

#include <string.h>

static const char *plural(size_t n, const char *one, const char *many)
{
	return n == 1 ? one : many;
}

/* The beginning of a project is no release of it. */
static bool is_beginning(const struct pending_release *release)
{
	return strcmp(release->version, "0.0.0") == 0;
}

static size_t count_releases(const struct pending *pending)
{
	bool begins = pending->count > 0 && is_beginning(&pending->releases[0]);

	return pending->count - (begins ? 1 : 0);
}

static void show_head(const char *database, const struct pending *pending)
{
	size_t n = count_releases(pending);

	if (pending->from)
		out_print("database '%s' is at %s", database, pending->from);
	else
		out_print("database '%s' is empty", database);
	if (pending->count == 0 && pending->scripts.count > 0)
		out_print(", %zu data %s to run\n", pending->scripts.count,
			  plural(pending->scripts.count, "script", "scripts"));
	else if (pending->count == 0)
		out_print(": nothing to apply\n");
	else if (n == 0)
		out_print(", version %s to apply\n", pending->to);
	else
		out_print(", %zu %s to apply up to %s\n", n, plural(n, "release", "releases"),
			  pending->to);
}

static void show_release(const struct pending_release *release)
{
	SCOPE(tmp, NULL);
	size_t files, statements;
	struct pending_step open;

	pending_total(&files, &statements, release);
	if (is_beginning(release) && files == 0)
		return;
	out_print("%s: %zu %s, %zu %s, %zu %s\n", release->version, release->count,
		  plural(release->count, "patch", "patches"), files, plural(files, "file", "files"),
		  statements, plural(statements, "statement", "statements"));
	if (release->begun.count == 0)
		return;
	pending_step(&open, release);
	out_print("  under way, %zu of %zu %s done\n", open.done, open.files,
		  plural(open.files, "file is", "files are"));
	if (open.file)
		out_print("  continues with %s%s%s%s\n",
			  steps_place(tmp, open.file, open.statement),
			  open.known ? ", which was started at " : "",
			  open.known ? open.known->at : "",
			  open.known && open.known->state == RECORD_FAILED ? " and failed" : "");
}

/* "done" or, with a step that was started and is not done, "started" or "failed"; else NULL. */
static const char *state_of(const struct steps_begun *begun, const struct recipe_file *file)
{
	const struct record_step *step;
	int statement;

	if (!begun || begun->count == 0 || !file)
		return NULL;
	if (!steps_left(&statement, begun, file))
		return "done";
	step = steps_find(begun, file->path, statement);
	if (step)
		return step->state == RECORD_FAILED ? "failed" : "started";
	return statement > 0 && steps_find(begun, file->path, 1) ? "started" : NULL;
}

/* How the file runs, for people. */
static void print_file(const char *path, size_t statements, const struct recipe_file *file,
		       const char *state)
{
	const char *comma = state ? ", " : "";

	state = state ? state : "";
	if (file && file->step == STEP_PROCESS)
		out_print("    %s (%s%s%s)\n", path, file->kind == PATCH_PSQL ? "psql" : "python3",
			  comma, state);
	else
		out_print("    %s (%zu %s%s%s%s)\n", path, statements,
			  plural(statements, "statement", "statements"),
			  file && file->step == STEP_ALONE ? ", outside a transaction" : "", comma,
			  state);
}

/* FILE: NULL for the schema of version 0.0.0. */
static void show_file(struct out *out, const char *version, const char *patch, const char *path,
		      size_t statements, const struct recipe_file *file,
		      const struct steps_begun *begun)
{
	const char *state = state_of(begun, file);

	if (out_is_text(out))
		print_file(path, statements, file, state);
	out_record(out, "file");
	out_text(out, "release", version);
	out_text(out, "patch", patch);
	out_text(out, "path", path);
	out_number(out, "statements", (long long)statements);
	out_text(out, "step", recipe_step_name(file ? file->step : STEP_TRANSACTION));
	out_text(out, "state", state);
}

static void show_recipe(struct out *out, const struct pending_release *release, const char *patch,
			const struct recipe *recipe)
{
	for (size_t i = 0; i < recipe->count; i++) {
		const struct recipe_file *file = &recipe->files[i];

		show_file(out, release->version, patch, file->path,
			  file->script ? file->script->count : 0, file, &release->begun);
	}
	for (size_t i = 0; i < recipe->refusal_count && out_is_text(out); i++)
		out_print("    refused: %s\n", recipe->refusals[i].message);
}

static void show_patch(struct out *out, const struct pending_release *release,
		       const struct pending_patch *patch)
{
	if (out_is_text(out))
		out_print("  %s%s\n", patch->id,
			  patch->skip ? " (already applied, will be skipped)" : "");
	out_record(out, "patch");
	out_text(out, "release", release->version);
	out_text(out, "id", patch->id);
	out_text(out, "hash", patch->hash);
	out_bool(out, "applied", patch->skip);
	if (!patch->skip)
		show_recipe(out, release, patch->id, patch->recipe);
}

static void show_scripts(struct out *out, const char *version,
			 const struct pending_scripts *scripts)
{
	static const struct recipe_file as = {.step = STEP_BOOTSTRAP};
	SCOPE(tmp, NULL);

	if (scripts->count > 0 && out_is_text(out))
		out_print("  data scripts, once in each database\n");
	for (size_t i = 0; i < scripts->count; i++)
		show_file(out, version, NULL,
			  mem_printf(tmp, "%s/%s", PATH_BOOTSTRAP, scripts->list[i].name),
			  scripts->list[i].script->count, &as, NULL);
}

void show_pending(struct out *out, const char *database, const struct pending *pending)
{
	if (out_is_text(out))
		show_head(database, pending);
	out_record(out, "database");
	out_text(out, "name", database);
	out_text(out, "version", pending->from);
	out_text(out, "target", pending->to);
	show_scripts(out, pending->from, &pending->scripts);
	for (size_t i = 0; i < pending->count; i++) {
		const struct pending_release *release = &pending->releases[i];

		if (out_is_text(out))
			show_release(release);
		out_record(out, "release");
		out_text(out, "version", release->version);
		out_text(out, "commit", release->commit);
		out_number(out, "patches", (long long)release->count);
		if (release->schema)
			show_file(out, release->version, NULL, release->schema->name,
				  release->schema->count, NULL, NULL);
		for (size_t k = 0; k < release->count; k++)
			show_patch(out, release, &release->patches[k]);
		show_scripts(out, release->version, &release->scripts);
	}
}

void show_pending_short(const char *database, const struct pending *pending)
{
	show_head(database, pending);
	for (size_t i = 0; i < pending->count; i++)
		show_release(&pending->releases[i]);
}

char *pending_question(void *ctx, const struct pending *pending, const char *database)
{
	size_t n = count_releases(pending);

	if (pending->count > 0 && n == 0)
		return mem_printf(ctx, "Apply version %s to database '%s'?", pending->to, database);
	if (n == 0)
		return mem_printf(ctx, "Run %zu data %s in database '%s'?", pending->scripts.count,
				  plural(pending->scripts.count, "script", "scripts"), database);
	return mem_printf(ctx, "Apply %zu %s to database '%s'?", n,
			  plural(n, "release", "releases"), database);
}
