/*
 * build(tree): a database with the production schema of a tree and then patches, in order. This is
 * what is to be built; build/scratch.h runs it.
 */
#ifndef BUILD_BUILD_H
#define BUILD_BUILD_H

#include <stdbool.h>

#include "base/error.h"
#include "core/version.h"
#include "build/dev_server.h"

struct build_patch {
	char *id;
	char *tree; /* tree hash of Patches/ID: an object of the repository */
};

/* What is to be built. */
struct build {
	char *commit;        /* commit or tree that holds .hop/model */
	struct version base; /* the production version that this model is of */
	struct version
		release; /* that the patches are of, for hop's rows; as base when there are none */
	struct build_patch *patches;
	size_t count;
	/*
	 * All patches in one transaction on top of the base, as an upgrade runs them: finds what
	 * only fails there, such as a new value of an enum that a later patch uses. No template but
	 * that of the base helps then.
	 */
	bool as_upgrade;
	/* Whose roles and extensions are needed; NULL: .hop/config of the commit. */
	const struct conf *conf;
	/* A dump that stands in for the production schema, with its rows; NULL: none. */
	const char *dump;
};

/*
 * The build of a release branch at COMMIT: its production version, then the patches that its list
 * has as staged. They are patches of RELEASE, or of the next hotfix where RELEASE is in production
 * there.
 */
struct error *build_of_release(struct build **out, void *ctx, struct project *p, const char *commit,
			       const struct version *release) MUST_CHECK;
/* The build of production VERSION as ho-prod's COMMIT has it: no patches. ERROR_NO when it is not
 * known there. */
struct error *build_of_version(struct build **out, void *ctx, struct project *p, const char *commit,
			       const struct version *version) MUST_CHECK;

/* Adds a patch, which runs after those that B has. */
void build_add(struct build *b, const char *id, const char *tree);

#endif
