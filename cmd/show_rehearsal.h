/* Prints what a rehearsal has measured and found. */
#ifndef CMD_SHOW_REHEARSAL_H
#define CMD_SHOW_REHEARSAL_H

#include "base/error.h"
#include "base/out.h"
#include "rehearse/rehearsal.h"

/* All of it, in the format of OUT. */
void show_rehearsal(struct out *out, const struct rehearsal *r);

/* ERROR_NO if there are findings that are not allowed. */
struct error *rehearsal_verdict(const struct rehearsal *r) MUST_CHECK;

#endif
