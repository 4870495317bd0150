/* The project's own tests, in a temporary work tree, against a scratch database. */
#ifndef BUILD_VALIDATE_H
#define BUILD_VALIDATE_H

#include "base/error.h"
#include "core/version.h"
#include "build/build.h"
#include "build/dev_server.h"

struct validation {
	struct dev_server *dev;
	const char *commit;            /* what the work tree holds */
	const struct version *release; /* HOP_RELEASE */
	const char *patch;             /* HOP_PATCH; NULL: none */
};

/* Whether the project at COMMIT has a test command; says so on stderr when it has none. */
struct error *validate_has_tests(bool *out, struct project *p, const char *commit) MUST_CHECK;
/* The same, and nothing is said. */
struct error *validate_will_test(bool *out, struct project *p, const char *commit) MUST_CHECK;

/*
 * Runs the test command of the commit's own .hop/config as a shell line in a work tree of the
 * commit, with PG* and HOP_* leading to the database DBNAME. ERROR_NO with the last lines of its
 * output when it fails, is killed or cannot be started; the work tree is gone afterwards in any
 * case.
 */
struct error *validate_run(const struct validation *v, const char *dbname) MUST_CHECK;

#endif
