/*
 * The one major version of PostgreSQL that a project is for ([hop] postgresql): another one writes
 * another schema for the same patch. Nothing is checked where .hop/config does not name one.
 */
#ifndef RUN_MAJOR_H
#define RUN_MAJOR_H

#include "base/error.h"
#include "port/conf.h"
#include "port/db.h"

/* For what is to be published: ERROR_NO when the server is of another major. */
struct error *major_require(const struct conf *conf, const struct db *db) MUST_CHECK;
/* For what stays here: ERROR_NO for an older server, a warning for a newer one. */
struct error *major_accept(const struct conf *conf, const struct db *db) MUST_CHECK;
/* Warns when the production server is of another major. */
void major_compare(const struct conf *conf, const struct db *db);
/* Warns when there is no pg_dump for the server, or only a newer one. */
void major_check_tools(struct db *db);

#endif
