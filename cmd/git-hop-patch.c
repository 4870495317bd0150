/* git hop patch: create, apply, merge, attach, detach, list and show patches. */
#include "cmd.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/opt.h"
#include "base/out.h"
#include "base/path.h"
#include "base/watch.h"
#include "core/branch.h"
#include "core/patch.h"
#include "care/enter.h"
#include "release/patch_apply.h"
#include "release/patch_create.h"
#include "project/patch_find.h"
#include "report/patch_info.h"
#include "project/project.h"
#include "release/patch_merge.h"
#include "build/dev_server.h"
#include "patch_enter.h"
#include "patch_move.h"
#include "reading.h"
#include "records.h"

static struct error *create(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct patch_create job = {.id = NULL};
	const char *release = NULL;
	const struct opt opts[] = {
		{'d', "description", OPT_TEXT, &job.text, "TEXT",
		 "the purpose of the patch, for its README.md"},
		{0, "release", OPT_TEXT, &release, "X.Y.Z",
		 "the release; default: that of the current branch"},
		{'n', "dry-run", OPT_FLAG, &job.dry_run, NULL,
		 "print the refs that would change; change nothing"},
		OPT_COMMON,
		OPT_END,
	};
	const struct opt_usage usage =
		{"git hop patch create [-n] [-d TEXT] [--release=X.Y.Z] ID",
		 "Create a patch: its branch, its directory, its entry in a release.", opts, NULL};
	struct version version;
	struct project *p;
	struct error *err;
	char **args;
	bool done;

	err = patch_hint_before(opt_take(&args, &done, argc, argv, &usage, 1, 1), argv);
	if (err || done)
		return err;
	job.id = args[0];
	if (release) {
		err = version_parse(&version, release);
		job.release = &version;
	}
	if (!err)
		err = project_enter(&p, tmp, true);
	if (err)
		return err;
	err = patch_create(&job, p);
	if (err || job.dry_run)
		return err;
	note("created patch '%s' in release %s", job.id, version_print(tmp, &job.version));
	note("next: add SQL files to %s/, then run git hop patch apply", path_patch(tmp, job.id));
	return NULL;
}

static struct error *apply_once(void *ctx, const struct apply *wanted, const char *database,
				const char *take_over)
{
	struct apply job = *wanted;
	double begin = log_clock();
	struct dev_server *dev;
	struct project *p;
	struct error *err;

	err = project_enter(&p, ctx, true);
	if (!err)
		err = dev_server_open(&dev, ctx, p, database, job.dry_run);
	if (err)
		return err;
	dev->take_over = take_over;
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

/* Applies the patch again whenever a file of it is saved; errors do not end the command. */
static struct error *apply_forever(void *ctx, const struct apply *wanted, const char *database,
				   const char *take_over)
{
	struct watch *watch;
	struct project *p;
	struct error *err;
	char *id;

	err = patch_enter(&p, &id, ctx, NULL);
	if (!err)
		err = watch_open(&watch, ctx,
				 path_join(ctx, p->root ? p->root : "", path_patch(ctx, id)));
	while (!err) {
		SCOPE(tmp, ctx);

		err = apply_once(tmp, wanted, database, take_over);
		if (err && err->code != ERROR_SIGNALLED) {
			error_print(stderr, err);
			error_free(err);
			err = NULL;
		}
		if (!err) {
			note("watching %s/; press Ctrl-C to stop", path_patch(tmp, id));
			err = watch_wait(watch);
		}
	}
	return err;
}

static struct error *apply(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct apply job = {.dump = NULL};
	const char *database = NULL, *take_over = NULL;
	bool watching = false;
	const struct opt opts[] = {
		{0, "database", OPT_TEXT, &database, "CONNINFO", "the development database"},
		{0, "from-dump", OPT_TEXT, &job.dump, "FILE",
		 "start from this dump instead of the production schema"},
		{0, "watch", OPT_FLAG, &watching, NULL,
		 "apply again whenever a file of the patch is saved"},
		{0, "take-over", OPT_TEXT, &take_over, "NAME",
		 "replace database NAME of another clone or program"},
		{'n', "dry-run", OPT_FLAG, &job.dry_run, NULL,
		 "build it, but do not replace the database"},
		OPT_COMMON,
		OPT_END,
	};
	const struct opt_usage usage =
		{"git hop patch apply [-n] [--database=CONNINFO] [--from-dump=FILE] "
		 "[--take-over=NAME] [--watch]",
		 "Build the development database: production, staged patches, and this patch.",
		 opts, NULL};
	struct error *err;
	char **args;
	bool done;

	err = opt_take(&args, &done, argc, argv, &usage, 0, 0);
	if (err || done)
		return err;
	return watching ? apply_forever(tmp, &job, database, take_over)
			: apply_once(tmp, &job, database, take_over);
}

static struct error *merge(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct patch_merge job = {.id = NULL};
	const struct opt opts[] = {
		{0, "database", OPT_TEXT, &job.database, "CONNINFO", "the server to test on"},
		{0, "before", OPT_TEXT, &job.before, "ID",
		 "run it before this staged patch; default: after all of them"},
		{'n', "dry-run", OPT_FLAG, &job.dry_run, NULL, "test it, but do not merge it"},
		OPT_COMMON,
		OPT_END,
	};
	const struct opt_usage usage =
		{"git hop patch merge [-n] [--before=ID] [--database=CONNINFO] [ID]",
		 "Test a patch with its whole release, and merge it if that succeeds.", opts, NULL};
	double begin = log_clock();
	struct project *p;
	struct error *err;
	char **args, *id;
	bool done;

	err = opt_take(&args, &done, argc, argv, &usage, 0, 1);
	if (err || done)
		return err;
	err = patch_enter(&p, &id, tmp, args[0]);
	if (err)
		return err;
	job.id = id;
	err = patch_merge(&job, p);
	if (err)
		return err;
	note(job.dry_run ? "patch '%s' would be staged in release %s (%.2f s)"
			 : "patch '%s' is staged in release %s (%.2f s)",
	     job.id, version_print(tmp, &job.version), log_clock() - begin);
	return NULL;
}

static void list_text(const struct patch_info *info)
{
	SCOPE(tmp, NULL);

	printf("%-14s %-10s %s  %s\n", info->release, patch_state_name(info),
	       day_of(tmp, info->created), info->id);
}

static struct error *list(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct reading r = {
		.synopsis = "git hop patch list [--porcelain | --json]",
		.about = "List the patches of the releases in preparation, in order.",
	};
	const struct catalog *catalog;
	struct release_info *list;
	struct error *err;
	struct out *out;
	size_t count;

	err = reading_begin(&r, tmp, argc, argv);
	if (err || r.done)
		return err;
	err = catalog_read(&catalog, tmp, r.project);
	if (!err)
		err = release_info_open(&list, &count, tmp, r.project, catalog);
	for (size_t i = 0; !err && i < count; i++)
		err = release_info_complete(&list[i], tmp, r.project);
	if (err)
		return err;
	out = out_open(tmp, r.format, "patch list");
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; out_is_text(out) && k < list[i].patch_count; k++)
			list_text(&list[i].patches[k]);
		record_patches(out, &list[i]);
	}
	out_end(out);
	return NULL;
}

static void show_text(const struct patch_info *info)
{
	SCOPE(tmp, NULL);

	printf("patch    %s\n", info->id);
	if (info->title)
		printf("title    %s\n", plain_text(tmp, info->title));
	printf("state    %s\n", patch_state_name(info));
	if (info->created)
		printf("since    %s, %s\n", day_of(tmp, info->created),
		       plain_text(tmp, info->author));
	if (info->release)
		printf("release  %s, at position %zu\n", info->release, info->position);
	if (info->branch)
		printf("branch   %s", info->branch);
	if (info->branch && info->state != PATCH_INFO_STAGED && (info->ahead || info->behind))
		printf("  (%zu ahead of the release, %zu behind)", info->ahead, info->behind);
	if (info->branch)
		putchar('\n');
	if (info->commit)
		printf("commit   %s\n", info->commit);
	for (char **file = info->files; *file; file++)
		printf("%s %s\n", file == info->files ? "files   " : "        ", *file);
}

static struct error *show(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct reading r = {
		.synopsis = "git hop patch show [--porcelain | --json] [ID]",
		.about = "Show the state of a patch and the files that it runs.",
		.most = 1,
	};
	const struct catalog *catalog;
	struct patch_info info;
	struct error *err;
	struct out *out;
	char *id;

	err = reading_begin(&r, tmp, argc, argv);
	if (err || r.done)
		return err;
	err = patch_find_id(&id, tmp, r.project, r.args[0]);
	if (!err)
		err = catalog_read(&catalog, tmp, r.project);
	if (!err)
		err = patch_info(&info, tmp, r.project, catalog, id);
	if (err)
		return err;
	out = out_open(tmp, r.format, "patch show");
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

struct error *command(int argc, char **argv)
{
	const struct opt opts[] = {OPT_COMMON, OPT_END};
	const struct opt_verb verbs[] = {
		{"create", "ID", "create a patch", create},
		{"apply", "", "build the development database with the patch", apply},
		{"merge", "[ID]", "test a patch with its release and merge it", merge},
		{"attach", "[ID]", "add a patch to a release, or move it", patch_attach_command},
		{"detach", "[ID]", "remove a patch from its release", patch_detach_command},
		{"list", "", "list the patches of the releases in preparation", list},
		{"show", "[ID]", "show a patch and the files that it runs", show},
		{NULL, NULL, NULL, NULL},
	};
	const struct opt_usage usage =
		{"git hop patch create|apply|merge|attach|detach|list|show ...",
		 "Develop a schema change on its own branch.", opts, verbs};

	signals_catch();
	return opt_dispatch(argc, argv, &usage);
}
