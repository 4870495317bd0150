/* The catalogue of releases, as a value: read once (project/catalog.h) and never changed. */
#ifndef CORE_CATALOG_H
#define CORE_CATALOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "core/manifest.h"
#include "core/patch.h"
#include "core/version.h"

/*
 * A release in preparation, as described by its branch. If X.Y.Z is in production, it is a hotfix,
 * which is independent of the other releases.
 */
struct open_release {
	struct version version; /* X.Y.Z, as in the name of the branch */
	struct version becomes; /* X.Y.Z, or the next hotfix of the version in production */
	bool hotfix;
	struct version rc;  /* its newest release candidate; number is 0 if there is none */
	const char *branch; /* ho-release/X.Y.Z */
	const char *tip;    /* commit */
	const struct manifest *manifest; /* read only; to edit it, use manifest_copy */
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
	const struct unreadable_release *unreadable; /* skipped */
	size_t unreadable_count;
	const struct version *released; /* production versions and hotfixes, lowest first */
	size_t released_count;
	struct version production; /* the newest of these */
	const char *prod;          /* the commit of ho-prod */
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
/* The open release that lists patch ID; NULL if none does. */
const struct open_release *catalog_release_of(const struct catalog *catalog, const char *id);

/* ERROR_NO if an open release lists a patch with this NUMBER, other than BUT (may be NULL). */
struct error *catalog_number_taken(const struct catalog *catalog, int number,
				   const char *but) MUST_CHECK;

#endif
