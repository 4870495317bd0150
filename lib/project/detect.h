/* Guesses the test command of a project from its files. */
#ifndef PROJECT_DETECT_H
#define PROJECT_DETECT_H

#include "base/error.h"
#include "port/repo.h"

/*
 * The test command for the directory DIR and the file that suggests it ("pytest.ini"); NULL if
 * there is none. Looks for settings of pytest, targets "check" and "test" of make, files that
 * pytest would collect, and pgTAP files.
 */
struct error *detect_tests(char **command, char **because, void *ctx, const char *dir) MUST_CHECK;
/* The same for a commit or tree; no file is written. */
struct error *detect_tests_in(char **command, char **because, void *ctx, struct repo *repo,
			      const char *treeish) MUST_CHECK;

#endif
