/*
 * Failpoints, compiled in with --enable-failpoints only. HOP_FAIL=NAME:N:ACTION acts at the Nth
 * time (from 1) that NAME is reached in a process: kill (SIGKILL to itself), error (an
 * ERROR_FAIL), stop (SIGSTOP to itself, for races). HOP_FAIL=list prints each name reached to
 * stderr.
 */
#ifndef BASE_FAIL_H
#define BASE_FAIL_H

#include "base/error.h"

struct error *fail_point(const char *name) MUST_CHECK;

#endif
