/* The beginning of every command that works in a project. */
#include "care/enter.h"

#include "base/log.h"
#include "publish/checkout.h"
#include "care/hooks.h"
#include "project/leftovers.h"
#include "project/lock_files.h"
#include "project/remote.h"

/* Development would go on beside that of the others. */
static struct error *check_remote(struct project *p, bool must_develop)
{
	struct error *err = project_check_remote(p);

	if (!err || err->code != ERROR_NO || must_develop)
		return err;
	warn_error(err);
	error_free(err);
	return NULL;
}

struct error *project_enter(struct project **out, void *ctx, bool must_develop)
{
	struct error *err, *left;

	err = project_open(out, ctx, must_develop);
	if (!err)
		err = check_remote(*out, must_develop);
	if (err)
		return err;
	left = lock_files_begin(*out);
	if (!left)
		left = checkout_recover(*out);
	if (!left)
		left = leftovers_sweep(*out);
	if (!left)
		left = hooks_refresh(*out);
	/* A failed repair must not stop the command. */
	if (left)
		warn("%s", left->message);
	error_free(left);
	return NULL;
}
