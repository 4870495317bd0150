/* A copy of a production database, to rehearse in. */
#ifndef REHEARSE_COPY_H
#define REHEARSE_COPY_H

#include "base/error.h"
#include "build/dev_server.h"
#include "deploy/upgrade.h"

struct copy {
	struct dev_server *dev;
	char *name; /* of the database; it is dropped when the copy is freed */
};

/*
 * Copies the schema of the database of U, and hop's rows, on the same server or, if the role cannot
 * create databases there, on the private server. What a killed rehearsal has left on that server is
 * dropped first.
 */
struct error *copy_schema(struct copy **out, void *ctx, struct upgrade *u) MUST_CHECK;

#endif
