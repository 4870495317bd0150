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

static struct error *develop(void *ctx, struct project *p)
{
	struct version version;
	struct scratch *scratch;
	struct dev_server *dev;
	struct build *build;
	struct error *err;
	char *prod;

	err = dev_server_open(&dev, ctx, p, NULL, false);
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

/* The current directory is the clone. */
static struct error *prepare(struct project **out, void *ctx, const struct clone *clone)
{
	struct error *err;
	bool pruning;

	err = set(ctx, "hop.database", clone->database);
	if (!err && clone->production)
		err = set(ctx, "hop.production", "true");
	if (!err)
		err = project_open(out, ctx, false);
	if (!err)
		err = project_fetch(*out);
	if (!err)
		err = project_set_prune(&pruning, *out, false);
	if (!err)
		err = git_run(NULL, ctx, (*out)->repo, "switch", "--quiet", BRANCH_PROD, NULL);
	if (!err)
		err = fail_point("clone.checked-out");
	if (err)
		return err;
	hooks_begin((*out)->repo);
	return clone->production ? produce(ctx, *out, clone) : develop(ctx, *out);
}

/* Removes the clone, and stops a server that was started for it. */
static void take_back(void *ctx, const char *dir)
{
	int signal = signals_suspend();
	struct server *server;
	struct error *err;
	bool stopped;

	err = server_locate(&server, ctx, path_join(ctx, dir, ".git/"), 0);
	if (!err)
		err = server_stop(&stopped, server);
	error_free(err);
	err = file_remove_tree(dir);
	if (err)
		warn("%s", err->message);
	error_free(err);
	signals_resume(signal);
}

struct error *clone_project(struct project **out, void *ctx, struct clone *clone)
{
	const char *dir = clone->dir ? clone->dir : folder_of(ctx, clone->url);
	char *path = path_absolute(ctx, dir);
	struct error *err;

	if (clone->production && !clone->database)
		return error_new(ERROR_USAGE, "--production requires --database=CONNINFO");
	err = clone->database ? db_check_storable(clone->database) : NULL;
	if (err)
		return err;
	if (file_exists(path))
		return error_new(ERROR_NO, "'%s' already exists", dir);
	err = git_run(NULL, ctx, NULL, "clone", "--quiet", "--origin", "origin", "--", clone->url,
		      path, NULL);
	if (!err && chdir(path) < 0)
		err = error_errno("cannot change to directory '%s'", path);
	if (!err)
		err = prepare(out, ctx, clone);
	if (err && file_exists(path))
		take_back(ctx, path);
	clone->dir = dir;
	return err;
}
