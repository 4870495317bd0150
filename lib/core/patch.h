/* Patch IDs and the files of a patch. */
#ifndef CORE_PATCH_H
#define CORE_PATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * "N" or "N-words-in-lower-case": N is 1 to 999999999; after it, words of a-z and 0-9 joined by
 * single dashes, the whole at most 100 bytes. Leading zeros are dropped: ID is the canonical
 * form, allocated under ctx. ERROR_USAGE says what is expected.
 */
struct patch_id {
	int number;
	char *id;
};
struct error *patch_id_parse(struct patch_id *out, void *ctx, const char *text) MUST_CHECK;
/* Is TEXT a valid ID in canonical form? */
bool patch_id_valid(const char *text);

enum patch_file_kind {
	PATCH_SQL,    /* .sql */
	PATCH_PSQL,   /* .psql */
	PATCH_PYTHON, /* .py */
	PATCH_README, /* README.md: ignored silently */
	PATCH_OTHER   /* ignored with a warning */
};
enum patch_file_kind patch_file_kind(const char *name); /* by the ending, which is case-sensitive */

enum patch_mark { MARK_NONE, MARK_NO_TRANSACTION, MARK_BOOTSTRAP, MARK_IN_PATCH };

/*
 * Parses the marker on the first line: "-- @HOP:no-transaction" or "-- @HOP:bootstrap", in Python
 * "# @HOP:bootstrap" or "# @HOP:cwd=patch", ignoring white space and a BOM. ERROR_NO if the marker
 * is unknown. STRAY
 * (may be NULL) is the number of a later line with such a comment, which has no effect, or 0.
 */
struct error *patch_mark_parse(enum patch_mark *out, int *stray, enum patch_file_kind kind,
			       const char *text, size_t length) MUST_CHECK;

/* The order in which files run, that of strcmp; for qsort of char *. */
int patch_file_order(const void *a, const void *b);

#endif
