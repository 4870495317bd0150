/* git hop clone: clone a project and set up its database. */
#include "care/clone.h"

#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "core/branch.h"
#include "project/catalog.h"
#include "build/scratch.h"
#include "run/major.h"
#include "care/draft.h"
#include "care/enter.h"
#include "care/hooks.h"
#include "run/target.h"
#include "deploy/takeover.h"
#include "port/git.h"
#include "port/server.h"
#include "project/remote.h"

/* "ssh://host/shop.git/" and "host:shop" -> "shop" */
static char *folder_of(void *ctx, const char *url)
{
	char *text = mem_dup(ctx, url);
	size_t n = strlen(text);
	char *start;

	while (n > 1 && text[n - 1] == '/')
		text[--n] = '\0';
	if (n > 5 && strcmp(text + n - 5, "/.git") == 0)
		text[n - 5] = '\0';
	else if (n > 4 && strcmp(text + n - 4, ".git") == 0)
		text[n - 4] = '\0';
	start = strrchr(text, '/');
	if (!start)
		start = strrchr(text, ':');
	return start ? start + 1 : text;
}

/* Settings of this clone only. */
static struct error *set(void *ctx, const char *key, const char *value)
{
	return value ? git_run(NULL, ctx, NULL, "config", key, value, NULL) : NULL;
}

/*
 * The clone is removed, so the usual hints, which are settings of it and commands to run in it,
 * cannot be followed.
 */
static struct error *hint_another(struct error *err, struct project *p, const struct clone *clone,
				  const char *database)
{
	SCOPE(tmp, NULL);
	char *named = target_named(tmp, p, clone->database);
	char *other = mem_printf(tmp, "%s_2", database);

	/* Only libpq's variables choose the server, and they are set for the next command too. */
	if (named && !*named && strcmp(path_quote(tmp, other), other) == 0 &&
	    strlen(other) <= TARGET_NAME_MAX)
		return error_hint(err, "use another one: git hop clone --database=dbname=%s %s %s",
				  other, path_quote(tmp, clone->url), path_quote(tmp, clone->dir));
	return error_hint(err, "use another one: git hop clone --database=CONNINFO ...");
}

static struct error *develop(void *ctx, struct project *p, const struct clone *clone)
{
	struct version version;
	struct scratch *scratch;
	struct dev_server *dev;
	struct build *build;
	struct error *err;
	char *prod;

	err = dev_server_open(&dev, ctx, p, NULL, false);
	if (err)
		return err;
	err = dev_server_may_replace(dev);
	if (err && err->code == ERROR_NO)
		return hint_another(err, p, clone, dev->database);
	if (!err)
		err = catalog_production(&version, &prod, ctx, p);
	if (!err)
		err = build_of_version(&build, ctx, p, prod, &version);
	if (!err)
		err = dev_server_accept_major(dev);
	if (!err)
		err = build_run(&scratch, ctx, dev, build, 0);
	if (!err)
		err = scratch_swap_in(scratch);
	if (!err)
		note("database '%s' is at version %s", dev->database, version_print(ctx, &version));
	return err;
}

static struct error *produce(void *ctx, struct project *p, const struct clone *clone)
{
	struct error *err;
	struct db *db;

	err = db_connect(&db, ctx, clone->database, NULL);
	if (!err)
		major_check_tools(db);
	if (!err)
		err = takeover(ctx, p, db, clone->database, clone->at, clone->yes);
	return err;
}

struct job {
	struct clone *clone;
	char *path;   /* of the clone, absolute */
	bool resumed; /* a killed command has put it there */
	bool inside;  /* the directory was there before, and stays */
};

/* A clone whose database is not ready has a file of this name, which is locked by its maker. */
#define UNDER_WAY "cloning"

/* What that file says: who continues a clone must want the same. */
static char *wish_of(void *ctx, const struct job *job)
{
	return mem_printf(ctx, "%s\n%s\n", job->clone->url,
			  job->clone->production ? "production" : "development");
}

static struct error *switch_to_prod(void *ctx, const struct repo *repo)
{
	return git_run(NULL, ctx, repo, "switch", "--quiet", BRANCH_PROD, NULL);
}

/*
 * Patches without reserved numbers: the origin hides refs/hop, or the project was moved without it.
 * To push something would tell more, but who clones may be a reader.
 */
static struct error *look_for_numbers(struct project *p)
{
	SCOPE(tmp, p);
	char *prefix = mem_printf(tmp, "refs/remotes/%s/", p->remote ? p->remote : "");
	struct repo_ref *refs;
	struct error *err;
	size_t count;
	bool any = false;

	err = repo_refs(&refs, &count, tmp, p->repo, "refs/hop/");
	if (err || count > 0)
		return err;
	err = repo_refs(&refs, &count, tmp, p->repo, prefix);
	for (size_t i = 0; !err && i < count; i++) {
		enum branch_kind kind = branch_parse(tmp, refs[i].name + strlen(prefix)).kind;

		any = any || kind == BRANCH_PATCH || kind == BRANCH_STAGED;
	}
	if (err || !any)
		return err;
	warn("'%s' shows no refs in %s, although the project has patches", p->remote, p->namespace);
	hint("it hides them, or the project was moved there without them: git hop check");
	return NULL;
}

/* The descriptor stays open until the program ends. */
static struct error *mark(void *ctx, const struct job *job, const struct project *p)
{
	char *text = wish_of(ctx, job);
	struct error *err;
	char *path;
	int fd;

	err = project_place(&path, ctx, p, UNDER_WAY);
	if (!err)
		err = file_lock(&fd, path, true);
	if (!err && write(fd, text, strlen(text)) < 0)
		err = error_errno("cannot write '%s'", path);
	return err;
}

/* Everything but the database; the current directory is the draft. */
static struct error *fill(void *ctx, const struct job *job, const struct draft *draft)
{
	struct project *p;
	struct error *err;
	bool pruning;

	err = set(ctx, "hop.database", job->clone->database);
	if (!err && job->clone->production)
		err = set(ctx, "hop.production", "true");
	if (!err)
		err = project_open(&p, ctx, false);
	if (err)
		return err;
	repo_set_live(p->repo, REPO_LIVE_COMMAND, draft->lock);
	err = project_fetch(p);
	if (!err && !job->clone->production)
		err = look_for_numbers(p);
	if (!err)
		err = project_set_prune(&pruning, p, false);
	if (!err && !draft->inside)
		err = switch_to_prod(ctx, p->repo);
	if (!err)
		err = mark(ctx, job, p);
	talloc_free(p);
	return err ? err : fail_point("clone.filled");
}

/* Afterwards the current directory is the clone. */
static struct error *clone_aside(struct job *job, void *ctx)
{
	struct draft *draft;
	struct error *err;

	err = draft_begin(&draft, ctx, job->path, "clone");
	if (err)
		return err;
	job->inside = draft->inside;
	err = git_clone(ctx, job->clone->url, draft->path, draft->lock, !draft->inside);
	if (!err && chdir(draft->path) < 0)
		err = error_errno("cannot change to directory '%s'", draft->path);
	if (!err)
		err = fill(ctx, job, draft);
	if (!err)
		err = draft_place(draft);
	if (err)
		draft_drop(draft);
	else if (chdir(job->path) < 0)
		err = error_errno("cannot change to directory '%s'", job->path);
	return err;
}

/*
 * What has to know the path of the clone: the private server and the database, which records whose
 * it is.
 */
static struct error *complete(struct project **out, void *ctx, const struct job *job)
{
	struct error *err;
	char *mark;

	err = project_enter(out, ctx, false);
	if (!err && !file_exists(path_join(ctx, (*out)->common, "index")))
		err = switch_to_prod(ctx, (*out)->repo);
	if (!err)
		err = fail_point("clone.checked-out");
	if (err)
		return err;
	hooks_begin((*out)->repo);
	err = job->clone->production ? produce(ctx, *out, job->clone)
				     : develop(ctx, *out, job->clone);
	if (!err)
		err = project_place(&mark, ctx, *out, UNDER_WAY);
	if (!err && unlink(mark) < 0)
		err = error_errno("cannot remove '%s'", mark);
	return err;
}

/* Stops a server that was started for the clone, and removes what was made. */
static void take_back(void *ctx, const struct job *job)
{
	int signal = signals_suspend();
	struct server *server;
	struct error *err;
	bool stopped;
	size_t count = 0;
	char **names;

	err = server_locate(&server, ctx, path_join(ctx, job->path, ".git/"), 0);
	if (!err)
		err = server_stop(&stopped, server);
	error_free(err);
	err = job->inside ? file_list(&names, &count, ctx, job->path) : file_remove_tree(job->path);
	for (size_t i = 0; !err && i < count; i++)
		err = file_remove_tree(path_join(ctx, job->path, names[i]));
	if (err)
		warn("%s", err->message);
	error_free(err);
	signals_resume(signal);
}

/* Is there a clone that a killed command left without its database? */
static struct error *find_unfinished(struct job *job, void *ctx)
{
	char *path = path_join(ctx, job->path, ".git/hop/" UNDER_WAY);
	struct error *err;
	char *text;
	int fd;

	if (!file_exists(path))
		return NULL;
	err = file_lock(&fd, path, false);
	if (!err && fd < 0)
		return error_new(ERROR_AGAIN, "another git hop clone is making '%s'", job->path);
	if (!err)
		err = file_read(&text, NULL, ctx, path);
	if (err)
		return err;
	if (strcmp(text, wish_of(ctx, job)) != 0)
		return error_hint(error_new(ERROR_NO,
					    "'%s' is an unfinished clone, of another URL "
					    "or for another purpose",
					    job->path),
				  "to finish it, use the arguments that it was started with; "
				  "otherwise remove it");
	note("finishing '%s', left by a killed command", job->path);
	draft_sweep(job->path);
	job->resumed = true;
	if (chdir(job->path) < 0)
		return error_errno("cannot change to directory '%s'", job->path);
	return set(ctx, "hop.database", job->clone->database);
}

/* Without slashes at its end; the directory that a symbolic link leads to. */
static struct error *path_of(char **path, void *ctx, const char *dir)
{
	size_t n;

	*path = path_absolute(ctx, dir);
	if (file_is_dir(*path))
		return path_real(path, ctx, *path);
	n = strlen(*path);
	while (n > 1 && (*path)[n - 1] == '/')
		(*path)[--n] = '\0';
	return NULL;
}

struct error *clone_project(struct project **out, void *ctx, struct clone *clone)
{
	struct job job = {.clone = clone};
	struct error *err;

	if (clone->production && !clone->database)
		return error_new(ERROR_USAGE, "--production requires --database=CONNINFO");
	if (!clone->dir)
		clone->dir = folder_of(ctx, clone->url);
	err = clone->database ? db_check_storable(clone->database) : NULL;
	if (!err)
		err = path_of(&job.path, ctx, clone->dir);
	if (!err)
		err = find_unfinished(&job, ctx);
	if (!err && !job.resumed)
		err = clone_aside(&job, ctx);
	if (err)
		return err;
	err = complete(out, ctx, &job);
	if (err && !job.resumed)
		take_back(ctx, &job);
	return err;
}
