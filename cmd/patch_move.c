/* git hop patch attach and detach. */
#include "patch_move.h"

#include "base/log.h"
#include "core/branch.h"
#include "release/patch_move.h"

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
	hint("before merging it, run:");
	hint_lines(move->commands);
}

struct error *patch_refuse_before(const char *before)
{
	if (!before)
		return NULL;
	return error_hint(error_new(ERROR_USAGE, "--before is an option of git hop patch merge"),
			  "patches run in the order in which they are merged; to run one earlier: "
			  "git hop patch merge --before=ID");
}

struct request {
	struct patch_move job;
	const char *release, *before;
	struct version version; /* of .release */
};

static const struct verb_opt attach_opts[] = {
	{0, "before", OPT_TEXT, offsetof(struct request, before), "ID", NULL},
	{0, "release", OPT_TEXT, offsetof(struct request, release), "X.Y.Z",
	 "the release; default: that of the current branch, or the only one"},
	{'n', "dry-run", OPT_FLAG, offsetof(struct request, job.dry_run), NULL,
	 "print the refs that would change; change nothing"},
	VERB_OPT_END,
};

static struct error *check_attach(struct call *c)
{
	struct request *r = c->request;
	struct error *err = patch_refuse_before(r->before);

	if (err || !r->release)
		return err;
	r->job.release = &r->version;
	return version_parse(&r->version, r->release);
}

static struct error *run_attach(struct call *c)
{
	struct request *r = c->request;
	struct error *err;

	r->job.id = c->id;
	err = patch_attach(&r->job, c->project);
	if (!err && !r->job.dry_run)
		say_attached(&r->job);
	return err;
}

const struct verb patch_attach_verb = {
	.name = "attach",
	.args = "[ID]",
	.help = "add a patch to a release, or move it",
	.synopsis = "git hop patch attach [-n] [--release=X.Y.Z] [ID]",
	.about = "Add a patch to a release, or move it from another one.",
	.opts = attach_opts,
	.size = sizeof(struct request),
	.max = 1,
	.needs = VERB_DEVELOPMENT | VERB_PATCH,
	.check = check_attach,
	.run = run_attach,
};

static const struct verb_opt detach_opts[] = {
	{'n', "dry-run", OPT_FLAG, offsetof(struct patch_move, dry_run), NULL,
	 "print the refs that would change; change nothing"},
	VERB_OPT_END,
};

static struct error *run_detach(struct call *c)
{
	struct patch_move *job = c->request;
	struct error *err;

	job->id = c->id;
	err = patch_detach(job, c->project);
	if (err || job->dry_run)
		return err;
	if (!job->kept) {
		note("removed patch '%s' from release %s", job->id,
		     version_print(c, &job->version));
		return NULL;
	}
	note("removed patch '%s' from release %s; its branch %s is kept", job->id,
	     version_print(c, &job->version), branch_patch(c, job->id));
	note("to add it to a release again: git hop patch attach --release X.Y.Z %s", job->id);
	return NULL;
}

const struct verb patch_detach_verb = {
	.name = "detach",
	.args = "[ID]",
	.help = "remove a patch from its release",
	.synopsis = "git hop patch detach [-n] [ID]",
	.about = "Remove a candidate from its release; its branch is kept.",
	.opts = detach_opts,
	.size = sizeof(struct patch_move),
	.max = 1,
	.needs = VERB_DEVELOPMENT | VERB_PATCH,
	.run = run_detach,
};
