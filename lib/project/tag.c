/* The tags of versions: their names, which there are, and the commits that hold the files. */
#include "project/tag.h"

#include <stdlib.h>
#include <string.h>

#include "core/branch.h"

char *tag_of(const void *ctx, const struct project *p, const struct version *v)
{
	SCOPE(tmp, NULL);

	return mem_printf(ctx, "%s%s", p->conf->tag_prefix, version_print(tmp, v));
}

char *tag_ref(const void *ctx, const struct project *p, const struct version *v)
{
	SCOPE(tmp, NULL);

	return mem_printf(ctx, "refs/tags/%s", tag_of(tmp, p, v));
}

static int by_version(const void *a, const void *b)
{
	return version_compare(a, b);
}

struct error *tag_list(struct version **out, size_t *count, void *ctx, struct project *p)
{
	SCOPE(tmp, ctx);
	char *prefix = mem_printf(tmp, "refs/tags/%s", p->conf->tag_prefix);
	struct version *list;
	struct repo_ref *tags;
	struct error *err;
	size_t n, used = 0;

	err = repo_refs(&tags, &n, tmp, p->repo, prefix);
	if (err)
		return err;
	list = mem_array(ctx, struct version, n);
	for (size_t i = 0; i < n; i++) {
		struct error *bad = version_parse(&list[used], tags[i].name + strlen(prefix));

		used += !bad;
		error_free(bad);
	}
	qsort(list, used, sizeof(*list), by_version);
	*out = list;
	*count = used;
	return NULL;
}

struct error *tag_list_rcs(struct version **out, size_t *count, void *ctx, struct project *p)
{
	struct error *err = tag_list(out, count, ctx, p);
	size_t used = 0;

	for (size_t i = 0; !err && i < *count; i++) {
		if ((*out)[i].stage == VERSION_RC)
			(*out)[used++] = (*out)[i];
	}
	if (!err)
		*count = used;
	return err;
}

static struct error *refuse(const struct project *p, const struct version *v, const char *why)
{
	SCOPE(tmp, NULL);
	char *tag = tag_of(tmp, p, v);
	struct error *err;

	err = error_new(ERROR_NO, "the tag '%s' does not count: %s", tag, why);
	if (!p->remote)
		return error_hint(err,
				  "it was not made by git hop release promote; to delete "
				  "it: git tag -d %s",
				  tag);
	return error_hint(err,
			  "only git hop release promote makes tags that count; to fetch the one of "
			  "'%s':\n"
			  "git tag -d %s\n"
			  "git fetch %s\n"
			  "git fetch %s tag %s\n"
			  "if that one does not count either, delete it: git push %s :refs/tags/%s",
			  p->remote, tag, p->remote, p->remote, tag, p->remote, tag);
}

/* Is COMMIT in the first-parent history of TIP (may be NULL)? */
static struct error *check_line(bool *on, struct project *p, const char *tip, const char *commit)
{
	*on = false;
	return tip ? repo_on_line(on, p->repo, tip, commit) : NULL;
}

static struct error *check_rc(bool *on, struct project *p, const struct version *v,
			      const char *commit)
{
	SCOPE(tmp, NULL);
	struct version base = version_base(v);
	char *released, *tip = NULL;
	struct error *err;

	err = project_tip(&tip, tmp, p, branch_release(tmp, &base));
	if (!err)
		err = check_line(on, p, tip, commit);
	if (err || *on)
		return err;
	err = tag_commit(&released, tmp, p, &base);
	if (!err && released)
		err = repo_parent(&tip, tmp, p->repo, released, 1);
	return err || !released ? err : check_line(on, p, tip, commit);
}

struct error *tag_refuse_ahead(struct project *p, const struct version *v)
{
	SCOPE(tmp, NULL);
	char *tag = tag_of(tmp, p, v), *commit, *prod, *list = NULL;
	bool ahead = false;
	struct error *err;

	err = repo_commit(&commit, tmp, p->repo, tag_ref(tmp, p, v));
	if (!err)
		err = project_tip(&prod, tmp, p, BRANCH_PROD);
	if (!err && commit && prod && v->stage != VERSION_RC && strcmp(commit, prod) != 0)
		err = check_line(&ahead, p, commit, prod);
	if (!err && ahead)
		err = repo_entry(&list, tmp, p->repo, commit, path_release(tmp, v));
	if (err || !list)
		return err;
	err = error_new(ERROR_NO, "the tag '%s' is ahead of 'ho-prod': was 'ho-prod' moved back?",
			tag);
	if (p->remote)
		return error_hint(err,
				  "first, in case this clone is only behind: git fetch %s\n"
				  "what it would bring: git log --first-parent %s/ho-prod..%s\n"
				  "if so, from a development clone: git push --no-verify %s "
				  "'%s^{commit}:refs/heads/ho-prod'\n"
				  "if the tag was made by hand: git push %s :refs/tags/%s",
				  p->remote, p->remote, tag, p->remote, tag, p->remote, tag);
	return error_hint(err,
			  "if so: git update-ref refs/heads/ho-prod '%s^{commit}'\n"
			  "if the tag was made by hand: git tag -d %s",
			  tag, tag);
}

static struct error *check(struct project *p, const struct version *v, const char *commit)
{
	SCOPE(tmp, NULL);
	bool rc = v->stage == VERSION_RC, on;
	struct version base = version_base(v);
	char *path = path_release(tmp, v), *prod, *list;
	struct error *err;

	if (rc)
		err = check_rc(&on, p, v, commit);
	else
		err = project_tip(&prod, tmp, p, BRANCH_PROD);
	if (!rc && !err)
		err = check_line(&on, p, prod, commit);
	if (err)
		return err;
	err = on ? NULL : tag_refuse_ahead(p, v);
	if (err)
		return err;
	if (!on)
		return refuse(p, v,
			      rc ? mem_printf(tmp, "no promotion made it on '%s'",
					      branch_release(tmp, &base))
				 : "no promotion made it on 'ho-prod'");
	err = repo_entry(&list, tmp, p->repo, commit, path);
	if (err || list)
		return err;
	return refuse(p, v, mem_printf(tmp, "its commit has no %s", path));
}

struct error *tag_commit(char **commit, void *ctx, struct project *p, const struct version *version)
{
	SCOPE(tmp, NULL);
	char *tag = tag_of(tmp, p, version), *prod, *found, *any = NULL;
	struct error *err;

	if (version_is_zero(version)) {
		err = project_tip(&prod, tmp, p, BRANCH_PROD);
		*commit = NULL;
		if (err || !prod)
			return err;
		return repo_line_start(commit, ctx, p->repo, prod, path_release(tmp, version));
	}
	err = repo_commit(&found, ctx, p->repo, tag_ref(tmp, p, version));
	if (!err && !found)
		err = repo_ref(&any, tmp, p->repo, tag_ref(tmp, p, version));
	if (err)
		return error_wrap(err, "cannot read the tag '%s'", tag);
	if (any)
		return refuse(p, version, "it names no commit");
	if (found)
		err = check(p, version, found);
	if (!err)
		*commit = found;
	return err;
}

struct error *tag_missing(const struct project *p, const struct version *version)
{
	SCOPE(tmp, NULL);
	char *tag = tag_of(tmp, p, version);
	struct error *err;

	if (version_is_zero(version))
		return error_hint(error_new(ERROR_FAIL, "'ho-prod' has no %s",
					    path_release(tmp, version)),
				  "git log --full-history ho-prod -- %s shows who removed it",
				  path_release(tmp, version));
	err = error_new(ERROR_FAIL, "release %s has no tag '%s' here", version_print(tmp, version),
			tag);
	if (p->remote)
		return error_hint(err, "git fetch %s tag %s", p->remote, tag);
	return error_hint(err, "the files of a release are read from its tag, which someone "
			       "has deleted");
}
