/* A scratch database becomes the development database. */
#ifndef BUILD_SWAP_H
#define BUILD_SWAP_H

#include "base/error.h"
#include "build/dev_server.h"

/*
 * NAME, which has no connections, becomes the development database by rename; the one there before
 * is dropped, if dev_server_may_replace. The owner stays; settings (ALTER DATABASE ... SET) and
 * privileges of the old database are not carried over. ERROR_AGAIN when others keep connecting.
 */
struct error *swap_in(struct dev_server *dev, const char *name) MUST_CHECK;

#endif
