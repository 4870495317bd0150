/* Reading repositories: HEAD, settings, refs, history. */
#include "port/repo.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "port/repo_private.h"

struct error *repo_error(const char *fmt, ...)
{
	SCOPE(tmp, NULL);
	const git_error *last = git_error_last();
	const char *why = last ? last->message : "unknown error of libgit2";
	struct error *err;
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = mem_check(talloc_vasprintf(tmp, fmt, ap));
	va_end(ap);
	err = error_new(ERROR_FAIL, "%s: %s", text, why);
	/* Forms of the index that only git reads; libgit2 has no code for them. */
	if (strstr(why, "mandatory extension: 'sdir'"))
		return error_hint(err, "git hop cannot read a sparse index: git "
				       "sparse-checkout reapply --no-sparse-index");
	if (strstr(why, "mandatory extension: 'link'"))
		return error_hint(err, "git hop cannot read a split index: git config "
				       "core.splitIndex false && "
				       "git update-index --no-split-index");
	return err;
}

char *repo_oid_text(const void *ctx, const git_oid *oid)
{
	char *text = mem_array(ctx, char, OID_LENGTH + 1);

	git_oid_tostr(text, OID_LENGTH + 1, oid);
	return text;
}

const char *repo_common_dir(const struct repo *repo)
{
	return git_repository_commondir(repo->git);
}

const char *repo_git_dir(const struct repo *repo)
{
	return git_repository_path(repo->git);
}

const char *repo_work_dir(const struct repo *repo)
{
	return git_repository_workdir(repo->git);
}

const char *repo_start_dir(const struct repo *repo)
{
	return repo->dir;
}

void repo_set_live(struct repo *repo, enum repo_live which, int fd)
{
	repo->live[which] = fd;
}

int repo_live(const struct repo *repo, enum repo_live which)
{
	return repo->live[which];
}

bool repo_is_shallow(const struct repo *repo)
{
	return git_repository_is_shallow(repo->git) == 1;
}

struct error *repo_head(char **branch, char **oid, void *ctx, struct repo *repo)
{
	CLEANUP(git_reference_free) git_reference *head = NULL;
	const char *target;
	git_oid id;
	int rc;

	if (git_reference_lookup(&head, repo->git, "HEAD") < 0)
		return repo_error("cannot read HEAD");
	target = git_reference_symbolic_target(head);
	*branch = NULL;
	if (target && strncmp(target, "refs/heads/", 11) == 0)
		*branch = mem_dup(ctx, target + 11);
	rc = git_reference_name_to_id(&id, repo->git, "HEAD");
	if (rc < 0 && rc != GIT_ENOTFOUND)
		return repo_error("cannot read HEAD");
	*oid = rc == 0 ? repo_oid_text(ctx, &id) : NULL;
	return NULL;
}

struct error *repo_ref(char **oid, void *ctx, struct repo *repo, const char *ref)
{
	git_oid id;
	int rc = git_reference_name_to_id(&id, repo->git, ref);

	if (rc == GIT_ENOTFOUND) {
		*oid = NULL;
		return NULL;
	}
	if (rc < 0)
		return repo_error("cannot read the ref '%s'", ref);
	*oid = repo_oid_text(ctx, &id);
	return NULL;
}

struct error *repo_set_temporary(struct repo *repo, const char *ref, const char *oid)
{
	CLEANUP(git_reference_free) git_reference *made = NULL;
	git_oid id;

	if (git_oid_fromstr(&id, oid) < 0 ||
	    git_reference_create(&made, repo->git, ref, &id, true, "hop: keep") < 0)
		return repo_error("cannot create '%s'", ref);
	return NULL;
}

struct error *repo_remove_temporary(struct repo *repo, const char *ref)
{
	int rc = git_reference_remove(repo->git, ref);

	return rc < 0 && rc != GIT_ENOTFOUND ? repo_error("cannot remove '%s'", ref) : NULL;
}

struct error *repo_commit(char **oid, void *ctx, struct repo *repo, const char *revision)
{
	CLEANUP(git_object_free) git_object *object = NULL, *commit = NULL;
	int rc = git_revparse_single(&object, repo->git, revision);

	*oid = NULL;
	if (rc == GIT_ENOTFOUND || rc == GIT_EINVALIDSPEC || rc == GIT_EAMBIGUOUS)
		return NULL;
	if (rc < 0)
		return repo_error("cannot find '%s'", revision);
	if (git_object_peel(&commit, object, GIT_OBJECT_COMMIT) < 0)
		return NULL;
	*oid = repo_oid_text(ctx, git_object_id(commit));
	return NULL;
}

struct error *repo_is_checked_out(bool *out, struct repo *repo, const char *ref)
{
	CLEANUP(git_reference_free) git_reference *reference = NULL;
	int rc = git_reference_lookup(&reference, repo->git, ref);

	if (rc < 0 && rc != GIT_ENOTFOUND)
		return repo_error("cannot read the ref '%s'", ref);
	*out = rc == 0 && git_branch_is_checked_out(reference) == 1;
	return NULL;
}

static int by_ref_name(const void *a, const void *b)
{
	return strcmp(((const struct repo_ref *)a)->name, ((const struct repo_ref *)b)->name);
}

struct error *repo_refs(struct repo_ref **out, size_t *count, void *ctx, struct repo *repo,
			const char *prefix)
{
	SCOPE(tmp, NULL);
	CLEANUP(git_reference_iterator_free) git_reference_iterator *it = NULL;
	struct repo_ref *refs = mem_array(ctx, struct repo_ref, 8);
	size_t n = 0;
	int rc;

	if (git_reference_iterator_glob_new(&it, repo->git, mem_printf(tmp, "%s*", prefix)) < 0)
		return repo_error("cannot list the refs '%s'", prefix);
	for (;;) {
		CLEANUP(git_reference_free) git_reference *ref = NULL;

		rc = git_reference_next(&ref, it);
		if (rc < 0)
			break;
		if (git_reference_type(ref) != GIT_REFERENCE_DIRECT)
			continue;
		if (n == talloc_array_length(refs))
			refs = mem_resize(ctx, refs, struct repo_ref, n * 2);
		refs[n].name = mem_dup(ctx, git_reference_name(ref));
		refs[n++].oid = repo_oid_text(ctx, git_reference_target(ref));
	}
	if (rc != GIT_ITEROVER)
		return repo_error("cannot list the refs '%s'", prefix);
	qsort(refs, n, sizeof(*refs), by_ref_name);
	*out = refs;
	*count = n;
	return NULL;
}

static struct error *parse_two(git_oid *a, git_oid *b, const char *one, const char *other)
{
	if (git_oid_fromstr(a, one) < 0 || git_oid_fromstr(b, other) < 0)
		return repo_error("cannot compare '%s' and '%s'", one, other);
	return NULL;
}

struct error *repo_ahead_behind(size_t *ahead, size_t *behind, struct repo *repo, const char *local,
				const char *upstream)
{
	struct error *err;
	git_oid a, b;

	err = parse_two(&a, &b, local, upstream);
	if (err)
		return err;
	if (git_graph_ahead_behind(ahead, behind, repo->git, &a, &b) < 0)
		return repo_error("cannot compare '%s' and '%s'", local, upstream);
	return NULL;
}

struct error *repo_is_ancestor(bool *out, struct repo *repo, const char *a, const char *b)
{
	struct error *err;
	git_oid old, new;
	int rc;

	*out = strcmp(a, b) == 0;
	if (*out)
		return NULL;
	err = parse_two(&old, &new, a, b);
	if (err)
		return err;
	rc = git_graph_descendant_of(repo->git, &new, &old);
	if (rc < 0)
		return repo_error("cannot compare '%s' and '%s'", a, b);
	*out = rc == 1;
	return NULL;
}

struct error *repo_merge_base(char **oid, void *ctx, struct repo *repo, const char *a,
			      const char *b)
{
	struct error *err;
	git_oid one, other, base;
	int rc;

	err = parse_two(&one, &other, a, b);
	if (err)
		return err;
	rc = git_merge_base(&base, repo->git, &one, &other);
	if (rc < 0 && rc != GIT_ENOTFOUND)
		return repo_error("cannot find the merge base of '%s' and '%s'", a, b);
	*oid = rc == 0 ? repo_oid_text(ctx, &base) : NULL;
	return NULL;
}

struct error *repo_commit_info(struct repo_commit_info *out, void *ctx, struct repo *repo,
			       const char *oid)
{
	CLEANUP(git_commit_free) git_commit *commit = NULL;
	git_oid id;

	if (git_oid_fromstr(&id, oid) < 0 || git_commit_lookup(&commit, repo->git, &id) < 0)
		return repo_error("cannot read the commit '%s'", oid);
	out->time = git_commit_time(commit);
	out->author = mem_dup(ctx, git_commit_author(commit)->name);
	out->message = mem_dup(ctx, git_commit_message(commit));
	return NULL;
}
