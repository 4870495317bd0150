/* Prints what a rehearsal has measured and found. */
#include "show_rehearsal.h"

#define SLOW_MS 100 /* from here on, times are worth a look */

static const char *plural(long long n, const char *one, const char *many)
{
	return n == 1 ? one : many;
}

static void add_count(char **text, void *ctx, long long n, const char *what)
{
	if (n > 0)
		mem_append(text, ctx, ", %lld %s %s", n, plural(n, "row", "rows"), what);
}

/* "ACCESS EXCLUSIVE, rewritten, 2 indexes built" */
static char *describe(void *ctx, const struct rehearsal_effect *e)
{
	char *text = mem_dup(ctx, "");

	if (e->mode)
		mem_append(&text, ctx, ", %s", lock_mode_name(e->mode));
	if (e->dropped)
		mem_append(&text, ctx, ", dropped");
	if (e->rewritten)
		mem_append(&text, ctx, ", rewritten");
	if (e->emptied)
		mem_append(&text, ctx, ", emptied");
	if (e->scanned)
		mem_append(&text, ctx, ", read in full");
	if (e->indexes > 0 && !e->emptied)
		mem_append(&text, ctx, ", %d %s built", e->indexes,
			   plural(e->indexes, "index", "indexes"));
	add_count(&text, ctx, e->inserted, "inserted");
	add_count(&text, ctx, e->updated, "updated");
	add_count(&text, ctx, e->deleted, "deleted");
	return *text ? text + 2 : text;
}

static void print_step(const struct rehearsal_step *step)
{
	SCOPE(tmp, NULL);

	if (step->line)
		out_print("  %d:%d %s", step->line, step->column, step->text);
	else
		out_print("  the program");
	if (step->ms >= SLOW_MS)
		out_print(" (%.1f s)", step->ms / 1000);
	out_print("\n");
	for (size_t i = 0; i < step->count; i++) {
		char *text = describe(tmp, &step->effects[i]);

		if (*text)
			out_print("    %s: %s\n", step->effects[i].table, text);
	}
}

static void print_file(const struct rehearsal *r, size_t n)
{
	out_print("%s (%.0f ms)\n", r->files[n].path, r->files[n].ms);
	for (size_t i = 0; i < r->step_count; i++) {
		if (r->steps[i].file == n)
			print_step(&r->steps[i]);
	}
}

static void show_findings(const struct rehearsal *r)
{
	SCOPE(tmp, NULL);

	for (size_t i = 0; i < r->finding_count; i++) {
		const struct rehearsal_finding *f = &r->findings[i];

		out_print("%s: %s: %s\n", rehearsal_place(tmp, r, &r->steps[f->step]),
			  finding_name(f->kind), f->text);
		if (f->reason)
			out_print("  allowed: %s\n", f->reason);
		else
			out_print("  instead: %s\n", f->instead);
	}
	for (size_t i = 0; i < r->stray_count; i++)
		out_print("%s:%d: %s\n", r->files[r->strays[i].file].path, r->strays[i].line,
			  r->strays[i].text);
}

static void record_effects(struct out *out, const struct rehearsal *r,
			   const struct rehearsal_step *step)
{
	for (size_t i = 0; i < step->count; i++) {
		const struct rehearsal_effect *e = &step->effects[i];

		out_record(out, "effect");
		out_text(out, "path", r->files[step->file].path);
		out_number(out, "statement", step->statement);
		out_text(out, "table", e->table);
		out_text(out, "lock", e->mode ? lock_mode_name(e->mode) : NULL);
		out_bool(out, "rewritten", e->rewritten);
		out_bool(out, "scanned", e->scanned);
		out_bool(out, "emptied", e->emptied);
		out_bool(out, "dropped", e->dropped);
		out_number(out, "indexes", e->indexes);
		out_number(out, "inserted", e->inserted);
		out_number(out, "updated", e->updated);
		out_number(out, "deleted", e->deleted);
	}
}

static void record_steps(struct out *out, const struct rehearsal *r)
{
	for (size_t i = 0; i < r->step_count; i++) {
		const struct rehearsal_step *step = &r->steps[i];

		out_record(out, "statement");
		out_text(out, "path", r->files[step->file].path);
		out_number(out, "statement", step->statement);
		out_number(out, "line", step->line);
		out_number(out, "column", step->column);
		out_number(out, "ms", (long long)step->ms);
		out_bool(out, "transaction", step->transaction);
		out_text(out, "text", step->text);
		record_effects(out, r, step);
	}
}

static void record_findings(struct out *out, const struct rehearsal *r)
{
	SCOPE(tmp, NULL);

	for (size_t i = 0; i < r->finding_count; i++) {
		const struct rehearsal_finding *f = &r->findings[i];
		const struct rehearsal_step *step = &r->steps[f->step];

		out_record(out, "finding");
		out_text(out, "name", finding_name(f->kind));
		out_text(out, "path", r->files[step->file].path);
		out_number(out, "line", step->line);
		out_number(out, "column", step->column);
		out_text(out, "tables", rehearsal_list(tmp, f->tables));
		out_text(out, "message", f->text);
		out_text(out, "instead", f->instead);
		out_text(out, "allowed", f->reason);
	}
	for (size_t i = 0; i < r->stray_count; i++) {
		out_record(out, "unused");
		out_text(out, "path", r->files[r->strays[i].file].path);
		out_number(out, "line", r->strays[i].line);
		out_text(out, "message", r->strays[i].text);
	}
}

void show_rehearsal(struct out *out, const struct rehearsal *r)
{
	for (size_t i = 0; i < r->file_count; i++) {
		if (out_is_text(out))
			print_file(r, i);
		out_record(out, "file");
		out_text(out, "path", r->files[i].path);
		out_number(out, "ms", (long long)r->files[i].ms);
	}
	if (out_is_text(out)) {
		show_findings(r);
		return;
	}
	record_steps(out, r);
	record_findings(out, r);
}

struct error *rehearsal_verdict(const struct rehearsal *r)
{
	size_t count = r->finding_count - r->allowed;

	if (count == 0)
		return NULL;
	return error_hint(rehearsal_refuse(count),
			  "git-hop-findings(7) says more about each; to allow one, write before "
			  "the statement: -- @HOP:allow NAME REASON");
}
