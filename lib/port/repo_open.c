/* Opens repositories as git does, with its checks of ownership and its environment variables. */
#include "port/repo.h"

#include <git2/sys/repository.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "base/proc.h"
#include "port/repo_private.h"

static int repo_destroy(struct repo *repo)
{
	git_repository_free(repo->git);
	git_libgit2_shutdown();
	return 0;
}

static struct error *open_error(int rc)
{
	const git_error *last = git_error_last();
	const char *why = last ? last->message : "";

	if (rc == GIT_ENOTFOUND)
		return error_hint(
			error_new(ERROR_FAIL, "not a git repository"),
			"change to the project's directory, or use git hop clone or git hop init "
			"NAME; to make a project of this directory: git init && git hop init");
	if (strstr(why, "unsupported extension") || strstr(why, "repositoryformatversion"))
		return error_hint(repo_error("cannot open the repository"),
				  "git hop does not support repositories with this extension");
	return repo_error("cannot open the repository");
}

/* libgit2 1.5 leaks memory if the working directory is set to the same one again. */
static bool is_work_dir(git_repository *git, const char *tree)
{
	SCOPE(tmp, NULL);
	const char *known = git_repository_workdir(git);
	struct error *err;
	char *real;

	err = path_real(&real, tmp, tree);
	if (!err)
		return known && strcmp(known, mem_printf(tmp, "%s/", real)) == 0;
	error_free(err);
	return false;
}

/*
 * libgit2 does not support GIT_WORK_TREE and refuses to open any repository while it is set. It is
 * restored for the programs that we run.
 */
static int open_from_environment(git_repository **git)
{
	SCOPE(tmp, NULL);
	const char *set = getenv("GIT_WORK_TREE");
	char *tree = set ? mem_dup(tmp, set) : NULL;
	int rc;

	unsetenv("GIT_WORK_TREE");
	rc = git_repository_open_ext(git, NULL, GIT_REPOSITORY_OPEN_FROM_ENV, NULL);
	if (!tree)
		return rc;
	setenv("GIT_WORK_TREE", tree, 1);
	return rc < 0 || is_work_dir(*git, tree) ? rc : git_repository_set_workdir(*git, tree, 0);
}

static int open_at(git_repository **git, const char *dir)
{
	return dir ? git_repository_open_ext(git, dir, 0, NULL) : open_from_environment(git);
}

static struct error *sha256_error(void)
{
	return error_hint(error_new(ERROR_FAIL, "the repository uses SHA-256, which git hop does "
						"not support"),
			  "a repository for git hop is made with: git init --object-format=sha1");
}

/*
 * git knows all ways to configure whom the user trusts (safe.directory), and which hash the objects
 * have; what libgit2 says of that depends on its version.
 */
static int ask_git(struct error **err, git_repository **git, const char *dir)
{
	SCOPE(tmp, NULL);
	struct proc proc = {.argv = proc_argv(tmp, "git", "rev-parse", "--show-object-format",
					      "--git-dir", NULL),
			    .dir = dir,
			    .capture = true,
			    .capture_err = true};

	*err = proc_run(tmp, &proc);
	if (*err)
		return -1;
	if (proc.status == 0 && strncmp(proc.output, "sha256\n", 7) == 0) {
		*err = sha256_error();
		return -1;
	}
	if (proc.status == 0) {
		git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
		return open_at(git, dir);
	}
	if (strstr(proc.errors, "safe.directory"))
		*err = error_hint(
			error_new(ERROR_FAIL, "the repository belongs to another user"),
			"if you trust it: git config --global --add safe.directory \"$PWD\"");
	return -1;
}

struct error *repo_open(struct repo **out, void *ctx, const char *dir)
{
	struct repo *repo = mem_new(ctx, struct repo);
	struct error *err = NULL;
	int rc;

	git_libgit2_init();
	talloc_set_destructor(repo, repo_destroy);
	rc = open_at(&repo->git, dir);
	if (rc < 0 && ask_git(&err, &repo->git, dir) == 0)
		rc = 0;
	if (rc < 0) {
		err = err ? err : open_error(rc);
		talloc_free(repo);
		return err;
	}
	repo->dir = dir ? mem_dup(repo, dir) : NULL;
	err = repo_read_overrides(repo);
	if (err)
		talloc_free(repo);
	else
		*out = repo;
	return err;
}

struct error *repo_read_again(struct repo *repo)
{
	CLEANUP(git_odb_free) git_odb *odb = NULL;
	SCOPE(tmp, repo);
	char *dir = path_join(tmp, repo_common_dir(repo), "objects");

	if (git_odb_open(&odb, dir) < 0 || git_repository_set_odb(repo->git, odb) < 0)
		return repo_error("cannot read '%s'", dir);
	return NULL;
}
