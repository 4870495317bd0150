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
 *   prove_tests(&proof, ctx)   runs the tests, if there are any; the proof is complete
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
	const char *before; /* a commit whose test command must pass, too; NULL: none */
	const struct version *branch;  /* the version in the name of the release branch */
	const struct version *release; /* HOP_RELEASE; NULL: the one that the patches are of */
	const char *patch;             /* HOP_PATCH; NULL: none */
	bool again; /* more will be built on this state: tests leave a template of it */

	/* prove_open */
	bool tests;          /* tests will run */
	const char *command; /* with this command */
	const char *old;     /* and with the other one, of BEFORE; NULL: none */
	const char *removed; /* the command that BEFORE has and the commit does not; NULL: none */
	int timeout;         /* seconds that each run may take (hop.testTimeout); 0: any time */

	/* prove_build */
	struct build *build;
	struct scratch *scratch; /* after prove_tests as the tests left it */
};

/*
 * ERROR_NO: .hop/config is missing, cannot be read, or is that of another project; or it does not
 * say how to run tests, and there are some (project/detect).
 */
struct error *prove_open(struct proof *proof, void *ctx) MUST_CHECK;
/* ERROR_NO: a file of a patch failed. The database is dropped with CTX. */
struct error *prove_build(struct proof *proof, void *ctx) MUST_CHECK;
/*
 * Runs the test commands, each as a shell line in a work tree of the commit and on a database of
 * its own, that PG* and HOP_* lead to. ERROR_NO with the last lines of the output when one fails,
 * is killed, cannot be started or takes longer than hop.testTimeout; more of the output is in a
 * file that the hint names. The work tree is gone afterwards in any case, and so are processes
 * that the tests left in their group.
 */
struct error *prove_tests(struct proof *proof, void *ctx) MUST_CHECK;

#endif
