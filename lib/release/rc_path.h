/* Databases at a release candidate that a hotfix was promoted after. */
#ifndef RELEASE_RC_PATH_H
#define RELEASE_RC_PATH_H

#include "base/error.h"
#include "build/scratch.h"
#include "project/catalog.h"

/*
 * A hotfix runs before the patches of a release candidate that was made before it in production,
 * and after them in a database at that release candidate. What is proven is that order.
 *
 * Calling sequence:
 *
 *   rc_paths_build(&paths, ...)     builds each such database, one after the other, and keeps what
 *                                   it has in it
 *   ...                             the build of the release itself (prove_build)
 *   rc_paths_compare(paths, built)  compares
 */
struct rc_paths;

struct rc_paths_request {
	struct dev_server *dev;
	const struct catalog *catalog;
	const struct open_release *release; /* the release being promoted */
	const char *tree;                   /* tree of the release, with production merged */
	const struct conf *conf;            /* configuration in that tree */
};

/*
 * For each release candidate with a tag that runs the patches in another order: of the release, or,
 * for a hotfix, of the releases in preparation. ERROR_NO: a file fails there.
 */
struct error *rc_paths_build(struct rc_paths **out, void *ctx,
			     const struct rc_paths_request *request) MUST_CHECK;

/*
 * BUILT is the release. Columns of a relation may be in another order, rows only have to be as
 * many (they may have been made by volatile functions), and sequences are anywhere: ERROR_NO with
 * the lines that differ for all else. After a hotfix there is nothing to compare with.
 */
struct error *rc_paths_compare(const struct rc_paths *paths,
			       const struct scratch *built) MUST_CHECK;

#endif
