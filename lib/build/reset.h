/* Empties the development database object by object, for roles without CREATEDB. */
#ifndef BUILD_RESET_H
#define BUILD_RESET_H

#include "base/error.h"
#include "build/dev_server.h"

/*
 * DB is connected to the development database, which dev_server_may_replace and which is locked.
 * ERROR_NO, with nothing changed, when other roles own objects in it; extensions of others stay.
 * From here to the end of the build it says what it is, and that nothing was applied.
 */
struct error *reset_database(struct dev_server *dev, struct db *db) MUST_CHECK;

#endif
