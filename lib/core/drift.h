/* Compares two schemas, those of a database and a version, object by object. */
#ifndef CORE_DRIFT_H
#define CORE_DRIFT_H

#include <stddef.h>

enum drift_kind {
	DRIFT_ADDED,   /* only in the database */
	DRIFT_MISSING, /* only in the version */
	DRIFT_CHANGED
};

struct drift_item {
	enum drift_kind kind;
	char *object; /* "TABLE public.users", "FK CONSTRAINT public.users users_org_fkey" */
	/* Why an upgrade may go on: "a partition", "an extension", "ignored"; NULL: it may not. */
	const char *tolerated;
	/* If changed: lines that only one side has, "- " of the version, "+ " of the database. */
	char **lines;
};

struct drift {
	struct drift_item *items; /* sorted by schema and name */
	size_t count;
	size_t blocking; /* those that are not tolerated */
};

/*
 * EXPECTED and FOUND are schemas as a model has them (build/model.h); what belongs to the database
 * as a whole is left out. The order of statements and that of columns do not count.
 *
 * Tolerated are objects that match IGNORE (patterns of fnmatch(3) for SCHEMA.NAME, NULL: none),
 * partitions that only one side has, with all that belongs to them, and extensions that the
 * database has in addition or in another version.
 */
void drift_compare(struct drift *out, void *ctx, const char *expected, const char *found,
		   char *const *ignore);

#endif
