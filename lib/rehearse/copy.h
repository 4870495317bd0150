/* A copy of a production database, to rehearse in. */
#ifndef REHEARSE_COPY_H
#define REHEARSE_COPY_H

#include "base/error.h"
#include "build/dev_server.h"
#include "deploy/upgrade.h"

struct copy {
	struct dev_server *dev;
	bool beside; /* on the server of the database */
	char *name;  /* of the database; it is dropped when the copy is freed */
};

/*
 * Copies the schema of the database of U, and hop's rows, to the server of the connection string ON
 * or, if that is NULL, on the same server; if the role cannot create databases there, to the
 * private server. What a killed rehearsal has left on that server is dropped first.
 */
struct error *copy_schema(struct copy **out, void *ctx, struct upgrade *u,
			  const char *on) MUST_CHECK;
/*
 * The same with all rows, by way of a dump in TMPDIR. Owners and privileges are copied on the same
 * server only.
 */
struct error *copy_data(struct copy **out, void *ctx, struct upgrade *u, const char *on) MUST_CHECK;

#endif
