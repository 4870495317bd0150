/*
 * Nothing is published on a release branch or ho-prod unless exactly that tree has passed. A proof
 * builds a commit's database like an upgrade does, all patches in one transaction, and runs the
 * project's tests on it in a temporary worktree of that commit.
 *
 * Calling sequence:
 *
 *   prove_open(&proof, ctx)    reads .hop/config in the repository, without contacting the server.
 *                              If proof.tests is set now, tests will run: take locks here
 *                              (publish/lock.h), before spending time
 *   prove_build(&proof, ctx)   builds the scratch database proof.scratch
 *   ...                        here a commit with the results (the model) can be made and assigned
 *                              to proof.commit. It must differ from the old one only in files that
 *                              affect neither the build nor the test command
 *   prove_tests(&proof, ctx)   runs the tests, if there are any, which completes the proof
 */
#ifndef BUILD_PROVE_H
#define BUILD_PROVE_H

#include <stdbool.h>

#include "base/error.h"
#include "core/version.h"
#include "build/scratch.h"
#include "build/dev_server.h"

struct proof {
	/* Set by the caller, which keeps the strings. */
	struct dev_server *dev;
	const char *commit; /* the new tip of the branch; a tree until prove_tests */
	const char *before; /* a commit whose test command must pass as well; NULL: none */
	const struct version *branch;  /* the version in the name of the release branch */
	const struct version *release; /* HOP_RELEASE; NULL: the release of the patches */
	const char *patch;             /* HOP_PATCH; NULL: none */
	const struct build_look *look; /* of its build; NULL: none */
	bool again;                    /* make a template of this state, which will be built on */

	/* prove_open */
	bool tests;          /* tests will run */
	const char *command; /* the test command */
	const char *old;     /* the test command of BEFORE if it differs; NULL: none */
	const char *removed; /* the test command of BEFORE if the commit has none; NULL: none */
	int timeout;         /* seconds after which a run fails (hop.testTimeout); 0: never */

	/* prove_build */
	struct build *build;
	struct scratch *scratch; /* after prove_tests as the tests left it */
};

/*
 * ERROR_NO if .hop/config is missing, invalid or that of another project, or if it has no test
 * command but the commit contains tests (project/detect.h).
 */
struct error *prove_open(struct proof *proof, void *ctx) MUST_CHECK;
/* ERROR_NO if a file of a patch fails. The database is dropped when CTX is freed. */
struct error *prove_build(struct proof *proof, void *ctx) MUST_CHECK;
/*
 * Runs the test commands, each with sh in a worktree of the commit and on a database of its own,
 * which PG* and HOP_* name. ERROR_NO with the last lines of output if one fails, is killed, cannot
 * be started or exceeds hop.testTimeout; if there is more output, the hint names its file. Removes
 * the worktree, and kills processes left in the process group of the tests.
 */
struct error *prove_tests(struct proof *proof, void *ctx) MUST_CHECK;

#endif
