/* What releases there are, as a value: read once (project/catalog.h), and never changed. */
#ifndef CORE_CATALOG_H
#define CORE_CATALOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "core/manifest.h"
#include "core/patch.h"
#include "core/version.h"

/*
 * A release in preparation, as its branch says. One whose X.Y.Z is in production is a hotfix: it
 * stands beside the others, and none of them waits for it.
 */
struct open_release {
	struct version version; /* X.Y.Z, that the branch is named after */
	struct version becomes; /* X.Y.Z, or the hotfix that follows on what is in production */
	bool hotfix;
	struct version rc;               /* its newest release candidate; number 0: none */
	const char *branch;              /* ho-release/X.Y.Z */
	const char *tip;                 /* commit */
	const struct manifest *manifest; /* manifest_copy gives one that can be edited */
};

/* A branch with the name of a release whose list is missing or malformed. */
struct unreadable_release {
	struct version version;
	const char *branch;
	const char *message, *hint; /* why, as an error says it; HINT may be NULL */
};

struct catalog {
	const struct open_release *open; /* lowest version first */
	size_t open_count;
	const struct unreadable_release *unreadable; /* passed over */
	size_t unreadable_count;
	const struct version *released; /* production versions and hotfixes, lowest first */
	size_t released_count;
	struct version production; /* the newest of them */
	const char *prod;          /* the commit that ho-prod is at */
};

/*
 * The open release of VERSION (its base, or what it becomes); ERROR_NO with the open ones as hint
 * when it is not there; ERROR_FAIL when it cannot be read.
 */
struct error *catalog_find(const struct open_release **out, const struct catalog *catalog,
			   const struct version *version) MUST_CHECK;
/*
 * ERROR_FAIL: the branch of VERSION cannot be read, or, with LOWER, that of a release which would
 * be promoted before it.
 */
struct error *catalog_refuse_unreadable(const struct catalog *catalog,
					const struct version *version, bool lower) MUST_CHECK;
/* Where something is in no list that can be read, so that it may be in another one. */
struct error *catalog_refuse_any_unreadable(const struct catalog *catalog) MUST_CHECK;
/* The open release that lists patch ID; NULL when none does. */
const struct open_release *catalog_release_of(const struct catalog *catalog, const char *id);

/* ERROR_NO: an open release lists a patch of that NUMBER, other than BUT (NULL: any). */
struct error *catalog_number_taken(const struct catalog *catalog, int number,
				   const char *but) MUST_CHECK;

#endif
