/* The state of everything, from local data. */
#include "report/status.h"

#include <string.h>

#include "core/branch.h"
#include "project/catalog.h"
#include "project/remote.h"
#include "project/tag.h"
#include "run/bootstrap.h"
#include "run/major.h"
#include "run/record.h"
#include "run/target.h"
#include "port/git_work.h"
#include "port/server.h"

static struct error *read_checkout(struct status *out, void *ctx, struct project *p)
{
	char *branch, *head, *upstream, **paths;
	struct error *err;

	if (!p->root)
		return NULL;
	err = repo_head(&branch, &head, ctx, p->repo);
	if (!err)
		err = git_changes(&paths, ctx, p->repo, NULL, false);
	if (err)
		return err;
	out->branch = branch;
	out->changes = mem_list_length(paths);
	/* A production clone uses tags; its checkout does not matter. */
	if (!branch || !head || !p->remote || p->production ||
	    branch_parse(ctx, branch).kind == BRANCH_OTHER)
		return NULL;
	err = project_tip(&upstream, ctx, p, branch);
	if (err || !upstream)
		return err;
	out->upstream = mem_printf(ctx, "%s/%s", p->remote, branch);
	return repo_ahead_behind(&out->ahead, &out->behind, p->repo, head, upstream);
}

static struct error *read_releases(struct status *out, void *ctx, struct project *p)
{
	const struct catalog *catalog;
	struct error *err;

	err = catalog_read(&catalog, ctx, p);
	if (!err)
		err = release_info_open(&out->releases, &out->release_count, ctx, p, catalog);
	if (err)
		return err;
	out->production = version_print(ctx, &catalog->production);
	for (size_t i = 0; !err && i < out->release_count; i++)
		err = release_info_complete(&out->releases[i], ctx, p);
	return err;
}

static struct error *read_server(struct status *out, char **conninfo, void *ctx, struct project *p)
{
	struct server_status state;
	struct server *server;
	struct error *err;

	err = server_locate(&server, ctx, p->common, 0);
	if (!err)
		err = server_status(&state, ctx, server);
	if (err)
		return err;
	out->server = state.running ? STATUS_SERVER_RUNNING
		      : state.made  ? STATUS_SERVER_STOPPED
				    : STATUS_SERVER_NOT_MADE;
	*conninfo = state.running ? server->conninfo : NULL;
	return NULL;
}

/* A development database records a release in preparation like a released one. */
static struct error *find_base(struct status *out, void *ctx, struct db *db,
			       const struct version *production)
{
	struct record_release *releases;
	struct version version;
	struct error *err;
	size_t count;

	err = version_parse(&version, out->database_version);
	if (err || version.stage == VERSION_RC || version_compare(&version, production) <= 0)
		return err;
	err = record_releases(&releases, &count, ctx, db);
	for (size_t i = 0; !err && i < count; i++) {
		err = version_parse(&version, releases[i].version);
		if (!err && version_compare(&version, production) <= 0)
			out->database_base = releases[i].version;
	}
	return err;
}

/* The patches in the database that are newer than production. */
static struct error *read_patches(struct status *out, void *ctx, struct db *db)
{
	struct version production;
	struct plan_applied *applied;
	struct error *err;
	char *list = NULL;
	size_t count;

	err = version_parse(&production, out->production);
	if (!err && out->database_version)
		err = find_base(out, ctx, db, &production);
	if (!err)
		err = record_applied(&applied, &count, ctx, db);
	for (size_t i = 0; !err && i < count; i++) {
		struct version version;

		err = version_parse(&version, applied[i].version);
		if (!err && version_compare(&version, &production) > 0)
			mem_append(&list, ctx, "%s%s", list ? " " : "", applied[i].id);
	}
	out->database_patches = list;
	return err;
}

/* A version in preparation has no tag; a build runs its scripts. */
static struct error *count_scripts(struct status *out, void *ctx, struct project *p, struct db *db)
{
	struct bootstrap_done done;
	struct bootstrap_file *files;
	struct version version;
	struct error *err;
	char *commit;

	err = version_parse(&version, out->database_version);
	if (!err)
		err = tag_commit(&commit, ctx, p, &version);
	if (err || !commit)
		return err;
	err = bootstrap_read(&files, &out->database_scripts, ctx, p->repo, commit);
	if (err || out->database_scripts == 0)
		return err;
	err = bootstrap_done(&done, ctx, db);
	if (!err)
		bootstrap_select(files, &out->database_scripts, ctx, &done);
	return err;
}

static struct error *ask_database(struct status *out, void *ctx, struct project *p,
				  const char *conninfo, bool private_server)
{
	struct record_state state;
	char *version, *dbname, *under_way;
	struct error *err;
	struct db *db;

	out->database = "?";
	err = p->production ? db_target(&dbname, ctx, conninfo)
			    : target_development_name(&dbname, ctx, p, conninfo, private_server);
	if (err)
		return err;
	if (dbname)
		out->database = dbname;
	err = db_connect(&db, ctx, conninfo, dbname);
	if (db_error_is(err, "3D000")) {
		error_free(err);
		out->database_problem = "does not exist yet";
		return NULL;
	}
	if (err)
		return err;
	out->database = db_name(db);
	if (p->production)
		major_compare(p->conf, db);
	err = record_state(&state, ctx, db);
	if (err)
		return err;
	if (!state.present || strcmp(state.identity.id, p->conf->id) != 0) {
		out->database_problem = state.present ? "belongs to another project"
						      : "is not managed by git hop";
		return NULL;
	}
	out->database_role = state.identity.role;
	err = record_version(&version, ctx, db);
	if (err)
		return err;
	out->database_version = version;
	err = record_under_way(&under_way, ctx, db);
	if (err)
		return err;
	out->database_under_way = under_way;
	if (version)
		err = count_scripts(out, ctx, p, db);
	return err || !out->production ? err : read_patches(out, ctx, db);
}

struct error *status_read(struct status *out, void *ctx, struct project *p, const char *database)
{
	struct error *err;
	bool private_server;
	char *conninfo;

	*out = (struct status){.production = NULL};
	out->remote = p->remote;
	err = project_fetched(&out->fetched, p);
	if (!err)
		err = read_releases(out, ctx, p);
	if (!err)
		err = read_checkout(out, ctx, p);
	if (!err)
		err = lock_list(&out->locks, &out->lock_count, ctx, p);
	if (err)
		return err;
	conninfo = target_named(ctx, p, database);
	private_server = !conninfo;
	if (!conninfo && !p->production)
		err = read_server(out, &conninfo, ctx, p);
	if (err || !conninfo)
		return err;
	err = ask_database(out, ctx, p, conninfo, private_server);
	if (err && err->code != ERROR_SIGNALLED) {
		/* If the database is unavailable, the rest is still shown. */
		out->database_problem = mem_dup(ctx, err->message);
		error_free(err);
		err = NULL;
	}
	return err;
}
