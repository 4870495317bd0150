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
/* Whether TEXT is canonical. */
bool patch_id_valid(const char *text);

enum patch_file_kind {
	PATCH_SQL,    /* .sql */
	PATCH_PSQL,   /* .psql */
	PATCH_PYTHON, /* .py */
	PATCH_README, /* README.md: passed over silently */
	PATCH_OTHER   /* passed over with a warning */
};
enum patch_file_kind patch_file_kind(const char *name); /* by the ending, case matters */

enum patch_mark { MARK_NONE, MARK_NO_TRANSACTION, MARK_BOOTSTRAP };

/*
 * The marker on the first line: "-- @HOP:no-transaction", "-- @HOP:bootstrap" ("# @HOP:..." in
 * Python); white space around it and a BOM before it do not matter. STRAY (may be NULL) is set
 * to the line number of an "@HOP:" comment line further down, which does nothing, or 0; an
 * unknown word on the first line is ERROR_NO.
 */
struct error *patch_mark_parse(enum patch_mark *out, int *stray, enum patch_file_kind kind,
			       const char *text, size_t length) MUST_CHECK;

/* strcmp order, for qsort over char *: the order in which files run. */
int patch_file_order(const void *a, const void *b);

#endif
