/* git hop check: releases in preparation, and production. */
#include "care/check.h"

#include <string.h>

#include "core/branch.h"
#include "care/check_private.h"
#include "project/advice.h"
#include "project/audit.h"
#include "project/tag.h"
#include "port/conf.h"

/* A list that cannot be read stops every command; fixing it requires bypassing the hooks. */
static void add_unreadable(void *arg, const char *branch, struct error *err)
{
	SCOPE(tmp, NULL);
	struct look *l = arg;
	char *way = mem_printf(tmp,
			       "to see who changed it: git log -p %s -- .hop/releases\n"
			       "fix it on that branch, then: git commit --no-verify, git push "
			       "--no-verify",
			       branch);

	look_add_error(l, "release-list", branch, way, err);
}

static struct error *look_at_conf(struct look *l, const struct open_release *r)
{
	SCOPE(tmp, l->project);
	struct error *err;
	struct conf *conf;

	err = project_conf(&conf, tmp, l->project, r->tip);
	if (!err && !conf)
		err = error_new(ERROR_FAIL, "there is no " PATH_CONFIG);
	if (err)
		look_add_error(l, "config", r->branch, "fix it in a patch of that release", err);
	return NULL;
}

/* The tag that the release will get must not exist. */
static struct error *look_at_tag(struct look *l, const struct open_release *r)
{
	SCOPE(tmp, l->project);
	struct project *p = l->project;
	char *tag = tag_of(tmp, p, &r->becomes);
	struct error *err;
	char *oid;

	err = repo_ref(&oid, tmp, p->repo, tag_ref(tmp, p, &r->becomes));
	if (err || !oid)
		return err;
	err = tag_refuse_ahead(p, &r->becomes);
	if (err) {
		look_add_error(l, "release-tag", tag, NULL, err);
		return NULL;
	}
	look_add(l, "tag-exists", FINDING_DECISION, tag,
		 p->remote ? mem_printf(tmp, "git tag -d %s\ngit push %s :refs/tags/%s", tag,
					p->remote, tag)
			   : mem_printf(tmp, "git tag -d %s", tag),
		 "already exists, but is the tag that release %s will get",
		 version_print(tmp, &r->becomes));
	return NULL;
}

static struct error *look_at_candidate(struct look *l, const struct open_release *r, const char *id)
{
	SCOPE(tmp, l->project);
	struct project *p = l->project;
	char *branch = branch_patch(tmp, id), *there, *here;
	struct error *err;

	err = project_tip(&there, tmp, p, branch);
	if (!err)
		err = repo_ref(&here, tmp, p->repo, mem_printf(tmp, "refs/heads/%s", branch));
	if (err || there)
		return err;
	look_add(l, "patch-branch", FINDING_DECISION, id,
		 here && p->remote ? mem_printf(tmp, "git push %s %s", p->remote, branch)
				   : mem_printf(tmp,
						"push it from a clone that has it: git push %s %s\n"
						"or remove the patch: git hop patch detach %s",
						p->remote ? p->remote : "", branch, id),
		 "is a candidate of release %s, but has no branch '%s'",
		 version_print(tmp, &r->version), branch);
	return NULL;
}

static struct error *look_at_staged(struct look *l, const struct open_release *r, const char *id)
{
	SCOPE(tmp, l->project);
	struct error *err;
	char *oid;

	err = repo_entry(&oid, tmp, l->project->repo, r->tip, path_patch(tmp, id));
	if (err || oid)
		return err;
	look_add(l, "patch-files", FINDING_DECISION, id,
		 mem_printf(tmp, "to see who removed it: git log %s -- %s", r->branch,
			    path_patch(tmp, id)),
		 "is staged in release %s, which does not contain %s",
		 version_print(tmp, &r->version), path_patch(tmp, id));
	return NULL;
}

static void look_for_twice(struct look *l, const struct catalog *catalog, size_t n)
{
	SCOPE(tmp, NULL);
	const struct open_release *list = catalog->open;

	for (size_t i = 0; i < list[n].manifest->count; i++) {
		const char *id = list[n].manifest->entries[i].id;

		for (size_t k = n + 1; k < catalog->open_count; k++) {
			if (manifest_find(list[k].manifest, id))
				look_add(l, "patch-duplicate", FINDING_DECISION, id,
					 "remove its line from one of the lists, with git commit "
					 "--no-verify and git push --no-verify",
					 "is listed in release %s and in release %s",
					 version_print(tmp, &list[n].version),
					 version_print(tmp, &list[k].version));
		}
	}
}

static struct error *look_at_place(struct look *l, const struct catalog *catalog,
				   const struct open_release *r)
{
	SCOPE(tmp, l->project);
	const struct version *production = &catalog->production;
	struct project *p = l->project;
	struct error *err;
	bool has;

	/* look_at_production reports this. */
	if (!catalog->prod)
		return NULL;
	err = repo_is_ancestor(&has, p->repo, catalog->prod, r->tip);
	if (err)
		return err;
	if (!has)
		look_add(l, "release-behind", FINDING_DECISION, r->branch,
			 advice_merge_production(tmp, p, r->branch),
			 "lacks production %s, which has to be merged",
			 version_print(tmp, production));
	if (!r->hotfix && version_compare(production, &r->version) > 0)
		look_add(l, "release-overtaken", FINDING_DECISION, r->branch,
			 "move its patches to a higher release: git hop patch attach",
			 "is lower than production %s and cannot be promoted",
			 version_print(tmp, production));
	return NULL;
}

/* Reports what was changed without git hop. ONLY: findings of this name; NULL: all except tags. */
static struct error *look_past_hooks(struct look *l, const struct catalog *catalog,
				     const struct open_release *r, const char *tree,
				     const char *only)
{
	SCOPE(tmp, l->project);
	struct audit_fault *faults;
	struct error *err;
	size_t count;

	err = audit_read(&faults, &count, tmp, l->project, catalog, r, tree);
	for (size_t i = 0; !err && i < count; i++) {
		const struct audit_fault *f = &faults[i];

		if (only ? strcmp(f->name, only) == 0 : strcmp(f->name, "release-tag") != 0)
			look_add(l, f->name, FINDING_DECISION, f->about, f->hint, "%s", f->text);
	}
	return err;
}

static struct error *look_at_release(struct look *l, const struct catalog *catalog,
				     const struct open_release *r)
{
	struct error *err = look_at_place(l, catalog, r);

	if (!err)
		err = look_at_conf(l, r);
	if (!err)
		err = look_at_tag(l, r);
	if (!err && catalog->prod)
		err = look_past_hooks(l, catalog, r, r->tip, "patch-unlisted");
	for (size_t i = 0; !err && i < r->manifest->count; i++) {
		const struct manifest_entry *e = &r->manifest->entries[i];

		err = e->state == PATCH_STAGED ? look_at_staged(l, r, e->id)
					       : look_at_candidate(l, r, e->id);
	}
	return err;
}

struct error *look_at_releases(struct look *l)
{
	SCOPE(tmp, l->project);
	const struct catalog *catalog;
	struct error *err;

	if (l->project->production)
		return NULL;
	err = catalog_read_readable(&catalog, tmp, l->project, add_unreadable, l);
	for (size_t i = 0; !err && i < catalog->open_count; i++) {
		err = look_at_release(l, catalog, &catalog->open[i]);
		look_for_twice(l, catalog, i);
	}
	return err;
}

/* The tag of a released version must be on ho-prod. */
static struct error *look_at_version(struct look *l, const struct version *v)
{
	SCOPE(tmp, l->project);
	struct project *p = l->project;
	char *tag = tag_of(tmp, p, v), *commit;
	struct error *err;

	err = tag_commit(&commit, tmp, p, v);
	if (!err && !commit)
		err = tag_missing(p, v);
	if (err)
		look_add_error(l, "release-tag", tag, NULL, err);
	return NULL;
}

static char *way_back(void *ctx, const struct project *p, const struct version *v, const char *path)
{
	return mem_printf(ctx,
			  "to restore it, on ho-prod: git checkout %s -- %s\n"
			  "then: git commit --no-verify, git push --no-verify",
			  tag_of(ctx, p, v), path);
}

/* The files that databases are built from. */
static struct error *look_at_model(struct look *l, const struct version *v, const char *prod)
{
	SCOPE(tmp, l->project);
	const char *paths[] = {PATH_SCHEMA,
			       PATH_DATA,
			       PATH_METADATA,
			       path_schema_link(tmp, v),
			       path_metadata_link(tmp, v),
			       NULL};
	struct error *err = NULL;
	char *oid;

	for (const char **path = paths; !err && *path; path++) {
		err = repo_entry(&oid, tmp, l->project->repo, prod, *path);
		if (!err && !oid)
			look_add(l, "release-files", FINDING_DECISION, *path,
				 way_back(tmp, l->project, v, *path), "is missing on ho-prod");
	}
	return err;
}

static bool is_reported(const struct look *l, const char *tag, const char *ref)
{
	for (size_t i = 0; i < l->check->count; i++) {
		const char *about = l->check->findings[i].about;

		if (strcmp(about, tag) == 0 || strcmp(about, ref) == 0)
			return true;
	}
	return false;
}

/* Any other tag named after a version: of a release that ho-prod has lost, or made by hand. */
static struct error *look_at_other_tags(struct look *l, const struct version *newest)
{
	SCOPE(tmp, l->project);
	struct project *p = l->project;
	struct version *list;
	struct error *err;
	size_t count;

	err = tag_list(&list, &count, tmp, p);
	for (size_t i = 0; !err && i < count; i++) {
		char *tag = tag_of(tmp, p, &list[i]), *commit;

		if (is_reported(l, tag, tag_ref(tmp, p, &list[i])))
			continue;
		if (version_compare(&list[i], newest) > 0)
			err = tag_refuse_ahead(p, &list[i]);
		if (!err)
			err = tag_commit(&commit, tmp, p, &list[i]);
		if (!err || err->code != ERROR_NO)
			continue;
		look_add_error(l, "release-tag", tag, NULL, err);
		err = NULL;
	}
	return err;
}

struct error *look_at_production(struct look *l)
{
	SCOPE(tmp, l->project);
	struct version *versions, newest;
	struct error *err;
	size_t count;
	char *prod;

	err = catalog_production(&newest, &prod, tmp, l->project);
	if (err && err->code != ERROR_SIGNALLED) {
		look_add_error(l, "project", BRANCH_PROD, NULL, err);
		return NULL;
	}
	if (!err)
		err = catalog_released(&versions, &count, tmp, l->project->repo, prod);
	for (size_t i = 0; !err && i < count; i++)
		err = look_at_version(l, &versions[i]);
	if (!err)
		err = look_at_other_tags(l, &newest);
	if (!err) {
		const struct catalog seen = {.released = versions, .released_count = count};

		err = look_past_hooks(l, &seen, NULL, prod, NULL);
	}
	return err ? err : look_at_model(l, &newest, prod);
}
