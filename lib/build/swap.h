/* Makes a scratch database the development database. */
#ifndef BUILD_SWAP_H
#define BUILD_SWAP_H

#include "base/error.h"
#include "build/dev_server.h"

/*
 * Renames NAME, which must not have connections, to the development database and drops the old one,
 * subject to dev_server_may_replace. Keeps the owner, but not the settings (ALTER DATABASE ... SET)
 * and privileges of the old database. ERROR_AGAIN if other sessions keep connecting.
 */
struct error *swap_in(struct dev_server *dev, const char *name) MUST_CHECK;

#endif
