/* The remote that clones share. */
#include "project/remote.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/path.h"
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
