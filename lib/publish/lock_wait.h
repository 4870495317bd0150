/* Waiting for a lock that somebody else holds. */
#ifndef PUBLISH_LOCK_WAIT_H
#define PUBLISH_LOCK_WAIT_H

#include <stdbool.h>

#include "base/error.h"
#include "publish/lock_info.h"
#include "publish/session.h"

/*
 * Waits until the lock is gone or another one's, or may be taken over (*OVER), and says for whom,
 * once a command. ERROR_AGAIN when it is still there after TIMEOUT seconds.
 */
struct error *lock_wait(bool *over, struct session *s, const struct lock_info *info,
			int timeout) MUST_CHECK;

#endif
