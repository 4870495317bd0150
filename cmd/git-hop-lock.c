/* git hop lock: show or break locks on branches. */
#include "cmd.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/out.h"
#include "base/path.h"
#include "publish/lock.h"
#include "project/remote.h"
#include "records.h"
#include "verb.h"

struct wish {
	bool remove, yes, dry_run;
	const char *branch; /* NULL: the only one */
};

static void print(struct out *out, const struct lock_info *list, size_t count)
{
	SCOPE(tmp, NULL);

	for (size_t i = 0; i < count; i++) {
		if (out_is_text(out))
			out_print("%-20s %s\n  %s\n", list[i].branch,
				  lock_state_words(tmp, &list[i]), lock_words(tmp, &list[i]));
		record_lock(out, &list[i]);
	}
}

static struct error *choose(const struct lock_info **out, const struct lock_info *list,
			    size_t count, const char *branch)
{
	SCOPE(tmp, NULL);
	struct error *err;

	for (size_t i = 0; i < count; i++) {
		if (branch ? strcmp(list[i].branch, branch) == 0 : count == 1) {
			*out = &list[i];
			return NULL;
		}
	}
	if (branch)
		return error_hint(error_new(ERROR_NO, "there is no lock on '%s'", branch),
				  "git hop lock shows the locks");
	if (count == 0)
		return error_new(ERROR_NO, "there is no lock");
	err = error_new(ERROR_NO, "there are %zu locks; name a branch", count);
	for (size_t i = 0; i < count; i++)
		err = error_add_hint(err, "git hop lock --break %s",
				     path_quote(tmp, list[i].branch));
	return err;
}

static struct error *remove_lock(struct project *p, const struct lock_info *list, size_t count,
				 const struct wish *wish)
{
	SCOPE(tmp, NULL);
	const struct lock_info *info = NULL;
	struct error *err;

	if (p->production)
		return error_new(ERROR_NO, "locks cannot be broken in a production clone");
	err = choose(&info, list, count, wish->branch);
	if (err)
		return err;
	if (wish->dry_run) {
		out_print("would delete %s\n", info->ref);
		return NULL;
	}
	note("the lock on '%s' is held by %s", info->branch, lock_words(tmp, info));
	err = opt_confirm(wish->yes, mem_printf(tmp, "Break the lock on '%s'?", info->branch));
	if (!err)
		err = lock_break(session_new(tmp, p, false), info);
	if (!err)
		note("removed the lock on '%s'", info->branch);
	return err;
}

static struct error *check(struct call *c)
{
	struct wish *wish = c->request;

	wish->branch = c->args[0];
	if (!wish->remove && (wish->branch || wish->yes || wish->dry_run))
		return error_hint(error_new(ERROR_USAGE, "a branch, -n and -y require --break"),
				  "git hop lock --break [-n] [-y] [BRANCH]");
	if (wish->remove && c->format != OUT_TEXT)
		return error_new(ERROR_USAGE, "--porcelain and --json cannot be used with --break");
	return NULL;
}

static struct error *run(struct call *c)
{
	const struct wish *wish = c->request;
	struct lock_info *list;
	struct error *err;
	struct out *out;
	size_t count;

	err = project_fetch(c->project);
	if (!err)
		err = lock_list(&list, &count, c, c->project);
	if (err)
		return err;
	if (wish->remove)
		return remove_lock(c->project, list, count, wish);
	out = out_open(c, c->format, "lock");
	print(out, list, count);
	out_end(out);
	return NULL;
}

static const struct verb_opt opts[] = {
	{0, "break", OPT_FLAG, offsetof(struct wish, remove), NULL, "remove a lock"},
	{'n', "dry-run", OPT_FLAG, offsetof(struct wish, dry_run), NULL,
	 "with --break: print the ref, but do not delete it"},
	{'y', "yes", OPT_FLAG, offsetof(struct wish, yes), NULL,
	 "with --break: do not ask for confirmation"},
	VERB_OPT_END,
};

static const struct verb self = {
	.synopsis = "git hop lock [--porcelain | --json]\n"
		    "git hop lock --break [-n] [-y] [BRANCH]",
	.about = "Show or break locks on branches.",
	.opts = opts,
	.size = sizeof(struct wish),
	.max = 1,
	.needs = VERB_PROJECT | VERB_FORMATS,
	.check = check,
	.run = run,
};

static const struct program program = {&self, NULL};

struct error *command(int argc, char **argv)
{
	return program_run(&program, argc, argv);
}
