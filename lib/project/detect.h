/* A guess at how a project runs its tests, from the files that it has. */
#ifndef PROJECT_DETECT_H
#define PROJECT_DETECT_H

#include "base/error.h"
#include "port/repo.h"

/*
 * The shell line, and the file that suggests it ("pytest.ini"), for the folder DIR; NULL if there
 * is none. Settings of pytest, a check or test target of make, files that pytest would collect, and
 * pgTAP files count.
 */
struct error *detect_tests(char **command, char **because, void *ctx, const char *dir) MUST_CHECK;
/* The same for a commit or tree; no file is written. */
struct error *detect_tests_in(char **command, char **because, void *ctx, struct repo *repo,
			      const char *treeish) MUST_CHECK;

#endif
