/* Runs a build in a scratch database, reusing states that have been built before. */
#ifndef BUILD_SCRATCH_H
#define BUILD_SCRATCH_H

#include "base/error.h"
#include "build/build.h"
#include "build/dev_server.h"

/*
 * Builds B in a new scratch database. It is dropped when *SCRATCH is freed (talloc), also after an
 * error or a signal, unless scratch_swap_in or scratch_to_template gives it another purpose.
 * Without CREATEDB, it is the development database itself, which is emptied first and never
 * dropped. If a file fails, ERROR_NO with file, line, column and SQLSTATE. KEEP: keep a template of
 * the first KEEP patches, because they will be built again.
 */
struct scratch {
	struct dev_server *dev;
	char *name;
	char *key;                 /* content hash of its state */
	struct db *db;             /* a connection to it; NULL when it has another purpose */
	struct in_place *in_place; /* of build_run without CREATEDB, else NULL */
	bool asked;                /* PLAIN is known, see session_ask_plain */
	bool plain;
	bool seeded; /* data scripts have run in it, so it is more than the state of its key */
};
struct error *build_run(struct scratch **out, void *ctx, struct dev_server *dev,
			const struct build *b, size_t keep) MUST_CHECK;

struct model;
/*
 * Makes a new one that contains only the model M, of a project with CONF; its key is that of a
 * build that starts from M.
 */
struct error *scratch_load(struct scratch **out, void *ctx, struct dev_server *dev,
			   const struct conf *conf, const struct model *m) MUST_CHECK;
/* The same without CREATEDB: empties S and loads M into it. */
struct error *scratch_reload(struct scratch *s, const struct conf *conf,
			     const struct model *m) MUST_CHECK;

/* Makes it the development database, see swap_in. */
struct error *scratch_swap_in(struct scratch *s) MUST_CHECK;
/*
 * Makes it the template of its key, or drops it if there is one already. It must not have been
 * changed since the build. Does nothing after data scripts have run in it: the next patch is built
 * on the state before them.
 */
struct error *scratch_to_template(struct scratch *s) MUST_CHECK;

/*
 * Makes the server prepare a spare copy of the state of B's first KEEP patches, without waiting for
 * it, so that the next build only has to rename it.
 */
void build_prepare_spare(struct dev_server *dev, const struct build *b, size_t keep);

#endif
