/* git hop check: finds problems, and repairs those that do not need a decision. */
#ifndef CARE_CHECK_H
#define CARE_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "project/project.h"

enum finding_state {
	FINDING_REPAIRED, /* with dry_run: would be repaired */
	FINDING_DECISION  /* the user has to decide */
};

struct finding {
	const char *name; /* stable: see git-hop-check(1) */
	enum finding_state state;
	char *about; /* a ref, file, setting, patch */
	char *text;  /* the problem, without ABOUT */
	char *hint;  /* what to do, one or more lines; NULL if nothing */
};

struct check {
	const char *database; /* --database, NULL: none given */
	bool dry_run;         /* repair nothing */
	/* results */
	struct finding *findings; /* a talloc array */
	size_t count;
	size_t repaired, decisions;
};

/*
 * Fetches, verifies and repairs. Problems of the project are findings. Errors are those of the
 * check itself: there is no project here, or a signal.
 */
struct error *check_run(struct check *check, void *ctx) MUST_CHECK;

#endif
