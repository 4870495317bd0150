/* What a database has beyond its version, or lacks: changes that no release made. */
#ifndef DEPLOY_DRIFT_H
#define DEPLOY_DRIFT_H

#include "base/error.h"
#include "core/drift.h"
#include "port/db.h"
#include "project/project.h"

/*
 * Compares the schema of DB, which is connected to CONNINFO and at VERSION, with the model of that
 * version. Where they do not have the same text, that model is loaded into a new database and
 * dumped again, see compare_load. A release candidate has no model: no differences are found.
 */
struct error *drift_find(struct drift *out, void *ctx, struct project *p, struct db *db,
			 const char *conninfo, const char *version) MUST_CHECK;

/*
 * The IDs of patches that were applied with other files than their release has now, or that the
 * database does not have although their release was applied: the history was rewritten, or the rows
 * of hop were changed.
 */
struct error *drift_patches(char ***out, void *ctx, struct project *p, struct db *db) MUST_CHECK;

/* "is only in the database" */
const char *drift_words(const struct drift_item *item);
/* "TABLE public.users is only in the database". */
char *drift_describe(void *ctx, const struct drift_item *item);
/* Notes what differs, what would stop an upgrade first. */
void drift_show(const struct drift *drift);

#endif
