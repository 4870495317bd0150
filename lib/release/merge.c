/* Merges trees according to the project's rules. */
#include "release/merge.h"

#include <string.h>

#include "core/branch.h"
#include "base/quote.h"
#include "project/catalog.h"
#include "project/advice.h"
#include "publish/commit.h"

/* TREEISH, with the directories that are not merged taken from OWNER. */
static struct error *take_owned(char **tree, void *ctx, struct project *p, const char *treeish,
				const char *owner)
{
	static const char *const owned[] = {PATH_RELEASES, PATH_MODEL};
	struct edits edits = {NULL, 0};
	struct error *err;
	char *oid;

	for (size_t i = 0; i < 2; i++) {
		err = repo_entry(&oid, ctx, p->repo, owner, owned[i]);
		if (err)
			return err;
		edits_object(&edits, ctx, owned[i], oid, MODE_FOLDER);
	}
	return repo_edit_tree(tree, ctx, p->repo, treeish, edits.list, edits.count);
}

static struct error *merge_owned(char **tree, char ***conflicts, void *ctx, struct project *p,
				 const char *ours, const char *theirs, const char *owner)
{
	SCOPE(tmp, ctx);
	char *base, *base_tree, *our_tree, *their_tree;
	struct error *err;

	err = repo_merge_base(&base, tmp, p->repo, ours, theirs);
	if (err)
		return err;
	if (!base)
		return error_new(ERROR_NO, "'%s' and '%s' have no common history", ours, theirs);
	err = take_owned(&base_tree, tmp, p, base, owner);
	if (!err)
		err = take_owned(&our_tree, tmp, p, ours, owner);
	if (!err)
		err = take_owned(&their_tree, tmp, p, theirs, owner);
	if (!err)
		err = repo_merge_trees(tree, conflicts, ctx, p->repo, base_tree, our_tree,
				       their_tree);
	return err;
}

static struct error *conflict_error(void *ctx, struct project *p, const struct merge *m,
				    char *const *conflicts)
{
	char *files = NULL;
	struct error *err;

	for (; *conflicts; conflicts++)
		mem_append(&files, ctx, "conflict in %s\n", quote_name(ctx, *conflicts));
	err = error_new(ERROR_NO, "patch '%s' conflicts with its release", m->id);
	err = error_detail(err, "%s", files);
	err = error_hint(err, "nothing was changed; resolve it on the patch branch:");
	return error_add_hint_lines(err, advice_merge_release(ctx, p, m->id, m->release->branch));
}

/* All directories in Patches except that of the patch must be those of the release. */
static struct error *check_others(void *ctx, struct project *p, const char *id, const char *tree,
				  const char *release)
{
	struct repo_file *now, *was;
	size_t now_count, was_count;
	struct error *err;

	err = repo_list(&now, &now_count, ctx, p->repo, tree, PATH_PATCHES);
	if (!err)
		err = repo_list(&was, &was_count, ctx, p->repo, release, PATH_PATCHES);
	if (err)
		return err;
	/* Both lists are in git's order: walk them side by side. */
	for (size_t i = 0, k = 0; i < now_count || k < was_count;) {
		int order = i == now_count   ? 1
			    : k == was_count ? -1
					     : strcmp(now[i].name, was[k].name);
		const char *name = order <= 0 ? now[i].name : was[k].name;
		bool folder = (order <= 0 ? now[i].mode : was[k].mode) == MODE_FOLDER;
		bool same = order == 0 && strcmp(now[i].oid, was[k].oid) == 0;

		i += order <= 0;
		k += order >= 0;
		if (same || !folder || strcmp(name, id) == 0)
			continue;
		err = error_new(ERROR_NO,
				"patch '%s' changes the directory of another patch: %s/%s", id,
				PATH_PATCHES, name);
		return error_hint(err,
				  order < 0 ? "merge that patch first, or remove its directory "
					      "from this branch"
					    : "a merged patch has to stay as it was tested: put "
					      "the change into %s/%s",
				  PATH_PATCHES, id);
	}
	return NULL;
}

/* Did the commits between OLD and NEW change files that are merged? */
static struct error *differs(bool *out, void *ctx, struct project *p, const char *old,
			     const char *new)
{
	struct error *err;
	char *one, *other;

	err = take_owned(&one, ctx, p, old, new);
	if (!err)
		err = take_owned(&other, ctx, p, new, new);
	if (!err)
		*out = strcmp(one, other) != 0;
	return err;
}

/* Sets BRANCH and BASE when the patch has commits of TIP that the release lacks. */
static struct error *find_foreign(struct merge_foreign *out, void *ctx, struct project *p,
				  const struct merge *m, const char *branch, const char *tip)
{
	SCOPE(tmp, ctx);
	const char *release = m->release->tip;
	struct error *err;
	char *base, *fork;
	bool has, more = true;

	err = repo_merge_base(&base, tmp, p->repo, tip, m->patch);
	if (err || !base)
		return err;
	err = repo_is_ancestor(&has, p->repo, base, release);
	if (!err && !has)
		err = repo_merge_base(&fork, tmp, p->repo, base, release);
	if (err || has)
		return err;
	if (fork)
		err = differs(&more, tmp, p, fork, base);
	if (err || !more)
		return err;
	out->branch = mem_dup(ctx, branch);
	out->base = mem_dup(ctx, base);
	return NULL;
}

struct error *merge_foreign(struct merge_foreign *out, void *ctx, struct project *p,
			    const struct merge *m)
{
	const struct catalog *catalog = m->catalog;
	struct error *err;

	*out = (struct merge_foreign){NULL, NULL};
	err = find_foreign(out, ctx, p, m, BRANCH_PROD, catalog->prod);
	for (size_t i = 0; !err && i < catalog->open_count && !out->branch; i++) {
		const struct open_release *other = &catalog->open[i];

		if (version_compare(&other->version, &m->release->version) != 0)
			err = find_foreign(out, ctx, p, m, other->branch, other->tip);
	}
	return err;
}

char *merge_foreign_commands(void *ctx, const struct project *p, const struct merge *m,
			     const struct merge_foreign *foreign)
{
	if (strcmp(foreign->branch, BRANCH_PROD) == 0)
		return advice_merge_production(ctx, p, m->release->branch);
	return advice_move_patch(ctx, p, m->id, m->release->branch, foreign->base);
}

/* A patch that was started on another release must not bring that release's commits along. */
static struct error *refuse_foreign(void *ctx, struct project *p, const struct merge *m)
{
	struct merge_foreign foreign;
	struct error *err;

	err = merge_foreign(&foreign, ctx, p, m);
	if (err || !foreign.branch)
		return err;
	err = error_new(ERROR_NO,
			"patch '%s' is based on '%s', which has commits that release %s lacks",
			m->id, foreign.branch, version_print(ctx, &m->release->version));
	err = error_hint(err, "%s:",
			 strcmp(foreign.branch, BRANCH_PROD) == 0
				 ? "merge production into the release first"
				 : "rebase the patch onto its own release, test it, then merge it");
	return error_add_hint_lines(err, merge_foreign_commands(ctx, p, m, &foreign));
}

struct error *merge_patch(char **tree, void *ctx, struct project *p, const struct merge *m)
{
	SCOPE(tmp, ctx);
	const char *release = m->release->tip;
	char *merged, **conflicts;
	struct error *err;

	err = refuse_foreign(tmp, p, m);
	if (!err)
		err = merge_owned(&merged, &conflicts, tmp, p, release, m->patch, release);
	if (err)
		return err;
	if (conflicts)
		return conflict_error(tmp, p, m, conflicts);
	err = check_others(tmp, p, m->id, merged, release);
	if (err)
		return err;
	*tree = mem_dup(ctx, merged);
	return NULL;
}

/* The files in .hop/releases that belong to an open release: its list and its candidates. */
static struct error *keep_own(struct edits *edits, void *ctx, struct project *p,
			      const struct version *version, const char *release)
{
	struct repo_file *files;
	struct error *err;
	size_t count;

	err = repo_list(&files, &count, ctx, p->repo, release, PATH_RELEASES);
	if (err)
		return err;
	for (size_t i = 0; i < count; i++) {
		char *path = mem_printf(ctx, "%s/%s", PATH_RELEASES, files[i].name);
		struct version of, base;
		bool own = strcmp(path, path_manifest(ctx, version)) == 0;

		if (!own && release_file_parse(&of, files[i].name) && of.stage == VERSION_RC) {
			base = version_base(&of);
			own = version_compare(&base, version) == 0;
		}
		if (own)
			edits_object(edits, ctx, path, files[i].oid, files[i].mode);
	}
	return NULL;
}

struct error *merge_forward(char **tree, char ***conflicts, void *ctx, struct project *p,
			    const struct open_release *release, const char *prod)
{
	SCOPE(tmp, ctx);
	struct edits edits = {NULL, 0};
	struct error *err;
	char *merged;

	*tree = NULL;
	err = merge_owned(&merged, conflicts, ctx, p, release->tip, prod, prod);
	if (err || *conflicts)
		return err;
	err = keep_own(&edits, tmp, p, &release->version, release->tip);
	if (err)
		return err;
	return repo_edit_tree(tree, ctx, p->repo, merged, edits.list, edits.count);
}
