/*
 * Guarantee 3: nothing reaches a release branch or ho-prod that was not validated on exactly that
 * tree. A proof builds a commit's database as an upgrade would, all patches in one transaction, and
 * runs the project's tests on it in a temporary work tree of that commit.
 *
 * Calling sequence:
 *
 *   prove_open(&proof, ctx)    reads .hop/config in the repository; no server is asked. After it
 *                              proof.tests says whether tests will run: take locks here
 *                              (publish/lock), before time is spent
 *   prove_build(&proof, ctx)   builds the scratch database proof.scratch
 *   ...                        a commit that holds what was built (the model) is made here, and
 *                              proof.commit is set to it: it differs from what was built in files
 *                              that no build and no test command is read from
 *   prove_tests(&proof)        runs the tests, if there are any; the proof is complete
 */
#ifndef BUILD_PROVE_H
#define BUILD_PROVE_H

#include <stdbool.h>

#include "base/error.h"
#include "core/version.h"
#include "build/scratch.h"
#include "build/dev_server.h"

struct proof {
	/* What is to be proven; the texts are the caller's. */
	struct dev_server *dev;
	const char *commit; /* what the release branch would be; a tree until prove_tests */
	const struct version *branch;  /* the version in that branch's name */
	const struct version *release; /* HOP_RELEASE; NULL: the one that the patches are of */
	const char *patch;             /* HOP_PATCH; NULL: none */
	bool again; /* more will be built on this state: tests leave a template of it */

	/* What came of it. */
	bool tests;              /* prove_open: tests will run */
	char *command;           /* their command; NULL or "": none */
	struct build *build;     /* prove_build */
	struct scratch *scratch; /* prove_build; after prove_tests as the tests left it */
};

/* ERROR_NO: .hop/config is missing, cannot be read, or is that of another project. */
struct error *prove_open(struct proof *proof, void *ctx) MUST_CHECK;
/* ERROR_NO: a file of a patch failed. The database is dropped with CTX. */
struct error *prove_build(struct proof *proof, void *ctx) MUST_CHECK;
/*
 * Runs the test command of the commit's own .hop/config as a shell line in a work tree of the
 * commit, with PG* and HOP_* leading to the scratch database. ERROR_NO with the last lines of its
 * output when it fails, is killed or cannot be started; the work tree is gone afterwards in any
 * case.
 */
struct error *prove_tests(struct proof *proof) MUST_CHECK;

#endif
