/* Runs a build in a scratch database, at the cost of what really changed. */
#ifndef BUILD_SCRATCH_H
#define BUILD_SCRATCH_H

#include "base/error.h"
#include "build/build.h"
#include "build/dev_server.h"

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
	char *key;                 /* content hash of the state it was built to */
	struct db *db;             /* a connection to it; NULL when it was handed on */
	struct in_place *in_place; /* of build_run without CREATEDB, else NULL */
};
struct error *build_run(struct scratch **out, void *ctx, struct dev_server *dev,
			const struct build *b, size_t keep) MUST_CHECK;

struct model;
/* A new one with nothing but the model M; its key is that of a build that starts from M. */
struct error *scratch_load(struct scratch **out, void *ctx, struct dev_server *dev,
			   const struct model *m) MUST_CHECK;
/* The same without CREATEDB, in S itself: it is emptied first. */
struct error *scratch_reload(struct scratch *s, const struct model *m) MUST_CHECK;

/* Becomes the development database, see swap_in. */
struct error *scratch_swap_in(struct scratch *s) MUST_CHECK;
/* Becomes (untouched since the build) the template of its key, or is dropped when there is one. */
struct error *scratch_to_template(struct scratch *s) MUST_CHECK;

/* Asks the server, without waiting, for a spare copy of the state of B's first KEEP patches, so
 * that the next build starts with a rename. */
void build_prepare_spare(struct dev_server *dev, const struct build *b, size_t keep);

#endif
