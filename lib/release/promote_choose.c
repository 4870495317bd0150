/* Which release is promoted, and whether it may be. */
#include "release/promote.h"

#include <string.h>

#include "core/branch.h"
#include "release/promote_private.h"

static struct error *none_open(enum promote_to to)
{
	if (to == PROMOTE_HOTFIX)
		return error_hint(error_new(ERROR_NO, "no hotfix is in preparation"),
				  "git hop release hotfix opens one");
	return error_hint(error_new(ERROR_NO, "no release is in preparation"),
			  "git hop release create patch|minor|major opens one");
}

/* The hotfix, or the lowest of the others. */
static struct error *pick(struct promotion *job, void *ctx)
{
	const struct open_release *release = NULL;
	struct error *err;

	for (size_t i = 0; i < job->catalog->open_count && !release; i++) {
		if (job->catalog->open[i].hotfix == (job->request->to == PROMOTE_HOTFIX))
			release = &job->catalog->open[i];
	}
	if (job->again && (!release || version_compare(&release->version, &job->meant) != 0)) {
		err = error_new(ERROR_NO, "release %s is not the one to promote any more",
				version_print(ctx, &job->meant));
		return error_hint(err, "git hop release list shows what others did meanwhile");
	}
	if (!release)
		return none_open(job->request->to);
	job->release = *release;
	job->meant = release->version;
	job->again = true;
	return NULL;
}

static struct error *refuse_below(struct promotion *job, void *ctx)
{
	const struct version *v = &job->release.version;
	const struct version *production = &job->catalog->production;

	if (job->release.hotfix || version_compare(production, v) < 0)
		return NULL;
	return error_hint(error_new(ERROR_NO, "release %s is lower than production, which is at %s",
				    version_print(ctx, v), version_print(ctx, production)),
			  "no database would ever get it: move its patches to a release above");
}

/* The next number: of a tag too whose file is gone, since a tag stays what it is. */
static struct error *number_rc(struct version *out, struct promotion *job, void *ctx)
{
	struct version rc = {.number = 0};
	struct repo_ref *tags;
	struct error *err;
	size_t count;
	char *prefix;

	*out = job->release.rc;
	out->stage = VERSION_RC;
	prefix = mem_printf(ctx, "refs/tags/%s-rc", tag_of(ctx, &job->release.version));
	err = repo_refs(&tags, &count, ctx, job->project->repo, prefix);
	for (size_t i = 0; !err && i < count; i++) {
		struct error *bad;

		bad = version_parse(&rc, tags[i].name + strlen("refs/tags/v"));
		if (!bad && rc.number > out->number)
			*out = rc;
		error_free(bad);
	}
	out->number++;
	return err;
}

static struct error *choose_version(struct promotion *job, void *ctx)
{
	if (job->request->to == PROMOTE_RC)
		return number_rc(&job->version, job, ctx);
	job->version = job->release.becomes;
	return NULL;
}

/* Who tests a release candidate tests one version at a time. */
static struct error *refuse_other_rc(struct promotion *job, void *ctx)
{
	if (job->request->to != PROMOTE_RC)
		return NULL;
	for (size_t i = 0; i < job->catalog->open_count; i++) {
		const struct open_release *other = &job->catalog->open[i];
		struct error *err;

		if (other->rc.number == 0 ||
		    version_compare(&other->version, &job->release.version) == 0)
			continue;
		err = error_new(ERROR_NO, "release candidate %s is being tested",
				version_print(ctx, &other->rc));
		return error_hint(err,
				  "one version at a time; release %s can go to production without "
				  "a candidate: git hop release promote prod",
				  version_print(ctx, &job->release.version));
	}
	return NULL;
}

/* The next open release, else one that is made: the next minor one. */
static struct error *choose_next(struct promotion *job)
{
	struct promote *request = job->request;

	request->opened = true;
	for (size_t i = 0; i < job->catalog->open_count && request->opened; i++) {
		const struct open_release *other = &job->catalog->open[i];

		if (other->hotfix || version_compare(&other->version, &job->version) <= 0)
			continue;
		request->next = other->version;
		request->opened = false;
	}
	if (!request->opened)
		return NULL;
	return version_next(&request->next, &job->version, LEVEL_MINOR);
}

/* Candidates stay behind a release candidate, go to the next release, or are refused. */
static struct error *choose_candidates(struct promotion *job, void *ctx)
{
	const struct manifest *m = job->release.manifest;
	struct promote *request = job->request;
	struct error *err;
	char *left = NULL;

	request->carried = mem_array(job->project, char *, 1);
	for (size_t i = 0; i < m->count; i++) {
		if (m->entries[i].state != PATCH_CANDIDATE || request->to == PROMOTE_RC)
			continue;
		mem_append(&left, ctx, " %s", m->entries[i].id);
		mem_list_add(&request->carried, job->project, m->entries[i].id);
	}
	if (!left)
		return NULL;
	if (request->carry)
		return choose_next(job);
	err = error_new(ERROR_NO, "release %s still has candidates:%s",
			version_print(ctx, &job->version), left);
	err = error_hint(err, "merge them first: git hop patch merge ID");
	if (request->to == PROMOTE_HOTFIX)
		return err;
	return error_add_hint(
		err, "or leave them to the next release: git hop release promote prod --carry");
}

/* What changes nothing would only make people and databases wait for it. */
static struct error *refuse_empty(struct promotion *job, void *ctx)
{
	const char *branch = job->release.branch;
	struct project *p = job->project;
	char *away = mem_printf(ctx, "git switch " BRANCH_PROD "\ngit branch -D %s", branch);
	struct error *err;

	/* Who says --carry twice does not mean the release that was opened the first time. */
	if ((job->request->to == PROMOTE_PROD && !*job->request->carried) ||
	    manifest_count(job->release.manifest, PATCH_STAGED) > 0)
		return NULL;
	if (job->request->to != PROMOTE_HOTFIX)
		return error_hint(error_new(ERROR_NO, "release %s has no staged patches",
					    version_print(ctx, &job->release.version)),
				  "git hop patch merge ID stages one");
	err = error_new(ERROR_NO, "release %s has no patches", version_print(ctx, &job->version));
	if (p->remote)
		mem_append(&away, ctx, "\ngit push --no-verify %s --delete %s", p->remote, branch);
	return error_hint(err,
			  "git hop patch create and git hop patch merge bring them in; to "
			  "give it up:\n%s",
			  away);
}

/* The hotfix that this promotion makes one of the newer version. */
static void find_overtaken(struct promotion *job)
{
	struct promote *request = job->request;

	request->overtaken = NULL;
	for (size_t i = 0; i < job->catalog->open_count; i++) {
		if (job->catalog->open[i].hotfix && request->to == PROMOTE_PROD)
			request->overtaken = mem_dup(job->project, job->catalog->open[i].branch);
	}
}

struct error *promote_choose(struct promotion *job, void *ctx)
{
	struct error *err;

	err = catalog_read(&job->catalog, ctx, job->project);
	if (err)
		return err;
	job->prod = job->catalog->prod;
	err = pick(job, ctx);
	if (!err)
		err = refuse_below(job, ctx);
	if (!err)
		err = choose_version(job, ctx);
	if (!err)
		err = refuse_other_rc(job, ctx);
	if (err)
		return err;
	find_overtaken(job);
	err = choose_candidates(job, ctx);
	return err ? err : refuse_empty(job, ctx);
}
