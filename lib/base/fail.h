/*
 * Failpoints, compiled in only with --enable-failpoints. HOP_FAIL=NAME:N:ACTION acts when a process
 * reaches NAME for the Nth time (from 1): kill (sends itself SIGKILL), error (returns ERROR_FAIL)
 * or stop (sends itself SIGSTOP, for tests of races). HOP_FAIL=list prints each name reached to
 * standard error.
 */
#ifndef BASE_FAIL_H
#define BASE_FAIL_H

#include "base/error.h"

struct error *fail_point(const char *name) MUST_CHECK;

#endif
