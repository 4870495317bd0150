/* The path from one version to another. */
#include "core/plan.h"

#include <stdlib.h>
#include <string.h>

static int by_version(const void *a, const void *b)
{
	const struct plan_release *x = a, *y = b;

	return version_compare(&x->version, &y->version);
}

static const struct plan_release *find(const struct plan_release *releases, size_t count,
				       const struct version *v)
{
	for (size_t i = 0; i < count; i++) {
		if (version_compare(&releases[i].version, v) == 0)
			return &releases[i];
	}
	return NULL;
}

static bool is_rc(const struct version *v)
{
	return v->stage == VERSION_RC;
}

/* The error if TO does not exist; names the next lower and higher releases. */
static struct error *unknown(const struct plan_release *releases, size_t count,
			     const struct version *to)
{
	SCOPE(tmp, NULL);
	const struct plan_release *below = NULL, *above = NULL;
	struct error *err;

	for (size_t i = 0; i < count; i++) {
		const struct plan_release *r = &releases[i];

		if (is_rc(&r->version) && !is_rc(to))
			continue;
		if (version_compare(&r->version, to) < 0)
			below = r;
		else if (!above)
			above = r;
	}
	err = error_new(ERROR_NO, "there is no release '%s'", version_print(tmp, to));
	if (below && above)
		return error_hint(err, "the nearest are '%s' and '%s'",
				  version_print(tmp, &below->version),
				  version_print(tmp, &above->version));
	if (!below && !above)
		return error_hint(err, "nothing has been released yet");
	return error_hint(err, "the nearest is '%s'",
			  version_print(tmp, below ? &below->version : &above->version));
}

static struct error *check_way(const struct plan_request *r)
{
	SCOPE(tmp, NULL);
	const struct version *from = r->from, *to = r->to;
	struct version base;

	if (!find(r->releases, r->release_count, to))
		return unknown(r->releases, r->release_count, to);
	if (!from)
		return NULL;
	if (version_compare(to, from) < 0)
		return error_new(ERROR_NO, "'%s' is lower than '%s', the version of the database",
				 version_print(tmp, to), version_print(tmp, from));
	base = version_base(from);
	if (is_rc(from) && version_compare(to, &base) > 0 &&
	    !find(r->releases, r->release_count, &base))
		return error_hint(error_new(ERROR_NO,
					    "there is no upgrade path from release candidate "
					    "'%s' to '%s'",
					    version_print(tmp, from), version_print(tmp, to)),
				  "'%s' was not released", version_print(tmp, &base));
	return NULL;
}

/*
 * Is V on the path, that is, after FROM and up to TO? The only release candidate on it is TO
 * itself.
 */
static bool on_the_way(const struct version *v, const struct plan_request *r)
{
	const struct version *final = r->final ? r->final : r->from;
	const struct version *begin = is_rc(v) ? r->from : final;

	if (begin && version_compare(v, begin) <= 0)
		return false;
	if (is_rc(v))
		return version_compare(v, r->to) == 0;
	return version_compare(v, r->to) <= 0;
}

/* The patches that are applied when a step begins, by the database or by earlier steps. */
struct seen {
	const char *id, *hash, *version;
};

static const struct seen *seen_find(const struct seen *seen, size_t count, const char *id)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(seen[i].id, id) == 0)
			return &seen[i];
	}
	return NULL;
}

/* Marks the patches of STEP that have been SEEN, and adds the others to SEEN. */
static struct error *fill_step(struct plan_step *step, void *ctx, struct seen *seen, size_t *count,
			       const char *version)
{
	const struct plan_release *release = step->release;

	step->skip = mem_array(ctx, bool, release->count + 1);
	for (size_t i = 0; i < release->count; i++) {
		const struct plan_patch *patch = &release->patches[i];
		const struct seen *other = seen_find(seen, *count, patch->id);

		if (!other)
			seen[(*count)++] = (struct seen){patch->id, patch->hash, version};
		else if (strcmp(other->hash, patch->hash) == 0)
			step->skip[i] = true;
		else
			return error_hint(
				error_new(ERROR_NO,
					  "patch '%s' of '%s' has already been applied by '%s' "
					  "with different contents",
					  patch->id, version, other->version),
				"the hash of its directory is now %s, and was %s", patch->hash,
				other->hash);
	}
	return NULL;
}

struct error *plan_make(struct plan **out, void *ctx, const struct plan_request *r)
{
	SCOPE(tmp, NULL);
	struct plan *plan = mem_new(tmp, struct plan);
	size_t room = r->applied_count + 1, seen_count = 0;
	struct seen *seen;
	struct error *err;

	if (r->release_count > 0)
		qsort(r->releases, r->release_count, sizeof(*r->releases), by_version);
	if (!r->from || version_compare(r->from, r->to) != 0) {
		err = check_way(r);
		if (err)
			return err;
	}
	plan->steps = mem_array(plan, struct plan_step, r->release_count + 1);
	for (size_t i = 0; i < r->release_count; i++) {
		const struct plan_release *release = &r->releases[i];

		if (!on_the_way(&release->version, r))
			continue;
		plan->steps[plan->count++].release = release;
		room += release->count;
	}
	seen = mem_array(tmp, struct seen, room);
	for (; seen_count < r->applied_count; seen_count++) {
		const struct plan_applied *applied = &r->applied[seen_count];

		seen[seen_count] = (struct seen){applied->id, applied->hash, applied->version};
	}
	for (size_t i = 0; i < plan->count; i++) {
		err = fill_step(&plan->steps[i], plan, seen, &seen_count,
				version_print(tmp, &plan->steps[i].release->version));
		if (err)
			return err;
	}
	*out = talloc_steal(ctx, plan);
	return NULL;
}
