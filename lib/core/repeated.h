/* Finds the IDs that a list has twice, without comparing each with each. */
#ifndef CORE_REPEATED_H
#define CORE_REPEATED_H

#include "base/error.h"

struct repeated { /* all zero at first */
	struct repeated_id {
		const char *id;
		int line;
	} * ids; /* a talloc array */
	size_t count;
};

/* ID is not copied. */
void repeated_add(struct repeated *seen, void *ctx, const char *id, int line);
/* ERROR_FAIL with NAME:LINE of the first line that repeats an ID. Call this once, at the end. */
struct error *repeated_check(struct repeated *seen, const char *name) MUST_CHECK;

#endif
