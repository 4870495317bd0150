/* Reads the catalogue of releases. */
#include "project/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "core/branch.h"
#include "project/tag.h"

static int by_version(const void *a, const void *b)
{
	return version_compare(a, b);
}

static int by_release(const void *a, const void *b)
{
	return version_compare(&((const struct open_release *)a)->version,
			       &((const struct open_release *)b)->version);
}

/* The newest release candidate of VERSION that COMMIT has a list of. */
static struct error *find_rc(struct version *out, struct project *p, const struct version *version,
			     const char *commit)
{
	SCOPE(tmp, p);
	struct version v, base;
	struct repo_file *files;
	struct error *err;
	size_t count;

	*out = *version;
	err = repo_list(&files, &count, tmp, p->repo, commit, PATH_RELEASES);
	for (size_t i = 0; !err && i < count; i++) {
		if (!release_file_parse(&v, files[i].name) || v.stage != VERSION_RC)
			continue;
		base = version_base(&v);
		if (version_compare(&base, version) == 0 && v.number > out->number)
			*out = v;
	}
	return err;
}

static struct error *read_release(struct open_release *out, void *ctx, struct project *p,
				  const struct version *version, const char *tip)
{
	SCOPE(tmp, ctx);
	char *path = path_manifest(tmp, version);
	struct manifest *manifest;
	struct error *err;
	size_t length;
	char *text;

	*out = (struct open_release){.hotfix = false};
	out->version = *version;
	out->becomes = *version;
	out->branch = branch_release(ctx, version);
	out->tip = mem_dup(ctx, tip);
	err = find_rc(&out->rc, p, version, tip);
	if (!err)
		err = repo_file(&text, &length, tmp, p->repo, tip, path);
	if (err)
		return err;
	if (!text)
		return error_hint(
			error_new(ERROR_FAIL, "the branch '%s' has no %s", out->branch, path),
			"the branch was changed by hand: restore the file with git commit "
			"--no-verify, or delete the branch");
	err = manifest_parse(&manifest, ctx, mem_printf(tmp, "%s:%s", out->branch, path), text,
			     length);
	if (!err)
		out->manifest = manifest;
	return error_hint(err,
			  "the file was changed by hand; to see the change and undo it:\n"
			  "  git switch %s && git pull\n"
			  "  git log -p %s\n"
			  "  git commit --no-verify %s%s%s%s%s",
			  out->branch, path, path, p->remote ? " && git push --no-verify " : "",
			  p->remote ? p->remote : "", p->remote ? " " : "",
			  p->remote ? out->branch : "");
}

static bool is_released(const struct catalog *catalog, const struct version *version)
{
	for (size_t i = 0; i < catalog->released_count; i++) {
		if (version_compare(&catalog->released[i], version) == 0)
			return true;
	}
	return false;
}

/*
 * A promotion deletes the release branch, but a fetch that does not prune leaves its tracking ref
 * behind. A release in preparation has at least one commit that ho-prod lacks, the one that opened
 * it; one that ho-prod contains is over, whatever refs are left of it.
 */
static struct error *is_over(bool *over, struct project *p, const struct catalog *catalog,
			     const struct version *version, const char *tip)
{
	*over = false;
	if (!is_released(catalog, version))
		return NULL;
	return repo_is_ancestor(over, p->repo, tip, catalog->prod);
}

/* Tells a hotfix from the others by what is in production. */
static void find_hotfix(struct open_release *release, const struct catalog *catalog)
{
	release->hotfix = is_released(catalog, &release->version);
	if (!release->hotfix)
		return;
	release->becomes = version_next_hotfix(&catalog->production);
	/* Those of the way to X.Y.Z are over. */
	release->rc.number = 0;
}

static struct error *read_production(struct catalog *catalog, struct project *p)
{
	struct version *released;
	struct error *err;
	char *prod;

	err = catalog_production(&catalog->production, &prod, catalog, p);
	if (!err)
		err = catalog_released(&released, &catalog->released_count, catalog, p->repo, prod);
	if (err)
		return err;
	catalog->released = released;
	catalog->prod = prod;
	return NULL;
}

static struct error *read_open(struct catalog *catalog, struct project *p,
			       void (*skip)(void *arg, const char *branch, struct error *err),
			       void *arg)
{
	SCOPE(tmp, catalog);
	char *prefix = project_ref(tmp, p, "ho-release/");
	struct open_release *list;
	struct repo_ref *refs;
	struct error *err;
	size_t n, used = 0;

	err = repo_refs(&refs, &n, tmp, p->repo, prefix);
	if (err)
		return err;
	list = mem_array(catalog, struct open_release, n);
	for (size_t i = 0; i < n; i++) {
		const char *name = refs[i].name + strlen(prefix) - strlen("ho-release/");
		struct branch branch = branch_parse(tmp, name);
		bool over;

		if (branch.kind != BRANCH_RELEASE)
			continue;
		err = is_over(&over, p, catalog, &branch.version, refs[i].oid);
		if (err)
			return err;
		if (over)
			continue;
		err = read_release(&list[used], catalog, p, &branch.version, refs[i].oid);
		if (err)
			skip(arg, list[used].branch, err);
		else
			find_hotfix(&list[used++], catalog);
	}
	qsort(list, used, sizeof(*list), by_release);
	catalog->open = list;
	catalog->open_count = used;
	return NULL;
}

struct error *catalog_read_readable(const struct catalog **out, void *ctx, struct project *p,
				    void (*skip)(void *arg, const char *branch, struct error *err),
				    void *arg)
{
	struct catalog *catalog = mem_new(ctx, struct catalog);
	struct error *err;

	error_free(read_production(catalog, p));
	err = read_open(catalog, p, skip, arg);
	*out = catalog;
	return err;
}

/* What read_open skips, and whether to warn of it. */
struct skipped {
	struct catalog *catalog;
	struct unreadable_release *list;
	bool silent;
};

static void keep_unreadable(void *arg, const char *branch, struct error *err)
{
	struct skipped *skipped = arg;
	struct catalog *catalog = skipped->catalog;
	struct unreadable_release *u;
	SCOPE(tmp, NULL);

	skipped->list = mem_resize(catalog, skipped->list, struct unreadable_release,
				   catalog->unreadable_count + 1);
	u = &skipped->list[catalog->unreadable_count++];
	u->version = branch_parse(tmp, branch).version;
	u->branch = branch;
	u->message = mem_dup(catalog, err->message);
	u->hint = err->hint ? mem_dup(catalog, err->hint) : NULL;
	if (!skipped->silent) {
		warn("skipping '%s': %s", branch, err->message);
		hint("git hop check shows what to do");
	}
	error_free(err);
}

struct error *catalog_read(const struct catalog **out, void *ctx, struct project *p)
{
	struct catalog *catalog = mem_new(ctx, struct catalog);
	struct skipped skipped = {catalog, NULL, p->warned};
	struct error *err;

	err = read_production(catalog, p);
	if (!err)
		err = read_open(catalog, p, keep_unreadable, &skipped);
	p->warned = p->warned || catalog->unreadable_count > 0;
	catalog->unreadable = skipped.list;
	*out = catalog;
	return err;
}

struct error *catalog_released(struct version **out, size_t *count, void *ctx, struct repo *repo,
			       const char *commit)
{
	SCOPE(tmp, ctx);
	struct version *versions;
	struct repo_file *files;
	struct error *err;
	size_t n, used = 0;

	err = repo_list(&files, &n, tmp, repo, commit, PATH_RELEASES);
	if (err)
		return err;
	versions = mem_array(ctx, struct version, n);
	for (size_t i = 0; i < n; i++) {
		struct version *v = &versions[used];

		if (release_file_parse(v, files[i].name) && v->stage != VERSION_RC)
			used++;
	}
	qsort(versions, used, sizeof(*versions), by_version);
	*out = versions;
	*count = used;
	return NULL;
}

struct error *catalog_with_rcs(struct version **out, size_t *count, void *ctx, struct project *p,
			       const char *commit)
{
	SCOPE(tmp, ctx);
	struct version *list, *rcs;
	struct error *err;
	size_t n;

	err = catalog_released(&list, count, ctx, p->repo, commit);
	if (!err)
		err = tag_list_rcs(&rcs, &n, tmp, p);
	if (err)
		return err;
	list = mem_resize(ctx, list, struct version, *count + n);
	for (size_t i = 0; i < n; i++)
		list[(*count)++] = rcs[i];
	qsort(list, *count, sizeof(*list), by_version);
	*out = list;
	return NULL;
}

struct error *catalog_patches(char ***ids, void *ctx, struct repo *repo, const char *commit,
			      const struct version *version)
{
	SCOPE(tmp, ctx);
	char *path = path_release(tmp, version);
	struct error *err;
	size_t length;
	char *text;

	err = repo_file(&text, &length, tmp, repo, commit, path);
	if (err)
		return err;
	if (!text)
		return error_new(ERROR_FAIL, "there is no %s in %s", path, commit);
	return idlist_parse(ids, ctx, path, text, length);
}

struct error *catalog_production(struct version *version, char **commit, void *ctx,
				 struct project *p)
{
	SCOPE(tmp, ctx);
	struct version *versions;
	struct error *err;
	size_t count;
	char *tip;

	err = project_tip(&tip, ctx, p, BRANCH_PROD);
	if (err)
		return err;
	if (!tip)
		return error_hint(error_new(ERROR_FAIL, "there is no %s",
					    project_ref(tmp, p, BRANCH_PROD)),
				  "git hop update fetches it");
	err = catalog_released(&versions, &count, tmp, p->repo, tip);
	if (err)
		return err;
	if (count == 0)
		return error_new(ERROR_FAIL, "ho-prod has no release file in " PATH_RELEASES);
	*version = versions[count - 1];
	*commit = tip;
	return NULL;
}
