/* The remote that clones share. */
#include "project/remote.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/path.h"
#include "core/branch.h"
#include "port/git.h"

/*
 * An empty file in COMMON/hop. Its modification time is that of hop's last fetch, which does not
 * write FETCH_HEAD.
 */
#define FETCHED "fetched"

static struct error *note_fetch(struct project *p)
{
	SCOPE(tmp, p);
	struct error *err;
	char *path;

	err = project_place(&path, tmp, p, FETCHED);
	if (err)
		return err;
	if (utimensat(AT_FDCWD, path, NULL, 0) == 0)
		return NULL;
	return file_write(path, "", 0, 0644);
}

struct error *project_fetch(struct project *p)
{
	SCOPE(tmp, p);
	struct error *err;

	if (!p->remote)
		return NULL;
	err = git_fetch(tmp, p->repo, p->remote, p->namespace);
	return err ? err : note_fetch(p);
}

/* The remote whose ho-prod was fetched once; NULL: none. */
static struct error *find_tracking(char **remote, void *ctx, struct project *p)
{
	static const char prefix[] = "refs/remotes/", suffix[] = "/" BRANCH_PROD;
	SCOPE(tmp, p);
	struct repo_ref *refs;
	struct error *err;
	size_t count;

	*remote = NULL;
	err = repo_refs(&refs, &count, tmp, p->repo, prefix);
	for (size_t i = 0; !err && i < count; i++) {
		const char *name = refs[i].name + strlen(prefix);
		size_t n = strlen(name);

		if (n > strlen(suffix) && strcmp(name + n - strlen(suffix), suffix) == 0)
			*remote = mem_dup_n(ctx, name, n - strlen(suffix));
	}
	return err;
}

#define LOST "this repository has no remote '%s', although it had one: nothing is fetched or pushed"

struct error *project_check_remote(struct project *p)
{
	SCOPE(tmp, p);
	bool refused = repo_config(tmp, p->repo, "hop.remote") != NULL;
	struct error *err;
	char *tracking;

	if (p->remote)
		return NULL;
	err = find_tracking(&tracking, tmp, p);
	if (err ||
	    (!tracking && (refused || !file_exists(path_join(tmp, p->common, "hop/" FETCHED)))))
		return err;
	if (refused)
		return error_hint(error_new(ERROR_NO, "hop.remote is empty: nothing is fetched or "
						      "pushed"),
				  "to share the project through '%s': git config hop.remote %s\n"
				  "to go on without: git remote remove %s",
				  tracking, path_quote(tmp, tracking), path_quote(tmp, tracking));
	err = error_new(ERROR_NO, LOST, "origin");
	return error_hint(err,
			  "to share the project again: %s %s\n"
			  "to go on without a remote: git config hop.remote ''",
			  tracking ? "git config hop.remote" : "git remote add origin",
			  tracking ? path_quote(tmp, tracking) : "URL");
}

struct error *project_fetched(long long *seconds, struct project *p)
{
	SCOPE(tmp, p);
	char *paths[] = {path_join(tmp, p->common, "hop/" FETCHED),
			 path_join(tmp, p->common, "FETCH_HEAD"),
			 /* A linked worktree has its own. */
			 path_join(tmp, repo_git_dir(p->repo), "FETCH_HEAD"), NULL};

	*seconds = 0;
	for (char **path = paths; p->remote && *path; path++) {
		struct stat st;

		if (stat(*path, &st) == 0) {
			if (st.st_mtime > *seconds)
				*seconds = st.st_mtime;
		} else if (errno != ENOENT && errno != ENOTDIR) {
			return error_errno("cannot read '%s'", *path);
		}
	}
	return NULL;
}

struct error *project_set_prune(bool *set, struct project *p, bool look)
{
	SCOPE(tmp, p);
	char *key = mem_printf(tmp, "remote.%s.prune", p->remote ? p->remote : "");

	*set = p->remote && !repo_config(tmp, p->repo, key) &&
	       !repo_config(tmp, p->repo, "fetch.prune");
	if (!*set || look)
		return NULL;
	return git_run(NULL, tmp, p->repo, "config", key, "true", NULL);
}
