/*
 * The roles and extensions listed in .hop/config, which patches need but do not create. Roles
 * belong to the server; git hop never drops one.
 */
#ifndef RUN_REQUIREMENTS_H
#define RUN_REQUIREMENTS_H

#include <stdbool.h>

#include "base/error.h"
#include "port/conf.h"
#include "port/db.h"

/*
 * On a development server: creates missing roles without LOGIN, and grants them to the role MEMBER,
 * which OWNER TO and SET ROLE require. If the current role lacks the privileges, ERROR_NO with the
 * statements for an administrator.
 */
struct error *requirements_make_roles(struct db *db, const struct conf *conf,
				      const char *member) MUST_CHECK;
/* Is there anything to create? */
struct error *requirements_lack_roles(bool *out, struct db *db, const struct conf *conf) MUST_CHECK;
/*
 * In a database being built: creates missing extensions. If this fails, ERROR_NO with the
 * statements to run.
 */
struct error *requirements_make_extensions(struct db *db, const struct conf *conf) MUST_CHECK;
/* The same for one, which may be there already; TAIL, " SCHEMA s" for example, follows its name. */
struct error *requirements_make_extension(struct db *db, const char *name,
					  const char *tail) MUST_CHECK;

/*
 * In a production database: ERROR_NO with the statements to run if a role or extension is missing;
 * nothing is created. TEXTS (NULL-terminated) are the files that will run: the current role must be
 * a member of the listed roles that they name in OWNER TO, SET ROLE or AUTHORIZATION.
 */
struct error *requirements_check(struct db *db, const struct conf *conf,
				 const char *const *texts) MUST_CHECK;

/* Does the file TEXT contain CREATE EXTENSION for EXTENSION? */
bool requirements_creates(const char *text, const char *extension);

#endif
