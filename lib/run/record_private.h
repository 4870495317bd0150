/* Shared by the files of run/record.h. */
#ifndef RUN_RECORD_PRIVATE_H
#define RUN_RECORD_PRIVATE_H

#include "run/record.h"

/* Times in dumps must not depend on the time zone. */
#define UTC(column) "to_char(" column " at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00'"

/* A row of hop.patch, as text. */
struct patch_row {
	const char *version, *id, *hash, *position, *duration, *at;
};

/* In the order of releases and then of position. */
struct error *record_patch_rows(struct patch_row **out, size_t *count, void *ctx,
				struct db *db) MUST_CHECK;

#endif
