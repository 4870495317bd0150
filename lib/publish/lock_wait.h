/* Waiting for a lock that another command holds. */
#ifndef PUBLISH_LOCK_WAIT_H
#define PUBLISH_LOCK_WAIT_H

#include <stdbool.h>

#include "base/error.h"
#include "publish/lock_info.h"
#include "publish/session.h"

/*
 * Waits until the lock is released, replaced, or may be taken over (*OVER). Prints its holder, once
 * per command. ERROR_AGAIN if it is still there after TIMEOUT seconds.
 */
struct error *lock_wait(bool *over, struct session *s, const struct lock_info *info,
			int timeout) MUST_CHECK;

#endif
