/* git hop init: create a project in the current repository. */
#include "care/init.h"

#include <ctype.h>
#include <string.h>

#include "base/fail.h"
#include "base/machine.h"
#include "base/log.h"
#include "base/path.h"
#include "build/model.h"
#include "core/branch.h"
#include "deploy/baseline.h"
#include "project/detect.h"
#include "project/keep.h"
#include "care/hooks.h"
#include "publish/commit.h"
#include "publish/publish.h"
#include "publish/refs.h"
#include "port/conf.h"
#include "project/remote.h"
#include "project/tag.h"

#define OTHER_TAG_PREFIX "schema-v"

static const char patches_readme[] =
	"# Patches\n\n"
	"One directory for each schema change: `Patches/ID/`, created by\n"
	"`git hop patch create ID`.\n"
	"Its files run in byte order of their names. A patch does not change once it is merged;\n"
	"further changes are made by another patch. See git-hop-patch(1).\n";

struct job {
	struct init *init;
	struct project *project; /* the parts that are known before it exists */
	struct conf conf;
	struct baseline *baseline;
	char *parent; /* the current commit; NULL: none yet */
	bool add_remote;
};

static char *name_of_folder(void *ctx, const char *root)
{
	char *dir = mem_dup_n(ctx, root, strlen(root) - 1);
	char *name = mem_dup(ctx, path_base(dir));

	for (char *c = name; *c; c++)
		*c = isalnum((unsigned char)*c) || *c == '-' ? (char)tolower((unsigned char)*c)
							     : '_';
	return name;
}

/* Releases get tags of their own beside those that the repository has. */
static struct error *choose_tag_prefix(struct job *job, void *ctx)
{
	struct init *init = job->init;
	struct version *versions;
	struct error *err;
	size_t count;

	job->conf.tag_prefix = mem_dup(ctx, init->tag_prefix ? init->tag_prefix : CONF_TAG_PREFIX);
	if (init->tag_prefix)
		return NULL;
	err = tag_list(&versions, &count, ctx, job->project);
	if (err || count == 0)
		return err;
	init->tag_found = tag_of(ctx, job->project, &versions[count - 1]);
	init->prefix_chosen = mem_dup(ctx, OTHER_TAG_PREFIX);
	job->conf.tag_prefix = init->prefix_chosen;
	return NULL;
}

static struct error *make_conf(struct job *job, void *ctx)
{
	struct init *init = job->init;
	struct error *err;

	job->conf.format = CONF_FORMAT;
	job->conf.name = init->name ? mem_dup(ctx, init->name)
				    : name_of_folder(ctx, job->project->root);
	err = conf_check_name(job->conf.name);
	if (err)
		return err;
	init->chosen = job->conf.name;
	job->conf.ref_namespace = mem_dup(ctx, job->project->namespace);
	err = choose_tag_prefix(job, ctx);
	if (err)
		return err;
	err = machine_random(&job->conf.id, ctx, 16);
	if (err)
		return err;
	if (init->test) {
		job->conf.test = mem_dup(ctx, init->test);
		return NULL;
	}
	err = detect_tests(&init->test_found, &init->test_because, ctx, job->project->root);
	job->conf.test = init->test_found;
	return err;
}

/* The existing remote, or the one to add. */
static struct error *choose_remote(struct job *job, void *ctx)
{
	const char *wanted = job->init->origin;
	char *name = repo_config(ctx, job->project->repo, "hop.remote");
	char *url;

	if (!name)
		name = mem_dup(ctx, "origin");
	url = repo_config(ctx, job->project->repo, mem_printf(ctx, "remote.%s.url", name));
	if (url && wanted && strcmp(url, wanted) != 0)
		return error_hint(error_new(ERROR_NO, "the remote '%s' already has another URL: %s",
					    name, url),
				  "omit --git-origin, or run: git remote set-url %s URL", name);
	job->add_remote = wanted && !url;
	job->project->remote = url ? name : NULL;
	return NULL;
}

static struct error *refuse_project(struct job *job, void *ctx)
{
	struct project *p = job->project;
	char *refs[] = {mem_dup(ctx, "refs/heads/" BRANCH_PROD), NULL, NULL};
	struct error *err;
	char *oid;

	if (p->remote)
		refs[1] = project_ref(ctx, p, BRANCH_PROD);
	for (char **ref = refs; *ref; ref++) {
		err = repo_ref(&oid, ctx, p->repo, *ref);
		if (err)
			return err;
		if (oid)
			return error_hint(error_new(ERROR_NO,
						    "this repository is already a git hop project"),
					  "to see its state: git hop status");
	}
	if (!job->parent)
		return NULL;
	err = repo_entry(&oid, ctx, p->repo, job->parent, ".hop");
	if (!err && oid)
		err = error_hint(error_new(ERROR_NO,
					   "this repository already has a directory .hop"),
				 "if another tool uses it, rename it and commit that first");
	return err;
}

static struct error *look(struct job *job, void *ctx)
{
	struct project *p = job->project;
	struct error *err;
	char *branch;

	err = repo_open(&p->repo, ctx, NULL);
	if (err)
		return err;
	p->namespace = job->init->namespace ? job->init->namespace : CONF_REF_NAMESPACE;
	p->common = repo_common_dir(p->repo);
	p->root = repo_work_dir(p->repo);
	p->conf = &job->conf;
	if (!p->root)
		return error_new(ERROR_NO, "a project cannot be created in a bare repository");
	if (repo_is_shallow(p->repo))
		return error_hint(error_new(ERROR_NO,
					    "this is a shallow clone, which lacks history"),
				  "git fetch --unshallow");
	err = git_check_identity(ctx, p->repo);
	if (!err)
		err = repo_head(&branch, &job->parent, ctx, p->repo);
	if (!err)
		err = choose_remote(job, ctx);
	if (!err && p->remote)
		err = project_fetch(p);
	return err ? err : refuse_project(job, ctx);
}

static struct error *make_commit(char **commit, struct job *job, void *ctx)
{
	const struct version first = {.major = 0};
	const char *parents[] = {job->parent, NULL};
	struct project *p = job->project;
	struct edits edits = {NULL, 0};
	char *conf, *readme = NULL;
	struct error *err;

	err = conf_print(&conf, ctx, &job->conf);
	if (!err)
		err = edits_file(&edits, ctx, p, PATH_CONFIG, conf);
	if (!err)
		err = edits_file(&edits, ctx, p, ".hop/.gitignore", "/backups/\n");
	if (!err)
		err = edits_file(&edits, ctx, p, path_release(ctx, &first),
				 "# Release 0.0.0: where the project starts\n");
	if (!err)
		err = model_write(&edits, ctx, p, "", &first, job->baseline->model);
	if (!err && job->parent)
		err = repo_entry(&readme, ctx, p->repo, job->parent, PATH_PATCHES "/README.md");
	if (!err && !readme)
		err = edits_file(&edits, ctx, p, PATH_PATCHES "/README.md", patches_readme);
	if (!err)
		err = commit_make(commit, ctx, p, job->parent ? job->parent : "", &edits, parents,
				  mem_printf(ctx, "Start project %s with git hop\n",
					     job->conf.name));
	return err;
}

/* Settings of this clone only: a failure is reported and does not undo the project. */
static struct error *set_config(struct job *job, void *ctx)
{
	const char *database = job->init->database;
	struct error *err;
	bool set;

	err = project_set_prune(&set, job->project, false);
	if (err)
		return err;
	if (job->baseline->db) {
		job->init->baseline = mem_dup(ctx, db_name(job->baseline->db));
		job->init->role = job->baseline->role;
	}
	if (database && strcmp(job->baseline->role, RECORD_DEVELOPMENT) == 0)
		err = git_run(NULL, ctx, job->project->repo, "config", "hop.database", database,
			      NULL);
	return err;
}

static struct error *publish_first(struct job *job, void *ctx)
{
	struct publication pub = {NULL, 0};
	struct project *p = job->project;
	struct error *err;
	char *commit;

	err = make_commit(&commit, job, ctx);
	if (!err)
		err = fail_point("init.commit");
	if (!err && job->add_remote) {
		err = git_run(NULL, ctx, p->repo, "remote", "add", "origin", job->init->origin,
			      NULL);
		p->remote = "origin";
	}
	if (err)
		return err;
	publication_add_branch(&pub, ctx, BRANCH_PROD, NULL, commit);
	err = p->remote ? refs_probe(p, commit) : NULL;
	if (!err)
		err = publish(session_new(ctx, p, false), &pub, BRANCH_PROD, "hop: init");
	if (err && job->add_remote)
		error_free(git_run(NULL, ctx, p->repo, "remote", "remove", "origin", NULL));
	if (!err || err->code != ERROR_AGAIN || !job->add_remote)
		return err;
	error_free(err);
	return error_hint(error_new(ERROR_NO, "there is already a git hop project at '%s'",
				    job->init->origin),
			  "git hop clone %s", path_quote(ctx, job->init->origin));
}

struct error *init_project(struct init *init, void *ctx)
{
	struct job *job = mem_new(ctx, struct job);
	const struct baseline_request wish = {init->database, init->as, init->place};
	struct error *err;

	job->init = init;
	job->project = mem_new(job, struct project);
	err = init->database ? db_check_storable(init->database) : NULL;
	if (!err && init->namespace)
		err = conf_check_namespace(init->namespace);
	if (!err)
		err = look(job, job);
	if (!err)
		err = make_conf(job, ctx);
	if (!err)
		err = baseline_open(&job->baseline, job, job->project, &wish);
	if (!err) {
		job->conf.postgresql = job->baseline->major;
		job->conf.roles = job->baseline->roles;
		job->conf.extensions = job->baseline->extensions;
		err = publish_first(job, job);
		keep_end(job->project);
	}
	if (err)
		return err;
	err = baseline_keep(job->baseline, job->project);
	if (!err)
		err = set_config(job, ctx);
	hooks_begin(job->project->repo);
	return error_wrap(err, "the project was created, but");
}
