/* Determines what can be applied to a production database. */
#include "deploy/pending.h"

#include <string.h>

#include "base/log.h"
#include "core/branch.h"
#include "core/plan.h"
#include "project/catalog.h"
#include "project/recipe_read.h"
#include "project/tag.h"
#include "run/bootstrap.h"
#include "run/record.h"

/* The state while a plan is read. */
struct reader {
	void *ctx;
	struct project *p;
	char *prod; /* commit of ho-prod */
	struct plan_release *releases;
	char **commits; /* by release */
	size_t count;
	struct version from, final, to; /* FINAL: the last version up to FROM that is no rc */
	bool at_version;                /* FROM and FINAL are set */
	bool candidates;                /* release candidates are among the releases */
};

/* The commit that holds the files of a release. */
static struct error *commit_of(char **commit, const struct reader *r, const struct version *v)
{
	struct error *err = tag_commit(commit, r->ctx, r->p, v);

	return err || *commit ? err : tag_missing(r->p, v);
}

static struct error *read_release(const struct reader *r, size_t n)
{
	SCOPE(tmp, NULL);
	struct plan_release *release = &r->releases[n];
	char *name = version_print(tmp, &release->version);
	struct error *err;
	char **ids;

	err = commit_of(&r->commits[n], r, &release->version);
	if (!err)
		err = catalog_patches(&ids, tmp, r->p->repo, r->commits[n], &release->version);
	if (err)
		return error_wrap(err, "cannot read release %s", name);
	release->count = mem_list_length(ids);
	release->patches = mem_array(r->ctx, struct plan_patch, release->count);
	for (size_t i = 0; i < release->count; i++) {
		struct plan_patch *patch = &release->patches[i];

		patch->id = mem_dup(r->ctx, ids[i]);
		err = repo_entry(&patch->hash, r->ctx, r->p->repo, r->commits[n],
				 path_patch(tmp, ids[i]));
		if (err)
			return error_wrap(err, "cannot read release %s", name);
		if (!patch->hash)
			return error_hint(error_new(ERROR_FAIL,
						    "release %s lists patch '%s', but has no %s",
						    name, ids[i], path_patch(tmp, ids[i])),
					  "its tag was made by hand, or points to another commit");
	}
	return NULL;
}

/* Of releases outside of the path, only the version is read: their tags may be missing. */
static struct error *read_releases(struct reader *r)
{
	SCOPE(tmp, NULL);
	struct version *versions;
	struct error *err;

	if (r->candidates)
		err = catalog_with_rcs(&versions, &r->count, tmp, r->p, r->prod);
	else
		err = catalog_released(&versions, &r->count, tmp, r->p->repo, r->prod);
	if (err)
		return err;
	r->releases = mem_array(r->ctx, struct plan_release, r->count);
	r->commits = mem_array(r->ctx, char *, r->count);
	for (size_t i = 0; i < r->count; i++)
		r->releases[i].version = versions[i];
	return NULL;
}

static struct error *read_way(struct reader *r)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct version *v = &r->releases[i].version;
		struct error *err;

		if (version_compare(v, &r->to) > 0)
			break;
		if (r->at_version && version_compare(v, &r->final) <= 0)
			continue;
		if (v->stage == VERSION_RC && version_compare(v, &r->to) < 0)
			continue;
		err = read_release(r, i);
		if (err)
			return err;
	}
	return NULL;
}

/* Reads the version of the database. */
static struct error *read_from(struct reader *r, struct pending *out, struct db *db)
{
	struct record_release *list;
	struct error *err;
	size_t count;

	err = record_releases(&list, &count, out, db);
	for (size_t i = 0; !err && i < count; i++) {
		err = version_parse(&r->from, list[i].version);
		if (!err && r->from.stage != VERSION_RC)
			r->final = r->from;
		/* An invalid row matters only if it is the newest. */
		if (i + 1 < count) {
			error_free(err);
			err = NULL;
		}
	}
	if (err)
		return error_wrap(error_recode(err, ERROR_FAIL), "database '%s'", db_name(db));
	r->at_version = count > 0;
	if (r->at_version)
		out->from = version_print(out, &r->from);
	r->candidates = r->candidates || (r->at_version && r->from.stage == VERSION_RC);
	return NULL;
}

/* The version must be on ho-prod, or a tagged release candidate. */
static struct error *check_from(const struct reader *r, const struct pending *out, struct db *db)
{
	struct error *err;

	if (!r->at_version)
		return NULL;
	for (size_t i = 0; i < r->count; i++) {
		if (version_compare(&r->releases[i].version, &r->from) == 0)
			return NULL;
	}
	err = tag_refuse_ahead(r->p, &r->from);
	if (err)
		return error_wrap(err, "database '%s' is at %s", db_name(db), out->from);
	return error_hint(
		error_new(ERROR_NO,
			  "database '%s' is at %s, which is not a release on ho-prod here",
			  db_name(db), out->from),
		"if it is newer than this clone: git fetch; otherwise check that it is the "
		"right database");
}

static struct error *read_patch(struct pending_patch *out, const struct reader *r)
{
	struct error *err = recipe_read(&out->recipe, r->ctx, r->p->repo, out->id, out->hash);

	for (char **text = err ? NULL : out->recipe->warnings; text && *text; text++)
		warn("%s", *text);
	return err;
}

/* The schema with which the project started, unless it was empty. */
static struct error *read_schema(struct script **out, const struct reader *r,
				 const struct version *v)
{
	SCOPE(tmp, NULL);
	struct script *script;
	char *commit, *text;
	struct error *err;
	size_t length;

	err = tag_commit(&commit, tmp, r->p, v);
	if (!err && !commit)
		err = tag_missing(r->p, v);
	if (!err)
		err = repo_file(&text, &length, r->ctx, r->p->repo, commit, PATH_SCHEMA);
	if (!err && text)
		err = script_read(&script, r->ctx, PATH_SCHEMA, text, length);
	if (!err && text && script->count > 0)
		*out = script;
	return error_recode(err, ERROR_FAIL);
}

static struct error *read_step(struct pending_release *out, const struct reader *r,
			       const struct plan_step *step)
{
	const struct plan_release *release = step->release;
	struct error *err = NULL;

	out->version = version_print(r->ctx, &release->version);
	out->commit = r->commits[release - r->releases];
	out->count = release->count;
	out->patches = mem_array(r->ctx, struct pending_patch, release->count);
	if (version_is_zero(&release->version))
		err = read_schema(&out->schema, r, &release->version);
	for (size_t i = 0; i < release->count && !err; i++) {
		out->patches[i].id = release->patches[i].id;
		out->patches[i].hash = release->patches[i].hash;
		out->patches[i].skip = step->skip[i];
		err = read_patch(&out->patches[i], r);
	}
	return err;
}

static struct error *read_scripts(struct pending_scripts *out, struct bootstrap_done *done,
				  const struct reader *r, const char *commit)
{
	struct error *err = bootstrap_read(&out->list, &out->count, r->ctx, r->p->repo, commit);

	if (!err)
		bootstrap_select(out->list, &out->count, r->ctx, done);
	return err;
}

/* First those of the version that the database is at: the last run may have stopped there. */
static struct error *read_all_scripts(struct pending *out, const struct reader *r, struct db *db)
{
	struct bootstrap_done done = {NULL, 0};
	char *commit = NULL;
	struct error *err = NULL;

	if (r->at_version)
		err = bootstrap_done(&done, r->ctx, db);
	if (!err && r->at_version)
		err = tag_commit(&commit, r->ctx, r->p, &r->from);
	if (!err && commit)
		err = read_scripts(&out->scripts, &done, r, commit);
	for (size_t i = 0; !err && i < out->count; i++)
		err = read_scripts(&out->releases[i].scripts, &done, r, out->releases[i].commit);
	return err;
}

static struct error *make_plan(struct pending *out, const struct reader *r, struct db *db,
			       bool fresh)
{
	SCOPE(tmp, NULL);
	struct plan_request request = {
		.releases = r->releases,
		.release_count = r->count,
		.from = r->at_version ? &r->from : NULL,
		.final = r->at_version ? &r->final : NULL,
		.to = &r->to,
	};
	struct plan_applied *applied = NULL;
	struct plan *plan;
	struct error *err = NULL;

	if (!fresh)
		err = record_applied(&applied, &request.applied_count, tmp, db);
	request.applied = applied;
	if (!err)
		err = plan_make(&plan, tmp, &request);
	if (err)
		return err;
	out->releases = mem_array(out, struct pending_release, plan->count);
	out->count = plan->count;
	for (size_t i = 0; i < plan->count && !err; i++)
		err = read_step(&out->releases[i], r, &plan->steps[i]);
	if (!err)
		err = read_all_scripts(out, r, db);
	return err || fresh ? err : pending_read_begun(out, db);
}

static struct error *read_all(struct pending *out, struct project *p, struct db *db, bool fresh,
			      const struct version *to)
{
	struct reader r = {.ctx = out, .p = p};
	struct error *err;

	err = catalog_production(&r.to, &r.prod, out, p);
	if (err)
		return err;
	if (to)
		r.to = *to;
	out->to = version_print(out, &r.to);
	r.candidates = r.to.stage == VERSION_RC;
	if (!fresh)
		err = read_from(&r, out, db);
	if (!err)
		err = read_releases(&r);
	if (!err)
		err = check_from(&r, out, db);
	if (!err)
		err = read_way(&r);
	return err ? err : make_plan(out, &r, db, fresh);
}

struct error *pending_read(struct pending **out, void *ctx, struct project *p, struct db *db,
			   bool fresh, const struct version *to)
{
	struct pending *pending = mem_new(ctx, struct pending);
	struct error *err = read_all(pending, p, db, fresh, to);

	if (err)
		talloc_free(pending);
	else
		*out = pending;
	return err;
}

struct error *pending_read_scripts(struct pending **out, void *ctx, struct project *p,
				   struct db *db)
{
	SCOPE(tmp, ctx);
	struct pending *pending = mem_new(tmp, struct pending);
	struct reader r = {.ctx = pending, .p = p};
	struct error *err = read_from(&r, pending, db);

	if (!err && !r.at_version)
		err = error_new(ERROR_NO, "database '%s' has no version", db_name(db));
	if (!err)
		err = read_all_scripts(pending, &r, db);
	if (err)
		return err;
	pending->to = pending->from;
	*out = talloc_steal(ctx, pending);
	return NULL;
}
