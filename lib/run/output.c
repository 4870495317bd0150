/* What tests and programs of the project print. */
#include "run/output.h"

#include <stdio.h>
#include <unistd.h>

#include "base/log.h"
#include "base/path.h"

#define TAIL_LINES 30
#define TAIL_BYTES (16 << 10)
#define LOG_BYTES ((size_t)64 << 20)
#define LINGER 2.0 /* seconds granted to processes left behind */

struct error *output_open(struct proc *proc, void *ctx, struct project *p, const char *name,
			  struct leftovers *left)
{
	struct error *err;
	char *log;

	err = project_place(&log, ctx, p, mem_printf(ctx, "%s-%ld.log", name, (long)getpid()));
	if (!err)
		err = leftovers_add(left, "folder", log);
	if (err)
		return err;
	unlink(log); /* of an earlier process with our process ID */
	*proc = (struct proc){
		.group = true,
		.capture = true,
		.merge = true,
		.linger = LINGER,
		.keep = TAIL_BYTES,
		.log = log,
		.log_limit = LOG_BYTES,
		.show = log_verbosity() > 0,
	};
	return NULL;
}

struct error *output_add(struct error *err, struct project *p, const struct proc *proc,
			 const char *name)
{
	SCOPE(tmp, p);
	const char *tail = proc_tail(proc->output, TAIL_LINES);
	struct error *failed;
	char *kept;

	if (!proc->show && *tail)
		err = error_detail(err, "%s", tail);
	if (tail == proc->output && proc->output_length < TAIL_BYTES)
		return err;
	failed = project_place(&kept, tmp, p, mem_printf(tmp, "%s.log", name));
	if (!failed && rename(proc->log, kept) == 0)
		err = error_add_hint(err, "the output is in %s", path_quote(tmp, kept));
	error_free(failed);
	return err;
}

void output_close(const struct proc *proc)
{
	unlink(proc->log);
}
