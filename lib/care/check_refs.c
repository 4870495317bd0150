/* git hop check: superfluous and missing refs at the remote. */
#include "care/check.h"

#include <string.h>

#include "base/log.h"
#include "base/path.h"
#include "base/proc.h"
#include "core/branch.h"
#include "core/patch.h"
#include "care/check_private.h"
#include "port/git.h"
#include "project/tag.h"
#include "publish/lock.h"
#include "publish/publish.h"

struct refs_job {
	struct look *look;
	const struct catalog *catalog; /* of this attempt */
	char **released;               /* IDs */
	struct publication pub;
	size_t first; /* number of findings before this look */
};

static void skip_unreadable(void *arg, const char *branch, struct error *err)
{
	bool *any = arg;

	(void)branch;
	*any = true;
	error_free(err);
}

static struct error *read_released(struct refs_job *job, void *ctx)
{
	const struct catalog *catalog = job->catalog;
	struct error *err = NULL;

	job->released = mem_array(ctx, char *, 1);
	for (size_t i = 0; !err && i < catalog->released_count; i++) {
		char **ids;

		err = catalog_patches(&ids, ctx, job->look->project->repo, catalog->prod,
				      &catalog->released[i]);
		for (char **id = ids; !err && *id; id++)
			mem_list_add(&job->released, ctx, *id);
	}
	return err;
}

static bool is_released(const struct refs_job *job, const char *id)
{
	for (char **have = job->released; *have; have++) {
		if (strcmp(*have, id) == 0)
			return true;
	}
	return false;
}

/* A branch whose commits are all in HOME is deleted; another needs a decision. */
static struct error *over(struct refs_job *job, void *ctx, const char *branch, const char *tip,
			  const char *home, const char *why)
{
	struct look *l = job->look;
	struct error *err;
	bool kept;

	err = repo_is_ancestor(&kept, l->project->repo, tip, home);
	if (err)
		return err;
	if (kept) {
		look_add(l, "branch-merged", FINDING_REPAIRED, branch, NULL, "%s", why);
		publication_add_branch(&job->pub, ctx, branch, tip, NULL);
		return NULL;
	}
	look_add(l, "branch-unmerged", FINDING_DECISION, branch,
		 "move the commits to a new patch (git hop patch create), then delete this branch",
		 "%s, and this branch has commits that were not merged", why);
	return NULL;
}

static struct error *look_at_shared_branch(struct refs_job *job, void *ctx, const char *name,
					   const char *tip)
{
	struct look *l = job->look;
	struct branch branch = branch_parse(ctx, name);
	const struct open_release *release;

	if (branch.kind != BRANCH_PATCH && branch.kind != BRANCH_STAGED)
		return NULL;
	release = catalog_release_of(job->catalog, branch.id);
	if (release && branch.kind == BRANCH_PATCH &&
	    manifest_find(release->manifest, branch.id)->state == PATCH_STAGED)
		return over(job, ctx, name, tip, release->tip, "the patch is already staged");
	if (release)
		return NULL;
	if (is_released(job, branch.id))
		return over(job, ctx, name, tip, job->catalog->prod,
			    "the patch is already released");
	if (branch.kind == BRANCH_STAGED)
		look_add(l, "branch-unlisted", FINDING_DECISION, name,
			 mem_printf(ctx,
				    "to look at it: git log %s\n"
				    "to make it a candidate again, rename it to ho-patch/%s",
				    name, branch.id),
			 "no release lists this patch");
	return NULL;
}

/* A number that is not reserved could be used twice. */
static struct error *look_at_number(struct refs_job *job, void *ctx, const char *id,
				    const char *commit)
{
	struct project *p = job->look->project;
	struct patch_id parsed;
	struct error *err;
	char *oid, *ref;

	err = patch_id_parse(&parsed, ctx, id);
	if (err)
		return err;
	ref = ref_number(ctx, parsed.number);
	err = repo_ref(&oid, ctx, p->repo, ref);
	if (err || oid)
		return err;
	for (size_t i = 0; i < job->pub.count; i++) {
		if (strcmp(job->pub.changes[i].ref, ref) == 0)
			return NULL;
	}
	look_add(job->look, "reservation", FINDING_REPAIRED, id, NULL,
		 "its number is not reserved");
	publication_add(&job->pub, ctx, ref, NULL, commit);
	return NULL;
}

static const char *name_at_remote(void *ctx, const struct project *p, const char *ref)
{
	static const char ours[] = "refs/hop/";
	size_t n = strlen(ours);

	return strncmp(ref, ours, n) == 0 ? mem_printf(ctx, "%s/%s", p->namespace, ref + n) : ref;
}

/* git hop makes none that names anything but a commit. */
static struct error *look_at_kind(struct refs_job *job, void *ctx, const char *ref)
{
	struct project *p = job->look->project;
	struct error *err;
	char *commit, *text;

	err = repo_commit(&commit, ctx, p->repo, ref);
	if (err || commit)
		return err;
	text = mem_printf(ctx, "to look at it: git show %s\nto delete it:\n", path_quote(ctx, ref));
	if (p->remote)
		mem_append(&text, ctx, "git push %s %s\n", path_quote(ctx, p->remote),
			   path_quote(ctx, mem_printf(ctx, ":%s", name_at_remote(ctx, p, ref))));
	mem_append(&text, ctx, "git update-ref -d %s", path_quote(ctx, ref));
	look_add(job->look, "ref-kind", FINDING_DECISION, ref, text, "it names no commit");
	return NULL;
}

static struct error *look_at_kinds(struct refs_job *job, void *ctx)
{
	struct project *p = job->look->project;
	struct version *versions;
	struct repo_ref *numbers;
	size_t count, tags;
	struct error *err;

	err = repo_refs(&numbers, &count, ctx, p->repo, "refs/hop/patch/");
	if (!err)
		err = tag_list(&versions, &tags, ctx, p);
	for (size_t i = 0; !err && i < count; i++)
		err = look_at_kind(job, ctx, numbers[i].name);
	for (size_t i = 0; !err && i < tags; i++)
		err = look_at_kind(job, ctx, tag_ref(ctx, p, &versions[i]));
	return err;
}

static struct error *look_at_each(struct refs_job *job, void *ctx)
{
	struct project *p = job->look->project;
	char *prefix = project_ref(ctx, p, "ho-");
	struct repo_ref *refs;
	struct error *err;
	size_t count;

	err = repo_refs(&refs, &count, ctx, p->repo, prefix);
	for (size_t i = 0; !err && i < count; i++)
		err = look_at_shared_branch(job, ctx, refs[i].name + strlen(prefix) - 3,
					    refs[i].oid);
	for (char **id = job->released; !err && *id; id++)
		err = look_at_number(job, ctx, *id, job->catalog->prod);
	for (size_t i = 0; !err && i < job->catalog->open_count; i++) {
		const struct manifest *m = job->catalog->open[i].manifest;

		for (size_t k = 0; !err && k < m->count; k++)
			err = look_at_number(job, ctx, m->entries[k].id, job->catalog->open[i].tip);
	}
	return err;
}

/* The Nth finding of this look that was repaired, which is that of the Nth change. */
static struct finding *finding_of(struct refs_job *job, size_t n)
{
	struct check *c = job->look->check;
	size_t i = job->first;

	for (;; i++) {
		if (c->findings[i].state == FINDING_REPAIRED && n-- == 0)
			return &c->findings[i];
	}
}

/* The remote refused some of the changes; make those that it accepts. */
static struct error *publish_each(struct refs_job *job, void *ctx)
{
	struct check *c = job->look->check;
	struct finding **of = mem_array(ctx, struct finding *, job->pub.count);

	for (size_t i = 0; i < job->pub.count; i++)
		of[i] = finding_of(job, i);
	for (size_t i = 0; i < job->pub.count; i++) {
		struct publication one = {NULL, 0};
		const struct git_ref_change *change = &job->pub.changes[i];
		struct error *err;

		publication_add(&one, ctx, change->ref, change->old, change->new);
		err = publish(job->look->session, &one, NULL, "hop: check");
		if (err && err->code != ERROR_NO)
			return err;
		if (!err)
			continue;
		of[i]->state = FINDING_DECISION;
		of[i]->hint = mem_printf(c->findings, "%s%s%s", err->message,
					 err->detail ? "\n" : "", err->detail ? err->detail : "");
		c->repaired--;
		c->decisions++;
		error_free(err);
	}
	return NULL;
}

/* Starts over whenever someone else pushed first. */
static struct error *attempt(void *arg)
{
	struct refs_job *job = arg;
	struct look *l = job->look;
	SCOPE(tmp, l->project);
	bool unreadable = false;
	struct error *err;

	job->pub = (struct publication){NULL, 0};
	for (; l->check->count > job->first; l->check->count--) {
		if (l->check->findings[l->check->count - 1].state == FINDING_DECISION)
			l->check->decisions--;
		else
			l->check->repaired--;
	}
	err = catalog_read_readable(&job->catalog, tmp, l->project, skip_unreadable, &unreadable);
	if (!err)
		err = look_at_kinds(job, tmp);
	/* A branch is superfluous only if none of the lists has its patch. */
	if (err || unreadable || !job->catalog->prod)
		return err;
	err = read_released(job, tmp);
	if (!err)
		err = look_at_each(job, tmp);
	if (err || job->pub.count == 0 || l->dry_run)
		return err;
	err = publish(l->session, &job->pub, NULL, "hop: check");
	if (!err || err->code != ERROR_NO || job->pub.count < 2)
		return err;
	error_free(err);
	return publish_each(job, tmp);
}

struct error *look_at_refs(struct look *l)
{
	struct refs_job job = {.look = l, .first = l->check->count};
	struct error *err;

	if (l->project->production || l->offline)
		return NULL;
	err = l->dry_run ? attempt(&job) : publish_retry(l->session, attempt, &job);
	if (!err || err->code == ERROR_SIGNALLED)
		return err;
	look_take_back(l, job.first);
	look_add_error(l, "remote", l->project->remote ? l->project->remote : "refs", NULL, err);
	return NULL;
}

/* Tags made by promotions that the remote lacks, as refs. */
static struct error *find_unpublished(char ***out, void *ctx, struct look *l)
{
	struct project *p = l->project;
	struct version *versions;
	struct error *err;
	char *there;
	size_t count;

	*out = mem_array(ctx, char *, 1);
	err = tag_list(&versions, &count, ctx, p);
	if (!err)
		err = git_run(&there, ctx, p->repo, "ls-remote", "--tags", "--refs", p->remote,
			      NULL);
	for (size_t i = 0; !err && i < count; i++) {
		char *ref = tag_ref(ctx, p, &versions[i]), *commit;

		if (strstr(mem_printf(ctx, "%s\n", there), mem_printf(ctx, "\t%s\n", ref)))
			continue;
		err = tag_commit(&commit, ctx, p, &versions[i]);
		if (!err)
			mem_list_add(out, ctx, ref);
		/* Not made by a promotion; tags of released versions are reported elsewhere. */
		if (err && err->code == ERROR_NO) {
			error_free(err);
			err = NULL;
		}
	}
	return err;
}

/* They are missing if another repository became the remote, or if someone deleted them. */
struct error *look_at_tags(struct look *l)
{
	struct project *p = l->project;
	SCOPE(tmp, p);
	size_t first = l->check->count;
	struct error *err;
	char **argv, **refs;

	if (p->production || l->offline || !p->remote)
		return NULL;
	err = find_unpublished(&refs, tmp, l);
	if (err || !*refs)
		return err;
	argv = proc_argv(tmp, "git", "push", "--quiet", "--no-verify", "--atomic", p->remote, NULL);
	for (; *refs; refs++) {
		look_add(l, "tag-unpublished", FINDING_REPAIRED, *refs + strlen("refs/tags/"), NULL,
			 "is missing at '%s'", p->remote);
		mem_list_add(&argv, tmp, *refs);
	}
	err = l->dry_run ? NULL : git_run_argv(NULL, tmp, p->repo, argv);
	if (!err || err->code == ERROR_SIGNALLED)
		return err;
	look_take_back(l, first);
	look_add_error(l, "remote", p->remote, NULL, err);
	return NULL;
}

/* Expired locks, and those whose holder no longer runs. */
struct error *look_at_locks(struct look *l)
{
	SCOPE(tmp, l->project);
	struct lock_info *locks;
	struct error *err;
	size_t count;

	if (l->project->production || l->offline)
		return NULL;
	err = lock_list(&locks, &count, tmp, l->project);
	for (size_t i = 0; !err && i < count; i++) {
		if (locks[i].state == LOCK_HELD)
			continue;
		look_add(l, "lock", FINDING_REPAIRED, locks[i].branch, NULL, "%s: %s",
			 locks[i].state == LOCK_DEAD ? "its holder no longer runs"
						     : "it has expired",
			 lock_words(tmp, &locks[i]));
		err = l->dry_run ? NULL : lock_break(l->session, &locks[i]);
		/* Someone else took it over or removed it, which is fine. */
		if (err && err->code == ERROR_AGAIN) {
			error_free(err);
			err = NULL;
		}
	}
	return err;
}
