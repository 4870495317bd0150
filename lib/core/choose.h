/* What a command chooses from the catalogue alone; a refusal is data, for the caller to report. */
#ifndef CORE_CHOOSE_H
#define CORE_CHOOSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "core/catalog.h"
#include "core/version.h"

enum promote_to { PROMOTE_PROD, PROMOTE_RC, PROMOTE_HOTFIX };

enum refusal {
	REFUSE_NOTHING,    /* it may be done */
	REFUSE_NONE_OPEN,  /* no release of that kind is in preparation */
	REFUSE_OTHER,      /* another release than the one that was meant is next by now */
	REFUSE_BELOW,      /* the release is lower than production: no database would get it */
	REFUSE_OTHER_RC,   /* a release candidate of .other is being tested */
	REFUSE_CANDIDATES, /* candidates are left in it */
	REFUSE_EMPTY,      /* it would change nothing */
	REFUSE_UNRELEASED, /* nothing is in production yet that a hotfix could follow */
	REFUSE_OPEN        /* .other is in preparation already */
};

/* What is to be promoted. */
struct promotion_wish {
	enum promote_to to;
	bool carry;                   /* PROMOTE_PROD: candidates go to the next release */
	const struct version *meant;  /* X.Y.Z of the release, NULL: any */
	const struct version *tagged; /* release candidates that have a tag, of any release */
	size_t tagged_count;
};

struct promotion_choice {
	enum refusal refusal;
	/* the hotfix, or else the lowest release; not with REFUSE_NONE_OPEN or REFUSE_OTHER */
	const struct open_release *release;
	struct version version; /* that it becomes */
	const struct open_release *other;
	bool carries;        /* candidates go to release NEXT */
	struct version next; /* the next one in preparation, or the next minor version */
	bool opens;          /* which is made for them */
	/* The hotfix in preparation, which is one of this version from now on; NULL: none. */
	const struct open_release *overtaken;
};

/*
 * An error only when there is no version for those that are carried, or when the branch of that
 * version or of a lower release cannot be read.
 */
struct error *choose_promotion(struct promotion_choice *out, const struct catalog *catalog,
			       const struct promotion_wish *wish) MUST_CHECK;

/* A release that has patches and is promoted before RELEASE; NULL: a merge need not wait. */
const struct open_release *choose_lower(const struct catalog *catalog,
					const struct open_release *release);

struct opening_choice {
	enum refusal refusal; /* REFUSE_UNRELEASED: VERSION is not set */
	struct version version;
	const struct open_release *other;
};
/* The next hotfix of what is in production, or the next version of LEVEL. */
struct error *choose_opening(struct opening_choice *out, const struct catalog *catalog, bool hotfix,
			     enum version_level level) MUST_CHECK;

#endif
