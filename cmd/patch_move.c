/* git hop patch attach and detach. */
#include "patch_move.h"

#include <string.h>

#include "base/log.h"
#include "base/opt.h"
#include "core/branch.h"
#include "release/patch_move.h"
#include "patch_enter.h"

static void say_attached(const struct patch_move *move)
{
	SCOPE(tmp, NULL);
	char *version = version_print(tmp, &move->version);

	if (move->moved)
		note("moved patch '%s' from release %s to %s", move->id,
		     version_print(tmp, &move->from), version);
	else
		note("added patch '%s' to release %s", move->id, version);
	if (!move->foreign)
		return;
	warn("its branch is based on '%s', which has commits that release %s does not have",
	     move->foreign, version);
	hint("before merging it, run:\n%s", move->commands);
}

struct error *patch_hint_before(struct error *err, char *const *argv)
{
	for (; err && *argv; argv++) {
		if (strncmp(*argv, "--before", strlen("--before")) == 0)
			err = error_hint(err,
					 "patches run in the order in which they are merged; "
					 "to run one earlier: git hop patch merge --before=ID");
	}
	return err;
}

struct error *patch_attach_command(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct patch_move job = {.id = NULL};
	const char *release = NULL;
	const struct opt opts[] = {
		{0, "release", OPT_TEXT, &release, "X.Y.Z",
		 "the release; default: that of the current branch, or the only one"},
		{'n', "dry-run", OPT_FLAG, &job.dry_run, NULL,
		 "print the refs that would change; change nothing"},
		OPT_COMMON,
		OPT_END,
	};
	const struct opt_usage usage = {"git hop patch attach [-n] [--release=X.Y.Z] [ID]",
					"Add a patch to a release, or move it from another one.",
					opts, NULL};
	struct version version;
	struct project *p;
	struct error *err;
	char **args, *id;
	bool done;

	err = patch_hint_before(opt_take(&args, &done, argc, argv, &usage, 0, 1), argv);
	if (err || done)
		return err;
	if (release) {
		err = version_parse(&version, release);
		job.release = &version;
	}
	if (!err)
		err = patch_enter(&p, &id, tmp, args[0]);
	if (err)
		return err;
	job.id = id;
	err = patch_attach(&job, p);
	if (!err && !job.dry_run)
		say_attached(&job);
	return err;
}

struct error *patch_detach_command(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct patch_move job = {.id = NULL};
	const struct opt opts[] = {
		{'n', "dry-run", OPT_FLAG, &job.dry_run, NULL,
		 "print the refs that would change; change nothing"},
		OPT_COMMON,
		OPT_END,
	};
	const struct opt_usage usage = {"git hop patch detach [-n] [ID]",
					"Remove a candidate from its release; its branch is kept.",
					opts, NULL};
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
	err = patch_detach(&job, p);
	if (err || job.dry_run)
		return err;
	note("removed patch '%s' from release %s; its branch %s is kept", job.id,
	     version_print(tmp, &job.version), branch_patch(tmp, job.id));
	note("to add it to a release again: git hop patch attach --release X.Y.Z %s", job.id);
	return NULL;
}
