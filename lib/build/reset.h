/* Empties the development database object by object, for a role that may not create databases. */
#ifndef BUILD_RESET_H
#define BUILD_RESET_H

#include "base/error.h"
#include "build/build.h"
#include "build/dev_server.h"
#include "core/recipe.h"

/*
 * DB is connected to the development database, which dev_server_may_replace and which is locked.
 * From here to the end of the build it says what it is, and that nothing was applied.
 */
struct error *reset_database(struct dev_server *dev, struct db *db) MUST_CHECK;

/*
 * After the build: ERROR_NO when something in it depends on what was in the database before and is
 * not of hop's making, such as an extension that an administrator installed and .hop/config does
 * not list: no patch makes it, so production would lack it. An extension that a file creates if it
 * does not exist is a patch's. RECIPES are those of the patches.
 */
struct error *reset_check(struct dev_server *dev, struct db *db, const struct conf *conf,
			  const struct build *b, struct recipe *const *recipes) MUST_CHECK;

#endif
