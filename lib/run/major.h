/*
 * The major version of PostgreSQL that a project is for ([hop] postgresql): with another one, the
 * same patch can give another schema. Nothing is checked if .hop/config does not name one.
 */
#ifndef RUN_MAJOR_H
#define RUN_MAJOR_H

#include "base/error.h"
#include "port/conf.h"
#include "port/db.h"

/* For what will be published: ERROR_NO if the server has another major version. */
struct error *major_require(const struct conf *conf, const struct db *db) MUST_CHECK;
/* For what stays local: ERROR_NO for an older server, a warning for a newer one. */
struct error *major_accept(const struct conf *conf, const struct db *db) MUST_CHECK;
/* Warns if the production server has another major version. */
void major_compare(const struct conf *conf, const struct db *db);
/* Warns if there is no pg_dump for the server, or only a newer one. */
void major_check_tools(struct db *db);

#endif
