/* git hop release promote. */
#include "release_promote.h"

#include <string.h>

#include "base/log.h"
#include "base/opt.h"
#include "care/enter.h"
#include "project/advice.h"
#include "release/promote.h"

static void say_promoted(const struct project *p, const struct promote *job, double seconds)
{
	SCOPE(tmp, NULL);
	char *version = version_print(tmp, &job->version);
	size_t count = mem_list_length(job->patches);

	if (job->to == PROMOTE_RC)
		note("release candidate %s is tagged, with %zu patch%s (%.2f s)", version, count,
		     count == 1 ? "" : "es", seconds);
	else
		note("release %s is in production, with %zu patch%s (%.2f s)", version, count,
		     count == 1 ? "" : "es", seconds);
	for (char **id = job->carried; *id; id++)
		note("moved patch '%s' to release %s%s", *id, version_print(tmp, &job->next),
		     job->opened ? " (opened for it)" : "");
	if (job->overtaken)
		note("the hotfix in preparation is now a hotfix of %s: %s", version,
		     job->overtaken);
	for (char **branch = job->behind; *branch; branch++) {
		warn("production %s could not be merged into %s", version, *branch);
		hint("to merge it:\n%s", advice_merge_production(tmp, p, *branch));
	}
}

static struct error *parse_to(enum promote_to *out, const struct opt_usage *usage, const char *word)
{
	static const char *const words[] = {"prod", "rc", "hotfix"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(word, words[i]) == 0) {
			*out = (enum promote_to)i;
			return NULL;
		}
	}
	return opt_error(usage, "cannot promote to '%s': use 'rc', 'prod' or 'hotfix'", word);
}

struct error *release_promote_command(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct promote job = {.database = NULL};
	const struct opt opts[] = {
		{0, "carry", OPT_FLAG, &job.carry, NULL,
		 "move patches that are not merged to the next release"},
		{0, "database", OPT_TEXT, &job.database, "CONNINFO", "the server to test on"},
		{'n', "dry-run", OPT_FLAG, &job.dry_run, NULL, "test it, but do not promote it"},
		OPT_COMMON,
		OPT_END,
	};
	const struct opt_usage usage =
		{"git hop release promote [-n] [--carry] [--database=CONNINFO] rc|prod|hotfix",
		 "Tag a release candidate, or make a release the production version.", opts, NULL};
	double begin = log_clock();
	struct project *p;
	struct error *err;
	char **args;
	bool done;

	err = opt_take(&args, &done, argc, argv, &usage, 1, 1);
	if (err || done)
		return err;
	err = parse_to(&job.to, &usage, args[0]);
	if (!err && job.carry && job.to != PROMOTE_PROD)
		err = opt_error(&usage, "--carry can only be used with promote prod");
	if (!err)
		err = project_enter(&p, tmp, true);
	if (err)
		return err;
	err = promote_release(&job, p);
	if (!err && !job.dry_run)
		say_promoted(p, &job, log_clock() - begin);
	return err;
}
