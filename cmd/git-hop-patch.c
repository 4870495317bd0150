/* git hop patch: create, apply, merge, attach, detach, list and show patches. */
#include "cmd.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/out.h"
#include "base/path.h"
#include "base/watch.h"
#include "core/branch.h"
#include "care/enter.h"
#include "release/patch_apply.h"
#include "release/patch_create.h"
#include "project/patch_find.h"
#include "report/patch_info.h"
#include "release/patch_merge.h"
#include "build/dev_server.h"
#include "patch_move.h"
#include "records.h"
#include "verb.h"

struct create_request {
	struct patch_create job;
	const char *release, *before;
	struct version version; /* of .release */
};

static const struct verb_opt create_opts[] = {
	{'d', "description", OPT_TEXT, offsetof(struct create_request, job.text), "TEXT",
	 "the purpose of the patch, for its README.md"},
	{0, "before", OPT_TEXT, offsetof(struct create_request, before), "ID", NULL},
	{0, "release", OPT_TEXT, offsetof(struct create_request, release), "X.Y.Z",
	 "the release; default: that of the current branch"},
	{'n', "dry-run", OPT_FLAG, offsetof(struct create_request, job.dry_run), NULL,
	 "print the refs that would change; change nothing"},
	VERB_OPT_END,
};

static struct error *check_create(struct call *c)
{
	struct create_request *r = c->request;
	struct error *err = patch_refuse_before(r->before);

	r->job.id = c->args[0];
	if (err || !r->release)
		return err;
	r->job.release = &r->version;
	return version_parse(&r->version, r->release);
}

static struct error *run_create(struct call *c)
{
	struct create_request *r = c->request;
	struct patch_create *job = &r->job;
	struct error *err = patch_create(job, c->project);

	if (err || job->dry_run)
		return err;
	note("created patch '%s' in release %s", job->id, version_print(c, &job->version));
	note("next: add SQL files to %s/, then run git hop patch apply", path_patch(c, job->id));
	return NULL;
}

static const struct verb create = {
	.name = "create",
	.args = "ID",
	.help = "create a patch",
	.synopsis = "git hop patch create [-n] [-d TEXT] [--release=X.Y.Z] ID",
	.about = "Create a patch: its branch, its directory, its entry in a release.",
	.opts = create_opts,
	.size = sizeof(struct create_request),
	.min = 1,
	.max = 1,
	.needs = VERB_DEVELOPMENT,
	.check = check_create,
	.run = run_create,
};

struct apply_request {
	struct apply job;
	const char *database, *take_over;
	bool watch;
};

static const struct verb_opt apply_opts[] = {
	{0, "database", OPT_TEXT, offsetof(struct apply_request, database), "CONNINFO",
	 "the development database"},
	{0, "from-dump", OPT_TEXT, offsetof(struct apply_request, job.dump), "FILE",
	 "start from this dump instead of the production schema"},
	{0, "watch", OPT_FLAG, offsetof(struct apply_request, watch), NULL,
	 "apply again whenever a file of the patch is saved"},
	{0, "take-over", OPT_TEXT, offsetof(struct apply_request, take_over), "NAME",
	 "replace this database, even if git hop or this clone did not create it"},
	{'n', "dry-run", OPT_FLAG, offsetof(struct apply_request, job.dry_run), NULL,
	 "build it, but do not replace the database"},
	VERB_OPT_END,
};

static struct error *apply_once(void *ctx, struct project *p, const struct apply_request *r)
{
	struct apply job = r->job;
	double begin = log_clock();
	struct dev_server *dev;
	struct error *err;

	err = dev_server_open(&dev, ctx, p, r->database, job.dry_run);
	if (err)
		return err;
	dev->take_over = r->take_over;
	err = apply_patch(&job, dev);
	if (err)
		return err;
	if (job.dry_run)
		note("patch '%s' can be applied; database '%s' was not changed (%.2f s)", job.id,
		     dev->database, log_clock() - begin);
	else
		note("built database '%s': production %s, %zu staged patch%s of %s, and '%s' "
		     "(%.2f s)",
		     dev->database, version_print(ctx, &job.base), job.staged,
		     job.staged == 1 ? "" : "es", version_print(ctx, &job.release), job.id,
		     log_clock() - begin);
	return NULL;
}

static char *time_of_day(void *ctx)
{
	char text[sizeof("hh:mm:ss")];
	time_t now = time(NULL);
	struct tm tm;

	localtime_r(&now, &tm);
	strftime(text, sizeof(text), "%H:%M:%S", &tm);
	return mem_dup(ctx, text);
}

/*
 * Applies the patch again whenever a file of it is saved. Errors do not end the command; Ctrl-C
 * between two builds is how it ends.
 */
static struct error *apply_forever(struct call *c)
{
	struct project *p = c->project;
	struct watch *watch;
	struct error *err;
	char *id;

	err = patch_find_id(&id, c, p, NULL);
	if (!err)
		err = watch_open(&watch, c,
				 path_join(c, p->root ? p->root : "", path_patch(c, id)));
	while (!err) {
		SCOPE(tmp, c);

		err = project_enter(&p, tmp, true);
		if (!err)
			err = apply_once(tmp, p, c->request);
		if (err && err->code != ERROR_SIGNALLED) {
			error_print(stderr, err);
			error_free(err);
			err = NULL;
		}
		if (err)
			return err;
		note("%s: watching %s/; press Ctrl-C to stop", time_of_day(tmp),
		     path_patch(tmp, id));
		err = watch_wait(watch);
	}
	if (err->code != ERROR_SIGNALLED || signals_caught() != SIGINT)
		return err;
	error_free(err);
	return NULL;
}

static struct error *run_apply(struct call *c)
{
	const struct apply_request *r = c->request;

	return r->watch ? apply_forever(c) : apply_once(c, c->project, r);
}

static const struct verb apply = {
	.name = "apply",
	.args = "",
	.help = "build the development database with the patch",
	.synopsis = "git hop patch apply [-n] [--database=CONNINFO] [--from-dump=FILE] "
		    "[--take-over=NAME] [--watch]",
	.about = "Build the development database: production, staged patches, and this patch.",
	.opts = apply_opts,
	.size = sizeof(struct apply_request),
	.needs = VERB_DEVELOPMENT,
	.run = run_apply,
};

static const struct verb_opt merge_opts[] = {
	{0, "database", OPT_TEXT, offsetof(struct patch_merge, database), "CONNINFO",
	 "the server to test on"},
	{0, "allow-empty", OPT_FLAG, offsetof(struct patch_merge, allow_empty), NULL,
	 "merge it even if it does not run any files"},
	{0, "before", OPT_TEXT, offsetof(struct patch_merge, before), "ID",
	 "run it before this staged patch; default: after all of them"},
	{'n', "dry-run", OPT_FLAG, offsetof(struct patch_merge, dry_run), NULL,
	 "test it, but do not merge it"},
	VERB_OPT_END,
};

static struct error *run_merge(struct call *c)
{
	struct patch_merge *job = c->request;
	struct error *err;

	job->id = c->id;
	err = patch_merge(job, c->project);
	if (err)
		return err;
	note(job->dry_run ? "patch '%s' would be staged in release %s (%.2f s)"
			  : "patch '%s' is staged in release %s (%.2f s)",
	     job->id, version_print(c, &job->version), log_clock() - c->began);
	return NULL;
}

static const struct verb merge = {
	.name = "merge",
	.args = "[ID]",
	.help = "test a patch with its release and merge it",
	.synopsis = "git hop patch merge [-n] [--allow-empty] [--before=ID] "
		    "[--database=CONNINFO] [ID]",
	.about = "Test a patch with its whole release, and merge it if that succeeds.",
	.opts = merge_opts,
	.size = sizeof(struct patch_merge),
	.max = 1,
	.needs = VERB_DEVELOPMENT | VERB_PATCH,
	.run = run_merge,
};

static void list_text(const struct patch_info *info)
{
	SCOPE(tmp, NULL);

	out_print("%-14s %-10s %s  %s\n", info->release, patch_state_name(info),
		  day_of(tmp, info->created), info->id);
}

static struct error *run_list(struct call *c)
{
	const struct catalog *catalog;
	struct release_info *infos;
	struct error *err;
	struct out *out;
	size_t count, total = 0;

	err = catalog_read(&catalog, c, c->project);
	if (!err)
		err = release_info_open(&infos, &count, c, c->project, catalog);
	for (size_t i = 0; !err && i < count; i++) {
		err = release_info_complete(&infos[i], c, c->project);
		total += infos[i].patch_count;
	}
	if (err)
		return err;
	out = out_open(c, c->format, "patch list");
	if (total == 0 && out_is_text(out))
		note(count ? "no release in preparation lists any patches"
			   : "no release is in preparation");
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; out_is_text(out) && k < infos[i].patch_count; k++)
			list_text(&infos[i].patches[k]);
		record_patches(out, &infos[i]);
	}
	out_end(out);
	return NULL;
}

static const struct verb list = {
	.name = "list",
	.args = "",
	.help = "list the patches of the releases in preparation",
	.synopsis = "git hop patch list [--porcelain | --json]",
	.about = "List the patches of the releases in preparation, in order.",
	.needs = VERB_PROJECT | VERB_FORMATS,
	.run = run_list,
};

static void show_text(const struct patch_info *info)
{
	SCOPE(tmp, NULL);

	out_print("patch    %s\n", info->id);
	if (info->title)
		out_print("title    %s\n", info->title);
	out_print("state    %s\n", patch_state_name(info));
	if (info->created)
		out_print("created  %s by %s\n", day_of(tmp, info->created), info->author);
	if (info->release)
		out_print("release  %s, at position %zu\n", info->release, info->position);
	if (info->branch)
		out_print("branch   %s", info->branch);
	if (info->branch && info->state != PATCH_INFO_STAGED && (info->ahead || info->behind))
		out_print("  (%zu ahead of the release, %zu behind)", info->ahead, info->behind);
	if (info->branch)
		out_print("\n");
	if (info->commit)
		out_print("commit   %s\n", info->commit);
	for (char **file = info->files; *file; file++)
		out_print("%s %s\n", file == info->files ? "files   " : "        ", *file);
}

static struct error *run_show(struct call *c)
{
	const struct catalog *catalog;
	struct patch_info info;
	struct error *err;
	struct out *out;

	err = catalog_read(&catalog, c, c->project);
	if (!err)
		err = patch_info(&info, c, c->project, catalog, c->id);
	if (err)
		return err;
	out = out_open(c, c->format, "patch show");
	if (out_is_text(out))
		show_text(&info);
	record_patch(out, &info);
	for (char **file = info.files; *file; file++) {
		out_record(out, "file");
		out_text(out, "name", *file);
	}
	out_end(out);
	return NULL;
}

static const struct verb show = {
	.name = "show",
	.args = "[ID]",
	.help = "show a patch and the files that it runs",
	.synopsis = "git hop patch show [--porcelain | --json] [ID]",
	.about = "Show the state of a patch and the files that it runs.",
	.max = 1,
	.needs = VERB_PATCH | VERB_FORMATS,
	.run = run_show,
};

static const struct verb *const verbs[] =
	{&create, &apply, &merge, &patch_attach_verb, &patch_detach_verb, &list, &show, NULL};

static const struct verb self = {
	.synopsis = "git hop patch create|apply|merge|attach|detach|list|show ...",
	.about = "Develop a schema change on its own branch.",
};

static const struct program program = {&self, verbs};

struct error *command(int argc, char **argv)
{
	return program_run(&program, argc, argv);
}
