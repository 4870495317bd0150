/*
 * build(tree): a database with the production schema of a tree and then patches, in order, at the
 * cost of what really changed: content-addressed template databases for prefixes, a spare copy of
 * the one needed next.
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
	char *commit; /* commit or tree that holds .hop/model */
	struct version
		base; /* its production version: schema-BASE.sql and metadata-BASE.sql are loaded */
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

/* Adds a patch at the end, or in the place (from 0) that the list of the release gives it. */
struct error *build_add(struct build *b, const char *id, const char *tree,
			size_t position) MUST_CHECK;

/*
 * A new scratch database with that state; it is dropped when *SCRATCH is freed (talloc), also after
 * an error or a signal, unless it was handed on by one of the two below. Without CREATEDB it is the
 * development database itself, which is emptied first and never dropped. A file that fails is
 * ERROR_NO with file, line, column, SQLSTATE. KEEP: how many of the first patches make the prefix
 * worth a template (those that will be built again).
 */
struct scratch {
	struct dev_server *dev;
	char *name;
	char *key;     /* content hash of the state it was built to */
	struct db *db; /* a connection to it; NULL when it was handed on */
};
struct error *build_run(struct scratch **out, void *ctx, struct dev_server *dev,
			const struct build *b, size_t keep) MUST_CHECK;

/*
 * Becomes the development database by rename; the one there before is dropped, if
 * dev_server_may_replace. The owner stays; settings (ALTER DATABASE ... SET) and privileges of the
 * old database are not carried over.
 */
struct error *scratch_swap_in(struct scratch *s) MUST_CHECK;
/* Becomes (untouched since the build) the template of its key, or is dropped when there is one. */
struct error *scratch_to_template(struct scratch *s) MUST_CHECK;

/* Drops, without waiting, some of the templates that are too many or too old; LOOK: only counts
 * them. */
struct error *build_tidy(size_t *count, struct dev_server *dev, bool look) MUST_CHECK;

/* Asks the server, without waiting, for a spare copy of the state of B's first KEEP patches, so
 * that the next build starts with a rename. */
void build_prepare_spare(struct dev_server *dev, const struct build *b, size_t keep);

#endif
