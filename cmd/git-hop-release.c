/* git hop release: create, hotfix, promote, list, show and draw releases. */
#include "cmd.h"

#include <stdio.h>

#include "base/log.h"
#include "base/out.h"
#include "core/branch.h"
#include "release/release_create.h"
#include "report/release_info.h"
#include "records.h"
#include "release_promote.h"
#include "show_graph.h"

static const struct verb_opt open_opts[] = {
	{'n', "dry-run", OPT_FLAG, offsetof(struct release_create, dry_run), NULL,
	 "print the refs that would change; change nothing"},
	VERB_OPT_END,
};

static struct error *check_level(struct call *c)
{
	struct release_create *job = c->request;

	return version_level_parse(&job->level, c->args[0]);
}

static struct error *run_open(struct call *c)
{
	struct release_create *job = c->request;
	struct error *err = release_create(job, c->project);

	if (err || job->dry_run)
		return err;
	note("release %s is open: %s", version_print(c, &job->version),
	     branch_release(c, &job->version));
	return NULL;
}

static const struct verb create = {
	.name = "create",
	.args = "LEVEL",
	.help = "open the next patch, minor or major release",
	.synopsis = "git hop release create [-n] patch|minor|major",
	.about = "Open the next release and check out its branch.",
	.opts = open_opts,
	.size = sizeof(struct release_create),
	.min = 1,
	.max = 1,
	.needs = VERB_DEVELOPMENT,
	.check = check_level,
	.run = run_open,
};

static const struct release_create of_hotfix = {.hotfix = true};

static const struct verb hotfix = {
	.name = "hotfix",
	.args = "",
	.help = "reopen the production version for its next hotfix",
	.synopsis = "git hop release hotfix [-n]",
	.about = "Reopen the production version for its next hotfix and check out its branch.",
	.opts = open_opts,
	.size = sizeof(struct release_create),
	.initial = &of_hotfix,
	.needs = VERB_DEVELOPMENT,
	.run = run_open,
};

static void put_release(struct out *out, const struct release_info *info)
{
	SCOPE(tmp, NULL);

	if (out_is_text(out) && info->branch)
		out_print("%-16s %-12s %-10s  %zu staged, %zu candidate%s  %s%s%s%s\n",
			  info->version, release_state_name(info), day_of(tmp, info->since),
			  info->staged, info->candidates, info->candidates == 1 ? "" : "s",
			  info->branch, info->rc ? "  " : "", info->rc ? info->rc : "",
			  info->behind ? "  behind ho-prod" : "");
	else if (out_is_text(out))
		out_print("%-16s %-12s %-10s  %zu patch%s\n", info->version,
			  release_state_name(info), day_of(tmp, info->since), info->staged,
			  info->staged == 1 ? "" : "es");
	record_release(out, info);
}

static struct error *run_list(struct call *c)
{
	struct release_info *infos;
	struct error *err;
	struct out *out;
	size_t count;

	err = release_info_all(&infos, &count, c, c->project);
	if (err)
		return err;
	out = out_open(c, c->format, "release list");
	for (size_t i = 0; i < count; i++)
		put_release(out, &infos[i]);
	out_end(out);
	return NULL;
}

static const struct verb list = {
	.name = "list",
	.args = "",
	.help = "list the releases",
	.synopsis = "git hop release list [--porcelain | --json]",
	.about = "List the releases, lowest version first.",
	.needs = VERB_PROJECT | VERB_FORMATS,
	.run = run_list,
};

static struct error *run_show(struct call *c)
{
	struct release_info info;
	struct error *err;
	struct out *out;

	err = release_info_one(&info, c, c->project, c->args[0]);
	if (!err)
		err = release_info_complete(&info, c, c->project);
	if (err)
		return err;
	out = out_open(c, c->format, "release show");
	put_release(out, &info);
	for (size_t i = 0; out_is_text(out) && i < info.patch_count; i++)
		out_print("  %-10s %s\n", patch_state_name(&info.patches[i]), info.patches[i].id);
	record_patches(out, &info);
	out_end(out);
	return NULL;
}

static const struct verb show = {
	.name = "show",
	.args = "[X.Y.Z]",
	.help = "show a release and its patches",
	.synopsis = "git hop release show [--porcelain | --json] [X.Y.Z]",
	.about = "Show a release (default: the lowest in preparation) and its patches.",
	.max = 1,
	.needs = VERB_PROJECT | VERB_FORMATS,
	.run = run_show,
};

static const struct verb *const verbs[] = {&create,        &hotfix, &release_promote, &list, &show,
					   &release_graph, NULL};

static const struct verb self = {
	.synopsis = "git hop release create|hotfix|promote|list|show|graph ...",
	.about = "Create releases and promote them to production.",
};

static const struct program program = {&self, verbs};

struct error *command(int argc, char **argv)
{
	return program_run(&program, argc, argv);
}
