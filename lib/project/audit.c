/* Checks that released versions have not been changed. */
#include "project/audit.h"

#include <string.h>

#include "core/branch.h"
#include "core/patch.h"
#include "base/quote.h"
#include "project/catalog.h"
#include "project/tag.h"

#define SHOW_CHANGES "to see who changed it: git log -p -- " PATH_RELEASES

struct audit {
	void *ctx;
	struct project *project;
	const struct open_release *open;
	const char *tree;
	struct audit_fault *faults;
	size_t count;
	char **known; /* IDs of the lists */
	bool unknown; /* a list cannot be read */
};

static void add(struct audit *a, const char *name, const char *about, const char *hint,
		const char *text)
{
	a->faults = mem_resize(a->ctx, a->faults, struct audit_fault, a->count + 1);
	a->faults[a->count++] = (struct audit_fault){
		.name = name,
		.about = mem_dup(a->ctx, about),
		.text = mem_dup(a->ctx, text),
		.hint = mem_dup(a->ctx, hint),
	};
}

static bool is_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* What to run to have PATH as it is at the tag. */
static char *way_back(void *ctx, const struct audit *a, const char *tag, const char *path)
{
	const struct project *p = a->project;
	const char *branch = a->open ? a->open->branch : BRANCH_PROD;

	if (p->production)
		return mem_printf(ctx,
				  "'%s' was changed after the promotion: git hop check in a "
				  "development clone shows how to restore it",
				  branch);
	return mem_printf(ctx,
			  "to restore it:\n"
			  "git switch %s%s\n"
			  "git restore --source=%s --staged --worktree -- %s\n"
			  "git commit --no-verify -m 'Restore what %s had'%s",
			  branch, p->remote ? " && git pull --ff-only" : "", tag, path, tag,
			  p->remote ? "\ngit push --no-verify" : "");
}

/* Compares PATH in the tree with COMMIT, that of VERSION. */
static struct error *compare(struct audit *a, const struct version *version, const char *commit,
			     const char *name, const char *about, const char *path)
{
	SCOPE(tmp, NULL);
	struct repo *repo = a->project->repo;
	char *tag = tag_of(tmp, a->project, version), *now, *then;
	struct error *err;

	err = repo_entry(&then, tmp, repo, commit, path);
	if (!err)
		err = repo_entry(&now, tmp, repo, a->tree, path);
	if (err || is_same(now, then))
		return err;
	add(a, name, about, way_back(tmp, a, tag, path),
	    mem_printf(tmp, "%s since %s was promoted", now ? "was changed" : "was removed", tag));
	return NULL;
}

static struct error *audit_version(struct audit *a, const struct version *v)
{
	SCOPE(tmp, NULL);
	char *path = path_release(tmp, v), *commit, **ids;
	struct project *p = a->project;
	struct error *err;

	err = tag_commit(&commit, tmp, p, v);
	if (!err && !commit)
		err = tag_missing(p, v);
	if (err) {
		add(a, "release-tag", tag_of(tmp, p, v), err->hint ? err->hint : "", err->message);
		error_free(err);
		commit = NULL;
	}
	err = commit ? compare(a, v, commit, "release-list", path, path) : NULL;
	if (err)
		return err;
	err = catalog_patches(&ids, tmp, p->repo, commit ? commit : a->tree, v);
	if (err && err->code != ERROR_SIGNALLED) {
		add(a, "release-list", path, err->hint ? err->hint : SHOW_CHANGES, err->message);
		error_free(err);
		a->unknown = true;
		return NULL;
	}
	for (; !err && *ids; ids++) {
		mem_list_add(&a->known, a->ctx, *ids);
		if (commit)
			err = compare(a, v, commit, "patch-changed", *ids, path_patch(tmp, *ids));
	}
	return err;
}

static bool has_id(char *const *ids, const char *id)
{
	for (; *ids; ids++) {
		if (strcmp(*ids, id) == 0)
			return true;
	}
	return false;
}

/* The patch was merged with git or on a forge: its files would never run. */
static void add_unlisted(struct audit *a, const char *id)
{
	SCOPE(tmp, NULL);
	const struct open_release *open = a->open;
	char *path = path_patch(tmp, id);

	if (!open && a->project->production) {
		add(a, "patch-unlisted", id,
		    "'ho-prod' was changed by hand: git hop check in a development clone shows "
		    "what to do",
		    "is on ho-prod, but in no list: no database has it");
		return;
	}
	if (!open) {
		add(a, "patch-unlisted", id,
		    mem_printf(tmp, "remove it: git rm -r %s; git commit --no-verify", path),
		    "is on ho-prod, but in no list: no database has it");
		return;
	}
	add(a, "patch-unlisted", id,
	    mem_printf(tmp,
		       "to merge it: git hop patch attach --release %s %s, then git hop patch "
		       "merge %s\n"
		       "to remove it: git rm -r %s; git commit --no-verify",
		       version_print(tmp, &open->version), id, id, path),
	    mem_printf(tmp,
		       "is on '%s', but was not merged by git hop patch merge: it would "
		       "never run",
		       open->branch));
}

static struct error *audit_patches(struct audit *a)
{
	SCOPE(tmp, NULL);
	struct repo *repo = a->project->repo;
	const struct version zero = {.stage = VERSION_FINAL};
	struct repo_file *files;
	struct error *err;
	char *start, *old;
	size_t count;

	err = tag_commit(&start, tmp, a->project, &zero);
	if (!err)
		err = repo_list(&files, &count, tmp, repo, a->tree, PATH_PATCHES);
	for (size_t i = 0; !err && i < count; i++) {
		const char *id = files[i].name;
		const struct manifest_entry *entry = a->open ? manifest_find(a->open->manifest, id)
							     : NULL;

		if (files[i].mode != MODE_FOLDER || !patch_id_valid(id) || has_id(a->known, id) ||
		    (entry && entry->state == PATCH_STAGED))
			continue;
		old = NULL;
		if (start)
			err = repo_entry(&old, tmp, repo, start, path_patch(tmp, id));
		if (!err && !old)
			add_unlisted(a, id);
	}
	return err;
}

struct error *audit_read(struct audit_fault **faults, size_t *count, void *ctx, struct project *p,
			 const struct catalog *catalog, const struct open_release *open,
			 const char *tree)
{
	struct audit a = {
		.ctx = ctx,
		.project = p,
		.open = open,
		.tree = tree,
		.faults = mem_array(ctx, struct audit_fault, 0),
		.known = mem_array(ctx, char *, 1),
	};
	struct error *err = NULL;

	for (size_t i = 0; !err && i < catalog->released_count; i++)
		err = audit_version(&a, &catalog->released[i]);
	/* The patches of a list that cannot be read would all seem to be in none. */
	if (!err && !a.unknown)
		err = audit_patches(&a);
	*faults = a.faults;
	*count = a.count;
	return err;
}

/* ABOUT is a number or a path. */
static const char *kind_of(const struct audit_fault *fault)
{
	return strncmp(fault->name, "patch-", strlen("patch-")) == 0 ? "patch " : "";
}

static struct error *refuse(const struct audit_fault *faults, size_t count)
{
	SCOPE(tmp, NULL);
	struct error *err;
	char *list = NULL;

	if (count == 0)
		return NULL;
	for (size_t i = 1; i < count; i++)
		mem_append(&list, tmp, "%s%s %s\n", kind_of(&faults[i]),
			   quote_name(tmp, faults[i].about), quote_name(tmp, faults[i].text));
	err = error_new(ERROR_NO, "%s%s %s", kind_of(&faults[0]), faults[0].about, faults[0].text);
	if (list)
		err = error_detail(err, "%s", list);
	err = error_add_hint_lines(err, faults[0].hint);
	return count > 1 ? error_add_hint(err, "git hop check shows what to do about the others")
			 : err;
}

struct error *audit_refuse(struct project *p, const struct catalog *catalog,
			   const struct open_release *open, const char *tree)
{
	SCOPE(tmp, NULL);
	struct audit_fault *faults;
	struct error *err;
	size_t count;

	err = audit_read(&faults, &count, tmp, p, catalog, open, tree);
	return err ? err : refuse(faults, count);
}

struct error *audit_production(struct project *p)
{
	SCOPE(tmp, NULL);
	struct catalog catalog = {.open_count = 0};
	struct audit_fault *faults;
	struct version *released;
	struct error *err;
	size_t count, edits = 0;
	char *prod;

	err = catalog_production(&catalog.production, &prod, tmp, p);
	if (!err)
		err = catalog_released(&released, &catalog.released_count, tmp, p->repo, prod);
	if (err)
		return err;
	catalog.released = released;
	err = audit_read(&faults, &count, tmp, p, &catalog, NULL, prod);
	for (size_t i = 0; !err && i < count; i++) {
		if (strcmp(faults[i].name, "release-tag") != 0)
			faults[edits++] = faults[i];
	}
	return err ? err : refuse(faults, edits);
}
