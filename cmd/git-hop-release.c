/* git hop release: create, hotfix, promote, list, show and draw releases. */
#include "cmd.h"

#include "base/log.h"
#include "base/opt.h"
#include "base/out.h"
#include "core/branch.h"
#include "care/enter.h"
#include "project/catalog.h"
#include "project/project.h"
#include "release/release_create.h"
#include "report/release_info.h"
#include "reading.h"
#include "records.h"
#include "release_promote.h"
#include "show_graph.h"

static struct error *create(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct release_create job = {.hotfix = false};
	const struct opt opts[] = {
		{'n', "dry-run", OPT_FLAG, &job.dry_run, NULL,
		 "print the refs that would change; change nothing"},
		OPT_COMMON,
		OPT_END,
	};
	const struct opt_usage usage = {"git hop release create [-n] patch|minor|major",
					"Open the next release and check out its branch.", opts,
					NULL};
	struct project *p;
	struct error *err;
	char **args;
	bool done;

	err = opt_take(&args, &done, argc, argv, &usage, 1, 1);
	if (err || done)
		return err;
	err = version_level_parse(&job.level, args[0]);
	if (!err)
		err = project_enter(&p, tmp, true);
	if (err)
		return err;
	err = release_create(&job, p);
	if (err || job.dry_run)
		return err;
	note("release %s is open: %s", version_print(tmp, &job.version),
	     branch_release(tmp, &job.version));
	return NULL;
}

static struct error *hotfix(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct release_create job = {.hotfix = true};
	const struct opt opts[] = {
		{'n', "dry-run", OPT_FLAG, &job.dry_run, NULL,
		 "print the refs that would change; change nothing"},
		OPT_COMMON,
		OPT_END,
	};
	const struct opt_usage usage =
		{"git hop release hotfix [-n]",
		 "Reopen the production version for its next hotfix and check out its branch.",
		 opts, NULL};
	struct project *p;
	struct error *err;
	char **args;
	bool done;

	err = opt_take(&args, &done, argc, argv, &usage, 0, 0);
	if (err || done)
		return err;
	err = project_enter(&p, tmp, true);
	if (err)
		return err;
	err = release_create(&job, p);
	if (err || job.dry_run)
		return err;
	note("release %s is open: %s", version_print(tmp, &job.version),
	     branch_release(tmp, &job.version));
	return NULL;
}

static void put_release(struct out *out, const struct release_info *info)
{
	SCOPE(tmp, NULL);

	if (out_is_text(out) && info->branch)
		printf("%-16s %-12s %-10s  %zu staged, %zu candidate%s  %s%s%s%s\n", info->version,
		       release_state_name(info), day_of(tmp, info->since), info->staged,
		       info->candidates, info->candidates == 1 ? "" : "s", info->branch,
		       info->rc ? "  " : "", info->rc ? info->rc : "",
		       info->behind ? "  behind ho-prod" : "");
	else if (out_is_text(out))
		printf("%-16s %-12s %-10s  %zu patch%s\n", info->version, release_state_name(info),
		       day_of(tmp, info->since), info->staged, info->staged == 1 ? "" : "es");
	record_release(out, info);
}

static struct error *list(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct reading r = {
		.synopsis = "git hop release list [--porcelain | --json]",
		.about = "List the releases, lowest version first.",
	};
	struct release_info *list;
	struct error *err;
	struct out *out;
	size_t count;

	err = reading_begin(&r, tmp, argc, argv);
	if (err || r.done)
		return err;
	err = release_info_all(&list, &count, tmp, r.project);
	if (err)
		return err;
	out = out_open(tmp, r.format, "release list");
	for (size_t i = 0; i < count; i++)
		put_release(out, &list[i]);
	out_end(out);
	return NULL;
}

static struct error *show(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct reading r = {
		.synopsis = "git hop release show [--porcelain | --json] [X.Y.Z]",
		.about = "Show a release (default: the lowest in preparation) and its patches.",
		.most = 1,
	};
	struct release_info info;
	struct error *err;
	struct out *out;

	err = reading_begin(&r, tmp, argc, argv);
	if (err || r.done)
		return err;
	err = release_info_one(&info, tmp, r.project, r.args[0]);
	if (!err)
		err = release_info_complete(&info, tmp, r.project);
	if (err)
		return err;
	out = out_open(tmp, r.format, "release show");
	put_release(out, &info);
	for (size_t i = 0; out_is_text(out) && i < info.patch_count; i++)
		printf("  %-10s %s\n", patch_state_name(&info.patches[i]), info.patches[i].id);
	record_patches(out, &info);
	out_end(out);
	return NULL;
}

struct error *command(int argc, char **argv)
{
	const struct opt opts[] = {OPT_COMMON, OPT_END};
	const struct opt_verb verbs[] = {
		{"create", "LEVEL", "open the next patch, minor or major release", create},
		{"hotfix", "", "reopen the production version for its next hotfix", hotfix},
		{"promote", "rc|prod|hotfix", "tag a release candidate, or promote to production",
		 release_promote_command},
		{"list", "", "list the releases", list},
		{"show", "[X.Y.Z]", "show a release and its patches", show},
		{"graph", "", "draw a graph of releases and patches", show_graph},
		{NULL, NULL, NULL, NULL},
	};
	const struct opt_usage usage = {"git hop release create|hotfix|promote|list|show|graph ...",
					"Create releases and promote them to production.", opts,
					verbs};

	signals_catch();
	return opt_dispatch(argc, argv, &usage);
}
