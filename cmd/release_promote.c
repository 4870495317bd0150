/* git hop release promote. */
#include "release_promote.h"

#include <string.h>

#include "base/log.h"
#include "project/advice.h"
#include "release/promote.h"

static const char *outcome(const struct promote *job)
{
	if (job->to == PROMOTE_RC)
		return job->dry_run ? "would be tagged" : "is tagged";
	return job->dry_run ? "would be in production" : "is in production";
}

static void say_promoted(const struct project *p, const struct promote *job, double seconds)
{
	SCOPE(tmp, NULL);
	char *version = version_print(tmp, &job->version);
	size_t count = mem_list_length(job->patches);

	note("release %s%s %s, with %zu patch%s (%.2f s)",
	     job->to == PROMOTE_RC ? "candidate " : "", version, outcome(job), count,
	     count == 1 ? "" : "es", seconds);
	if (job->dry_run)
		return;
	for (char **id = job->carried; *id; id++)
		note("moved patch '%s' to release %s%s", *id, version_print(tmp, &job->next),
		     job->opened ? " (opened for it)" : "");
	if (job->overtaken)
		note("the hotfix in preparation is now a hotfix of %s: %s", version,
		     job->overtaken);
	for (char **branch = job->behind; *branch; branch++) {
		warn("production %s could not be merged into %s", version, *branch);
		hint("to merge it:");
		hint_lines(advice_merge_production(tmp, p, *branch));
	}
}

static struct error *check(struct call *c)
{
	static const char *const words[] =
		{[PROMOTE_PROD] = "prod", [PROMOTE_RC] = "rc", [PROMOTE_HOTFIX] = "hotfix"};
	const size_t count = sizeof(words) / sizeof(words[0]);
	struct promote *job = c->request;
	size_t i = 0;

	while (i < count && strcmp(c->args[0], words[i]) != 0)
		i++;
	if (i == count)
		return opt_error(c->usage, "cannot promote to '%s': use 'rc', 'prod' or 'hotfix'",
				 c->args[0]);
	job->to = (enum promote_to)i;
	if (job->carry && job->to != PROMOTE_PROD)
		return opt_error(c->usage, "--carry can only be used with promote prod");
	return NULL;
}

static struct error *run(struct call *c)
{
	struct promote *job = c->request;
	struct error *err = promote_release(job, c->project);

	if (!err)
		say_promoted(c->project, job, log_clock() - c->began);
	return err;
}

static const struct verb_opt opts[] = {
	{0, "carry", OPT_FLAG, offsetof(struct promote, carry), NULL,
	 "move patches that are not merged to the next release"},
	{0, "database", OPT_TEXT, offsetof(struct promote, database), "CONNINFO",
	 "the server to test on"},
	{'n', "dry-run", OPT_FLAG, offsetof(struct promote, dry_run), NULL,
	 "test it, but do not promote it"},
	VERB_OPT_END,
};

const struct verb release_promote = {
	.name = "promote",
	.args = "rc|prod|hotfix",
	.help = "tag a release candidate, or promote to production",
	.synopsis = "git hop release promote [-n] [--carry] [--database=CONNINFO] rc|prod|hotfix",
	.about = "Tag a release candidate, or make a release the production version.",
	.opts = opts,
	.size = sizeof(struct promote),
	.min = 1,
	.max = 1,
	.needs = VERB_DEVELOPMENT,
	.check = check,
	.run = run,
};
