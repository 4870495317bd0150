/* The state of a command that changes shared refs, over its attempts. */
#include "publish/session.h"

struct session *session_new(void *ctx, struct project *p, bool dry_run)
{
	struct session *s = mem_new(ctx, struct session);

	s->project = p;
	s->dry_run = dry_run;
	return s;
}
