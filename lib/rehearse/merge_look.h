/* Finds what a patch that is about to be merged would block in production. */
#ifndef REHEARSE_MERGE_LOOK_H
#define REHEARSE_MERGE_LOOK_H

#include "base/error.h"
#include "build/prove.h"

/*
 * Calling sequence: merge_look_open, before prove_build; merge_look_end, after it.
 *
 * The build of the proof is looked at once, at its end. Only if it locked a table of the production
 * version and did what takes long, it is built again, in another database, and measured statement
 * by statement.
 */
struct merge_look;

/* Sets PROOF->look, unless [rehearse] merge of the commit is off. */
struct error *merge_look_open(struct merge_look **out, void *ctx, struct proof *proof) MUST_CHECK;
/* Warns of what PROOF->patch would block. ERROR_NO if [rehearse] merge is refuse. */
struct error *merge_look_end(struct merge_look *look) MUST_CHECK;

#endif
