/* git hop lock: show or break locks on branches. */
#include "cmd.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/path.h"
#include "publish/lock.h"
#include "reading.h"
#include "records.h"

struct wish {
	bool remove, yes, dry_run;
	const char *branch; /* NULL: the only one */
};

static void print(struct out *out, const struct lock_info *list, size_t count)
{
	SCOPE(tmp, NULL);

	for (size_t i = 0; i < count; i++) {
		if (out_is_text(out))
			printf("%-20s %-4s until %s\n  %s\n", list[i].branch,
			       lock_state_name(&list[i]),
			       lock_record_time(tmp, list[i].record.until),
			       lock_words(tmp, &list[i]));
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
		printf("would delete %s\n", info->ref);
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

struct error *command(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct wish wish = {.remove = false};
	const struct opt own[] = {
		{0, "break", OPT_FLAG, &wish.remove, NULL, "remove a lock"},
		{'n', "dry-run", OPT_FLAG, &wish.dry_run, NULL,
		 "with --break: print the ref, but do not delete it"},
		{'y', "yes", OPT_FLAG, &wish.yes, NULL,
		 "with --break: do not ask for confirmation"},
		OPT_END,
	};
	struct reading r = {
		.synopsis = "git hop lock [--porcelain | --json]\n"
			    "git hop lock --break [-n] [-y] [BRANCH]",
		.about = "Show or break locks on branches.",
		.own = own,
		.most = 1,
	};
	struct lock_info *list;
	struct error *err;
	struct out *out;
	size_t count;

	signals_catch();
	err = reading_begin(&r, tmp, argc, argv);
	if (err || r.done)
		return err;
	if (!wish.remove && (r.args[0] || wish.yes || wish.dry_run))
		return error_hint(error_new(ERROR_USAGE, "a branch, -n and -y require --break"),
				  "git hop lock --break [-n] [-y] [BRANCH]");
	if (wish.remove && r.format != OUT_TEXT)
		return error_new(ERROR_USAGE, "--porcelain and --json cannot be used with --break");
	wish.branch = r.args[0];
	err = project_fetch(r.project);
	if (!err)
		err = lock_list(&list, &count, tmp, r.project);
	if (err)
		return err;
	if (wish.remove)
		return remove_lock(r.project, list, count, &wish);
	out = out_open(tmp, r.format, "lock");
	print(out, list, count);
	out_end(out);
	return NULL;
}
