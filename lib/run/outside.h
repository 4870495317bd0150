/*
 * What a file changed in schema hop and outside of its database, where it did not run in a
 * transaction: that is found only afterwards, by comparing.
 */
#ifndef RUN_OUTSIDE_H
#define RUN_OUTSIDE_H

#include "base/error.h"
#include "port/db.h"

struct outside;

/* Looks before the file runs. */
struct error *outside_look(struct outside **out, void *ctx, struct db *db) MUST_CHECK;
/*
 * Looks again. ERROR_NO if schema hop or a subscription of this database was changed. Warns if
 * something of the server was, which others may have done at the same time. NAME is the file.
 */
struct error *outside_compare(const struct outside *before, struct db *db,
			      const char *name) MUST_CHECK;

#endif
