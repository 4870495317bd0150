/* What tests and programs of the project print: bounded in memory, kept in a file if it is long. */
#ifndef RUN_OUTPUT_H
#define RUN_OUTPUT_H

#include "base/error.h"
#include "base/proc.h"
#include "project/leftovers.h"
#include "project/project.h"

/*
 * Calling sequence:
 *
 *   output_open(&proc, ...)    sets how PROC is run; the caller adds argv, dir, env and timeout
 *   proc_run(ctx, &proc)
 *   output_add(err, ...)       adds the last lines to the error of a run that failed
 *   output_close(&proc)        removes the file
 */

/*
 * PROC becomes a process group of its own, whose output goes to COMMON/hop/NAME-PID.log, which LEFT
 * lists, and is shown with -v. Processes that it leaves behind get two seconds.
 */
struct error *output_open(struct proc *proc, void *ctx, struct project *p, const char *name,
			  struct leftovers *left) MUST_CHECK;
/* If there is more than ERR can show, all of it is kept as COMMON/hop/NAME.log. */
struct error *output_add(struct error *err, struct project *p, const struct proc *proc,
			 const char *name) MUST_CHECK;
void output_close(const struct proc *proc);

#endif
