/* The entrance of every command that works in a project. */
#include "flow/enter.h"

#include "base/log.h"
#include "flow/follow.h"
#include "flow/hooks.h"
#include "flow/litter.h"

struct error *project_enter(struct project **out, void *ctx, bool must_develop)
{
	struct error *err, *left;

	err = project_open(out, ctx, must_develop);
	if (err)
		return err;
	left = follow_recover(*out);
	if (!left)
		left = litter_sweep_worktrees(*out);
	if (!left)
		left = hooks_refresh(*out);
	/* What cannot be put right must not stop the command. */
	if (left)
		warn("%s", left->message);
	error_free(left);
	return NULL;
}
