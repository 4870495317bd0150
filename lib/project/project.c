/* The project that a command works in. */
#include "project/project.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/machine.h"
#include "base/path.h"
#include "core/branch.h"
#include "port/git.h"
#include "project/remote.h"

static struct error *read_conf(struct project *p)
{
	SCOPE(tmp, p);
	struct error *err;
	size_t length;
	char *tip, *text = NULL;

	err = project_tip(&tip, tmp, p, BRANCH_PROD);
	/* Before the first project_fetch, a bare clone has only local branches. */
	if (!err && !tip)
		err = repo_ref(&tip, tmp, p->repo, "refs/heads/" BRANCH_PROD);
	if (!err && tip)
		err = repo_file(&text, &length, tmp, p->repo, tip, PATH_CONFIG);
	if (err)
		return err;
	if (!text)
		err = project_check_remote(p);
	if (err)
		return err;
	if (!text)
		return error_hint(
			error_new(ERROR_FAIL, "this repository is not a git hop project"),
			tip ? "the branch ho-prod has no " PATH_CONFIG
			    : "to make it one: git hop init; in a clone of a project: git fetch");
	err = conf_parse(&p->conf, p, "ho-prod:" PATH_CONFIG, text, length);
	if (!err)
		p->namespace = p->conf->ref_namespace;
	return err;
}

/* hop.remote, else the remote called origin, else none. */
static struct error *choose_remote(struct project *p)
{
	SCOPE(tmp, p);
	char *named = repo_config(p, p->repo, "hop.remote");
	const char *name = named ? named : "origin";

	if (repo_config(tmp, p->repo, mem_printf(tmp, "remote.%s.url", name))) {
		p->remote = mem_dup(p, name);
		return NULL;
	}
	if (named && *named)
		return error_hint(error_new(ERROR_FAIL, "there is no remote '%s'", named),
				  "to use another one: git config hop.remote NAME");
	return NULL;
}

/* libgit2 does not fetch missing objects of partial clones on demand. */
static struct error *refuse_partial(struct project *p)
{
	SCOPE(tmp, p);
	char *key = mem_printf(tmp, "remote.%s.partialclonefilter", p->remote ? p->remote : "");

	if (!p->remote || !repo_config(tmp, p->repo, key))
		return NULL;
	return error_hint(error_new(ERROR_FAIL, "this is a partial clone: objects are missing"),
			  "git config --unset %s && git fetch --refetch %s", key, p->remote);
}

static struct error *settle(struct project *p, bool must_develop)
{
	struct error *err;

	p->common = repo_common_dir(p->repo);
	p->root = repo_work_dir(p->repo);
	if (repo_is_shallow(p->repo))
		return error_hint(error_new(ERROR_FAIL,
					    "this is a shallow clone: history is missing"),
				  "git fetch --unshallow");
	err = choose_remote(p);
	if (!err)
		err = refuse_partial(p);
	if (!err)
		err = repo_config_bool(&p->production, p->repo, "hop.production", false);
	if (!err)
		err = read_conf(p);
	if (err)
		return err;
	if (must_develop && p->production)
		return error_hint(
			error_new(ERROR_NO, "this is a production clone, not one for development"),
			"use git hop update and git hop upgrade here; develop in another clone");
	return NULL;
}

struct error *project_open(struct project **out, void *ctx, bool must_develop)
{
	struct project *p = mem_new(ctx, struct project);
	struct error *err;

	err = repo_open(&p->repo, p, NULL);
	if (!err)
		err = settle(p, must_develop);
	if (err) {
		talloc_free(p);
		return err;
	}
	*out = p;
	return NULL;
}

char *project_ref(void *ctx, const struct project *p, const char *branch)
{
	if (p->remote)
		return mem_printf(ctx, "refs/remotes/%s/%s", p->remote, branch);
	return mem_printf(ctx, "refs/heads/%s", branch);
}

struct error *project_conf(struct conf **out, void *ctx, struct project *p, const char *treeish)
{
	SCOPE(tmp, ctx);
	struct error *err;
	size_t length;
	char *text;

	*out = NULL;
	err = repo_file(&text, &length, tmp, p->repo, treeish, PATH_CONFIG);
	return err || !text ? err : conf_parse(out, ctx, PATH_CONFIG, text, length);
}

struct error *project_tip(char **oid, void *ctx, struct project *p, const char *branch)
{
	SCOPE(tmp, ctx);

	return repo_ref(oid, ctx, p->repo, project_ref(tmp, p, branch));
}

struct error *project_place(char **path, void *ctx, const struct project *p, const char *name)
{
	SCOPE(tmp, ctx);
	char *dir = path_join(tmp, p->common, "hop");
	struct error *err;

	err = file_make_dirs(dir, 0777);
	if (err)
		return err;
	*path = path_join(ctx, dir, name);
	return NULL;
}

#define CLONE_ID_BYTES 16

/* Holds the lock on the file, so that commands running at the same time agree on the ID. */
static struct error *read_or_make(char **id, void *ctx, const char *path)
{
	size_t length;
	struct error *err = file_read(id, &length, ctx, path);

	if (err || length == CLONE_ID_BYTES * 2)
		return err;
	err = machine_random(id, ctx, CLONE_ID_BYTES);
	return err ? err : file_write(path, *id, strlen(*id), 0644);
}

struct error *project_clone_id(char **id, void *ctx, const struct project *p)
{
	SCOPE(tmp, ctx);
	struct error *err;
	char *path;
	int fd;

	err = project_place(&path, tmp, p, "clone");
	if (!err)
		err = file_lock(&fd, path, true);
	if (err)
		return err;
	err = read_or_make(id, ctx, path);
	close(fd);
	return error_wrap(err, "cannot give this clone an ID");
}
