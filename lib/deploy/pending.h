/*
 * Determines what can be applied to a production database: the releases on its path, read from
 * their tags.
 */
#ifndef DEPLOY_PENDING_H
#define DEPLOY_PENDING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "core/recipe.h"
#include "core/version.h"
#include "project/bootstrap_read.h"
#include "project/project.h"
#include "port/db.h"
#include "run/steps.h"

struct pending_patch {
	char *id;
	char *hash; /* of the tree Patches/ID at the tag */
	bool skip;  /* already applied with the same contents */
	struct recipe *recipe;
};

/* Data scripts, each of which runs in a transaction of its own. */
struct pending_scripts {
	struct bootstrap_file *list;
	size_t count;
};

struct pending_release {
	char *version;
	char *commit;          /* of its tag */
	struct script *schema; /* of the baseline: run first; NULL: none */
	struct pending_patch *patches;
	size_t count;
	struct pending_scripts scripts; /* run after it */
	struct steps_begun begun;       /* what is recorded of it, if it is under way */
};

struct pending {
	char *from; /* version of the database; NULL: none */
	char *to;
	struct pending_scripts scripts;   /* of the version that it is at: run first */
	struct pending_release *releases; /* in order */
	size_t count;
};

/*
 * Plans the path from the version of the database of DB (FRESH: it is empty) to TO or, if TO is
 * NULL, to the newest release. Reads all files, so everything missing in the repository is reported
 * here: ERROR_FAIL for a tag that is missing or lacks a patch; ERROR_NO for a tag that does not
 * count, for what plan_make refuses, and for a database at a version that is not on ho-prod.
 */
struct error *pending_read(struct pending **out, void *ctx, struct project *p, struct db *db,
			   bool fresh, const struct version *to) MUST_CHECK;

/* The same without releases: only the data scripts of the version that the database is at. */
struct error *pending_read_scripts(struct pending **out, void *ctx, struct project *p,
				   struct db *db) MUST_CHECK;

/*
 * ERROR_NO with all files that cannot run, with ATOMIC in one transaction, and for a step of a
 * release under way that the operator has to decide. Call before changing anything.
 */
struct error *pending_check(const struct pending *pending, bool atomic) MUST_CHECK;

/* The first step of a release that is not done. */
struct pending_step {
	const struct recipe_file *file;  /* NULL: none, all files are done */
	int statement;                   /* from 1; 0: the file as a whole */
	const struct record_step *known; /* what is recorded of it; NULL: it was not started */
	size_t done, files;              /* files of the release that are done, and all */
};
void pending_step(struct pending_step *out, const struct pending_release *release);

/* Is the release not one transaction? Then its steps are recorded. */
bool pending_has_steps(const struct pending_release *release);
/* The release that is under way; NULL: none. */
const struct pending_release *pending_under_way(const struct pending *pending);

/*
 * Reads what is recorded of releases under way. ERROR_NO if that is of a release that is not
 * pending, or of other contents of a patch. A part of pending_read.
 */
struct error *pending_read_begun(struct pending *pending, struct db *db) MUST_CHECK;
/* Reads it again, for one release. */
struct error *pending_reload(struct pending_release *release, void *ctx, struct db *db) MUST_CHECK;
/*
 * The operator has decided the open step: it is in the file REDO, and runs again, or in DONE, and
 * is done. Either may be NULL. ERROR_NO if the file has no step that was started and is not done.
 */
struct error *pending_decide(struct pending *pending, const char *redo,
			     const char *done) MUST_CHECK;

/* Counts the files that will run and their statements. */
void pending_total(size_t *files, size_t *statements, const struct pending_release *release);

#endif
