/* A guess at how a project runs its tests, from the files that it has. */
#ifndef CARE_DETECT_H
#define CARE_DETECT_H

#include "base/error.h"

/*
 * The shell line, and what speaks for it ("pytest.ini"), for the work tree DIR; NULL when
 * nothing does.
 */
struct error *detect_tests(char **command, char **because, void *ctx, const char *dir) MUST_CHECK;

#endif
