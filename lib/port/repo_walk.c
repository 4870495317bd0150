/* Walks history. */
#include "port/repo.h"

#include "port/repo_private.h"

DEFINE_CLEANUP(git_revwalk *, git_revwalk_free)

struct error *repo_first_own(char **oid, void *ctx, struct repo *repo, const char *tip,
			     const char *hide)
{
	CLEANUP(git_revwalk_free) git_revwalk *walk = NULL;
	git_oid from, without, id;
	bool any = false;
	int rc;

	if (git_oid_fromstr(&from, tip) < 0 || git_oid_fromstr(&without, hide) < 0 ||
	    git_revwalk_new(&walk, repo->git) < 0 || git_revwalk_push(walk, &from) < 0 ||
	    git_revwalk_hide(walk, &without) < 0 || git_revwalk_simplify_first_parent(walk) < 0)
		return repo_error("cannot read the history of '%s'", tip);
	git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL);
	while ((rc = git_revwalk_next(&id, walk)) == 0)
		any = true;
	if (rc != GIT_ITEROVER)
		return repo_error("cannot read the history of '%s'", tip);
	*oid = any ? repo_oid_text(ctx, &id) : NULL;
	return NULL;
}

static struct error *line_of(struct line **out, struct repo *repo, const char *tip)
{
	struct line *line;
	git_oid id;

	if (git_oid_fromstr(&id, tip) < 0)
		return repo_error("cannot read the history of '%s'", tip);
	for (size_t i = 0; i < repo->line_count; i++) {
		if (git_oid_equal(&repo->lines[i]->ids[0], &id)) {
			*out = repo->lines[i];
			return NULL;
		}
	}
	line = mem_new(repo, struct line);
	line->ids = mem_array(line, git_oid, 64);
	line->ids[line->count++] = id;
	repo->lines = mem_resize(repo, repo->lines, struct line *, repo->line_count + 1);
	repo->lines[repo->line_count++] = line;
	*out = line;
	return NULL;
}

/* Reads one more commit, unless the history has been read completely. */
static struct error *line_extend(struct line *line, struct repo *repo)
{
	CLEANUP(git_commit_free) git_commit *commit = NULL;

	if (git_commit_lookup(&commit, repo->git, &line->ids[line->count - 1]) < 0)
		return repo_error("cannot read the history");
	line->whole = git_commit_parentcount(commit) == 0;
	if (line->whole)
		return NULL;
	if (line->count == talloc_array_length(line->ids))
		line->ids = mem_resize(line, line->ids, git_oid, line->count * 2);
	line->ids[line->count++] = *git_commit_parent_id(commit, 0);
	return NULL;
}

struct error *repo_on_line(bool *out, struct repo *repo, const char *tip, const char *commit)
{
	struct error *err;
	struct line *line;
	git_oid id;

	*out = false;
	if (git_oid_fromstr(&id, commit) < 0)
		return repo_error("cannot read '%s'", commit);
	err = line_of(&line, repo, tip);
	for (size_t i = 0; !err; i++) {
		while (!err && i == line->count && !line->whole)
			err = line_extend(line, repo);
		if (err || i == line->count)
			return err;
		*out = git_oid_equal(&line->ids[i], &id);
		if (*out)
			return NULL;
	}
	return err;
}

/* Does commit N of the line contain PATH? No, if the line is shorter. */
static struct error *line_has(bool *has, struct line *line, struct repo *repo, size_t n,
			      const char *path)
{
	SCOPE(tmp, NULL);
	struct error *err = NULL;
	char *entry;

	*has = false;
	while (!err && n >= line->count && !line->whole)
		err = line_extend(line, repo);
	if (err || n >= line->count)
		return err;
	err = repo_entry(&entry, tmp, repo, repo_oid_text(tmp, &line->ids[n]), path);
	*has = !err && entry;
	return err;
}

/*
 * Trees cost more to read than commits, so double the step until a commit lacks PATH, then bisect.
 */
struct error *repo_line_start(char **oid, void *ctx, struct repo *repo, const char *tip,
			      const char *path)
{
	size_t with = 0, without = 1;
	struct error *err;
	struct line *line;
	bool has = false;

	err = line_of(&line, repo, tip);
	if (!err)
		err = line_has(&has, line, repo, 0, path);
	if (err || !has) {
		*oid = NULL;
		return err;
	}
	while (!err && has) {
		err = line_has(&has, line, repo, without, path);
		if (!err && has) {
			with = without;
			without *= 2;
		}
	}
	while (!err && without - with > 1) {
		size_t middle = with + (without - with) / 2;

		err = line_has(&has, line, repo, middle, path);
		if (has)
			with = middle;
		else
			without = middle;
	}
	if (!err)
		*oid = repo_oid_text(ctx, &line->ids[with]);
	return err;
}

struct error *repo_parent(char **oid, void *ctx, struct repo *repo, const char *commit,
			  unsigned int n)
{
	CLEANUP(git_commit_free) git_commit *found = NULL;
	git_oid id;

	if (git_oid_fromstr(&id, commit) < 0 || git_commit_lookup(&found, repo->git, &id) < 0)
		return repo_error("cannot read the commit '%s'", commit);
	*oid = n < git_commit_parentcount(found)
		       ? repo_oid_text(ctx, git_commit_parent_id(found, n))
		       : NULL;
	return NULL;
}
