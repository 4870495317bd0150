/* The schema of a production database, and those of versions to compare it with. */
#ifndef DEPLOY_COMPARE_H
#define DEPLOY_COMPARE_H

#include <stddef.h>

#include "base/error.h"
#include "build/dev_server.h"
#include "build/model.h"
#include "core/version.h"
#include "port/db.h"
#include "project/project.h"

struct compare {
	struct project *project;
	struct conf *conf; /* of ho-prod as it is now */
	struct db *db;
	const char *conninfo;     /* of DB */
	char *commit;             /* of ho-prod */
	struct version *versions; /* production versions, lowest first */
	size_t count;
	char *schema;           /* of the database */
	struct dev_server *dev; /* where versions are built; NULL until one is */
};

/* Dumps the schema of DB, which is connected to CONNINFO. Both must outlive *OUT. */
struct error *compare_open(struct compare **out, void *ctx, struct project *p, struct db *db,
			   const char *conninfo) MUST_CHECK;

/* The model of a version, as the repository has it. */
struct error *compare_model(struct model **out, void *ctx, const struct compare *c,
			    const struct version *v) MUST_CHECK;

/*
 * The schema of a version, dumped on the server of the database: the dump of another server or
 * another pg_dump can differ in form. Without CREATEDB there, the private server takes its place.
 */
struct error *compare_load(char **schema, void *ctx, struct compare *c,
			   const struct version *v) MUST_CHECK;

/*
 * The same of the database itself: its dump, loaded into a new database and dumped again, because a
 * dump is not always the same after it has been loaded. V is its version.
 */
struct error *compare_reload(char **schema, void *ctx, struct compare *c,
			     const struct version *v) MUST_CHECK;

#endif
