/* Chooses the release to promote, and checks that it can be promoted. */
#include "release/promote.h"

#include "project/advice.h"
#include "release/promote_private.h"

static struct error *none_open(enum promote_to to)
{
	if (to == PROMOTE_HOTFIX)
		return error_hint(error_new(ERROR_NO, "no hotfix is in preparation"),
				  "git hop release hotfix opens one");
	return error_hint(error_new(ERROR_NO, "no release is in preparation"),
			  "git hop release create patch|minor|major opens one");
}

static struct error *is_below(const struct promotion *job, void *ctx, const struct version *v)
{
	return error_hint(error_new(ERROR_NO, "release %s is lower than production, which is at %s",
				    version_print(ctx, v),
				    version_print(ctx, &job->catalog->production)),
			  "no database would ever get it: move its patches to a higher release");
}

static struct error *other_rc(void *ctx, const struct promotion_choice *c)
{
	struct error *err;

	err = error_new(ERROR_NO, "release candidate %s is being tested",
			version_print(ctx, &c->other->rc));
	return error_hint(
		err,
		"one version at a time; release %s can go to production without a release "
		"candidate: git hop release promote prod",
		version_print(ctx, &c->release->version));
}

static struct error *has_candidates(enum promote_to to, void *ctx, const struct promotion_choice *c)
{
	char *left = NULL;
	struct error *err;

	for (char **id = manifest_ids(ctx, c->release->manifest, PATCH_CANDIDATE); *id; id++)
		mem_append(&left, ctx, " %s", *id);
	err = error_new(ERROR_NO, "release %s still has candidates:%s",
			version_print(ctx, &c->version), left);
	err = error_hint(err, "merge them first: git hop patch merge ID");
	if (to == PROMOTE_HOTFIX)
		return err;
	return error_add_hint(
		err, "or leave them to the next release: git hop release promote prod --carry");
}

static struct error *is_empty(const struct promotion *job, void *ctx,
			      const struct promotion_choice *c)
{
	struct error *err;

	if (job->request->to != PROMOTE_HOTFIX)
		return error_hint(error_new(ERROR_NO, "release %s has no staged patches",
					    version_print(ctx, &c->release->version)),
				  "git hop patch merge ID stages one");
	err = error_new(ERROR_NO, "release %s has no patches", version_print(ctx, &c->version));
	err = error_hint(
		err, "git hop patch create and git hop patch merge add them; to drop the release:");
	return error_add_hint_lines(err,
				    advice_delete_release(ctx, job->project, c->release->branch));
}

static struct error *refuse(const struct promotion *job, void *ctx,
			    const struct promotion_choice *c)
{
	enum promote_to to = job->request->to;

	switch (c->refusal) {
	case REFUSE_NONE_OPEN:
		return none_open(to);
	case REFUSE_OTHER:
		return error_hint(error_new(ERROR_NO, "release %s is no longer the one to promote",
					    version_print(ctx, &job->meant)),
				  "git hop release list shows what has changed");
	case REFUSE_BELOW:
		return is_below(job, ctx, &c->release->version);
	case REFUSE_OTHER_RC:
		return other_rc(ctx, c);
	case REFUSE_CANDIDATES:
		return has_candidates(to, ctx, c);
	case REFUSE_EMPTY:
		return is_empty(job, ctx, c);
	default:
		return NULL;
	}
}

static void keep(struct promotion *job, const struct promotion_choice *c)
{
	struct promote *request = job->request;

	job->release = *c->release;
	job->version = c->version;
	job->meant = c->release->version;
	job->again = true;
	request->carried = c->carries ? manifest_ids(job->project, c->release->manifest,
						     PATCH_CANDIDATE)
				      : mem_array(job->project, char *, 1);
	request->next = c->next;
	request->opened = c->opens;
	request->overtaken = c->overtaken ? mem_dup(job->project, c->overtaken->branch) : NULL;
}

struct error *promote_choose(struct promotion *job, void *ctx)
{
	struct promotion_wish wish = {.to = job->request->to,
				      .carry = job->request->carry,
				      .meant = job->again ? &job->meant : NULL};
	struct promotion_choice choice;
	struct version *tagged;
	struct error *err;

	err = catalog_read(&job->catalog, ctx, job->project);
	if (err)
		return err;
	job->prod = job->catalog->prod;
	if (wish.to == PROMOTE_RC) {
		err = catalog_with_rcs(&tagged, &wish.tagged_count, ctx, job->project, job->prod);
		wish.tagged = tagged;
	}
	if (!err)
		err = choose_promotion(&choice, job->catalog, &wish);
	if (!err)
		err = refuse(job, ctx, &choice);
	if (!err)
		keep(job, &choice);
	return err;
}
