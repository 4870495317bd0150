/*
 * What patches need and no patch makes: the roles and extensions that .hop/config lists. Roles
 * belong to the server and outlive every database of hop's, which never drops one.
 */
#ifndef RUN_REQUIREMENTS_H
#define RUN_REQUIREMENTS_H

#include <stdbool.h>

#include "base/error.h"
#include "port/conf.h"
#include "port/db.h"

/*
 * On a development server: creates the roles that are missing, without LOGIN, and makes the current
 * role a member of them, as OWNER TO and SET ROLE need it. ERROR_NO with the statements for an
 * administrator when the current role may not.
 */
struct error *requirements_make_roles(struct db *db, const struct conf *conf) MUST_CHECK;
/* In a database that is being built: the extensions. ERROR_NO with the statements, too. */
struct error *requirements_make_extensions(struct db *db, const struct conf *conf) MUST_CHECK;

/*
 * In a production database, where nothing is made: ERROR_NO with the statements to run when a role
 * or an extension is missing. TEXTS (ends with NULL) are the files that are to run: where they say
 * OWNER TO, SET ROLE or AUTHORIZATION and a listed role, the current role must be able to become
 * it.
 */
struct error *requirements_check(struct db *db, const struct conf *conf,
				 const char *const *texts) MUST_CHECK;

/* Whether the file TEXT has CREATE EXTENSION for EXTENSION. */
bool requirements_creates(const char *text, const char *extension);

#endif
