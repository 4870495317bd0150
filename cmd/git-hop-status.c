/* git hop status: the state of everything, on one screen. */
#include "cmd.h"

#include <stdio.h>

#include "base/log.h"
#include "base/out.h"
#include "project/advice.h"
#include "report/status.h"
#include "records.h"
#include "verb.h"

static void print_remote(const struct status *s)
{
	SCOPE(tmp, NULL);

	if (!s->remote)
		return;
	out_print("remote      %s, ", s->remote);
	if (s->fetched)
		out_print("last fetched %s\n", age_words(tmp, s->fetched));
	else
		out_print("never fetched\n");
}

static void print_checkout(const struct status *s)
{
	if (s->branch)
		out_print("branch      %s", s->branch);
	else
		out_print("branch      none: HEAD is detached");
	if (s->ahead || s->behind)
		out_print("  (%zu ahead of %s, %zu behind)", s->ahead, s->upstream, s->behind);
	if (s->changes)
		out_print("  %zu file%s changed", s->changes, s->changes == 1 ? "" : "s");
	out_print("\n");
}

static void print_database(const struct status *s)
{
	const char *version = s->database_base ? s->database_base : s->database_version;

	if (s->server)
		out_print("server      private, %s\n", server_state_name(s));
	if (s->database_problem)
		out_print("database    %s: %s\n", s->database, s->database_problem);
	else if (s->database)
		out_print("database    %s (%s) at %s%s%s%s%s\n", s->database,
			  s->database_role ? s->database_role : "not managed by git hop",
			  version ? version : "no version", s->database_patches ? ", with " : "",
			  s->database_patches ? s->database_patches : "",
			  s->database_base ? " of " : "",
			  s->database_base ? s->database_version : "");
}

static void print_under_way(const struct status *s)
{
	if (s->database_under_way)
		out_print("under way   release %s: git hop update shows its steps\n",
			  s->database_under_way);
}

static void print_scripts(const struct status *s)
{
	if (s->database_scripts > 0)
		out_print("bootstrap   %zu data script%s to run: git hop bootstrap\n",
			  s->database_scripts, s->database_scripts == 1 ? "" : "s");
}

static void print_releases(const struct project *p, const struct status *s)
{
	SCOPE(tmp, NULL);

	for (size_t i = 0; i < s->release_count; i++) {
		const struct release_info *r = &s->releases[i];

		out_print("\n%-11s %s in preparation%s%s: %zu staged, %zu candidate%s\n",
			  r->state == RELEASE_HOTFIX ? "hotfix" : "release", r->version,
			  r->rc ? ", tagged as " : "", r->rc ? r->rc : "", r->staged, r->candidates,
			  r->candidates == 1 ? "" : "s");
		for (size_t k = 0; k < r->patch_count; k++)
			out_print("  %-9s %s\n", patch_state_name(&r->patches[k]),
				  r->patches[k].id);
		if (r->behind)
			out_print("  lacks production %s; to merge it:\n", s->production);
		if (r->behind)
			out_lines(advice_merge_production(tmp, p, r->branch));
	}
}

static void print_locks(const struct status *s)
{
	SCOPE(tmp, NULL);

	if (s->lock_count > 0)
		out_print("\n");
	for (size_t i = 0; i < s->lock_count; i++)
		out_print("%-11s %s (%s) %s\n", "lock", s->locks[i].branch,
			  lock_state_name(&s->locks[i]), lock_words(tmp, &s->locks[i]));
}

static void put(struct out *out, const struct project *p, const struct status *s)
{
	out_record(out, "project");
	out_text(out, "name", p->conf->name);
	out_text(out, "production", s->production);
	out_bool(out, "production_clone", p->production);
	if (s->remote) {
		out_record(out, "remote");
		out_text(out, "name", s->remote);
		out_number(out, "fetched", s->fetched);
	}
	out_record(out, "checkout");
	out_text(out, "branch", s->branch);
	out_text(out, "upstream", s->upstream);
	out_number(out, "ahead", (long long)s->ahead);
	out_number(out, "behind", (long long)s->behind);
	out_number(out, "changes", (long long)s->changes);
	out_record(out, "database");
	out_text(out, "name", s->database);
	out_text(out, "role", s->database_role);
	out_text(out, "version", s->database_version);
	out_text(out, "patches", s->database_patches);
	out_text(out, "problem", s->database_problem);
	out_text(out, "server", server_state_name(s));
	out_number(out, "scripts", (long long)s->database_scripts);
	out_text(out, "under_way", s->database_under_way);
	for (size_t i = 0; i < s->release_count; i++) {
		record_release(out, &s->releases[i]);
		record_patches(out, &s->releases[i]);
	}
	for (size_t i = 0; i < s->lock_count; i++)
		record_lock(out, &s->locks[i]);
}

struct request {
	const char *database;
};

static const struct verb_opt opts[] = {
	{0, "database", OPT_TEXT, offsetof(struct request, database), "CONNINFO",
	 "the database to query"},
	VERB_OPT_END,
};

static struct error *run(struct call *c)
{
	const struct request *r = c->request;
	struct project *p = c->project;
	struct status s;
	struct error *err;
	struct out *out;

	err = status_read(&s, c, p, r->database);
	if (err)
		return err;
	out = out_open(c, c->format, "status");
	if (out_is_text(out)) {
		out_print("project     %s%s\nproduction  %s\n", p->conf->name,
			  p->production ? " (production clone)" : "", s.production);
		print_remote(&s);
		print_checkout(&s);
		print_database(&s);
		print_under_way(&s);
		print_scripts(&s);
		print_releases(p, &s);
		print_locks(&s);
	}
	put(out, p, &s);
	out_end(out);
	return NULL;
}

static const struct verb self = {
	.synopsis = "git hop status [--database=CONNINFO] [--porcelain | --json]",
	.about = "Show the state of releases, patches, checkout and database.",
	.opts = opts,
	.size = sizeof(struct request),
	.needs = VERB_PROJECT | VERB_FORMATS,
	.run = run,
};

static const struct program program = {&self, NULL};

struct error *command(int argc, char **argv)
{
	return program_run(&program, argc, argv);
}
