/* git hop patch attach and detach. */
#include "patch_move.h"

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
		note("patch '%s' is a candidate of release %s, no longer of %s", move->id, version,
		     version_print(tmp, &move->from));
	else
		note("patch '%s' is a candidate of release %s", move->id, version);
	if (!move->foreign)
		return;
	warn("its branch is based on '%s', which has what release %s has not", move->foreign,
	     version);
	hint("before it can be merged:\n%s", move->commands);
}

struct error *patch_attach_command(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct patch_move job = {.id = NULL};
	const char *release = NULL;
	const struct opt opts[] = {
		{0, "before", OPT_TEXT, &job.before, "ID",
		 "run it before this one; default: at the end"},
		{0, "release", OPT_TEXT, &release, "X.Y.Z",
		 "the release; default: that of the branch checked out, or the only one"},
		{'n', "dry-run", OPT_FLAG, &job.dry_run, NULL,
		 "say which refs would move, and move none"},
		OPT_COMMON,
		OPT_END,
	};
	const struct opt_usage usage =
		{"git hop patch attach [-n] [--before=ID] [--release=X.Y.Z] [ID]",
		 "List a patch as a candidate of a release, and of no other.", opts, NULL};
	struct version version;
	struct project *p;
	struct error *err;
	char **args, *id;
	bool done;

	err = opt_take(&args, &done, argc, argv, &usage, 0, 1);
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
		 "say which refs would move, and move none"},
		OPT_COMMON,
		OPT_END,
	};
	const struct opt_usage usage = {"git hop patch detach [-n] [ID]",
					"Take a candidate out of its release; its branch stays.",
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
	note("patch '%s' is no longer a candidate of release %s; its branch is %s", job.id,
	     version_print(tmp, &job.version), branch_patch(tmp, job.id));
	note("to put it into a release again: git hop patch attach --release X.Y.Z %s", job.id);
	return NULL;
}
