/* git hop check: what is not as it should be, mended where that takes nobody's decision. */
#ifndef CARE_CHECK_H
#define CARE_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "project/project.h"

enum finding_state {
	FINDING_MENDED, /* with dry_run: would be */
	FINDING_PERSON  /* takes a decision */
};

struct finding {
	const char *name; /* stable: see git-hop-check(1) */
	enum finding_state state;
	char *about; /* a ref, file, setting, patch */
	char *text;  /* what is wrong, in words, without ABOUT */
	char *hint;  /* what a person does; may have several lines; NULL when there is nothing */
};

struct check {
	const char *database; /* --database, NULL: none given */
	bool dry_run;         /* mend nothing */
	/* results */
	struct finding *findings; /* a talloc array */
	size_t count;
	size_t mended, persons;
};

/*
 * Fetches, looks and mends. An error is one of the check itself: no project here, a signal. What
 * is wrong with the project is among the findings.
 */
struct error *check_run(struct check *check, void *ctx) MUST_CHECK;

#endif
