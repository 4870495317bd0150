/* Decisions that depend on the catalogue only. A refusal is data, which the caller reports. */
#ifndef CORE_CHOOSE_H
#define CORE_CHOOSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "core/catalog.h"
#include "core/version.h"

enum promote_to { PROMOTE_PROD, PROMOTE_RC, PROMOTE_HOTFIX };

enum refusal {
	REFUSE_NOTHING,    /* not refused */
	REFUSE_NONE_OPEN,  /* no release of that kind is in preparation */
	REFUSE_OTHER,      /* another release has become the next one */
	REFUSE_BELOW,      /* the release is lower than production, so no database would get it */
	REFUSE_OTHER_RC,   /* a release candidate of .other is being tested */
	REFUSE_CANDIDATES, /* candidates are left in it */
	REFUSE_EMPTY,      /* it would change nothing */
	REFUSE_UNRELEASED, /* there is nothing in production to fix yet */
	REFUSE_OPEN        /* .other is already in preparation */
};

/* What to promote. */
struct promotion_wish {
	enum promote_to to;
	bool carry;                   /* PROMOTE_PROD: move candidates to the next release */
	const struct version *meant;  /* X.Y.Z of the release; NULL: any */
	const struct version *tagged; /* all tagged release candidates, of any release */
	size_t tagged_count;
};

struct promotion_choice {
	enum refusal refusal;
	/* the hotfix or the lowest release; not set for REFUSE_NONE_OPEN and REFUSE_OTHER */
	const struct open_release *release;
	struct version version; /* the version that it becomes */
	const struct open_release *other;
	bool carries;        /* candidates are moved to release NEXT */
	struct version next; /* the next one in preparation, or the next minor version */
	bool opens;          /* NEXT is opened for them */
	/* The hotfix in preparation, which becomes a hotfix of this version; NULL: none. */
	const struct open_release *overtaken;
};

/*
 * An error only when there is no version for those that are carried, or when the branch of that
 * version or of a lower release cannot be read.
 */
struct error *choose_promotion(struct promotion_choice *out, const struct catalog *catalog,
			       const struct promotion_wish *wish) MUST_CHECK;

/*
 * A lower release that has patches and therefore has to be promoted before RELEASE; NULL if there
 * is none.
 */
const struct open_release *choose_lower(const struct catalog *catalog,
					const struct open_release *release);

struct opening_choice {
	enum refusal refusal; /* VERSION is not set for REFUSE_UNRELEASED */
	struct version version;
	const struct open_release *other;
};
/* Chooses the next hotfix of the version in production, or the next version of LEVEL. */
struct error *choose_opening(struct opening_choice *out, const struct catalog *catalog, bool hotfix,
			     enum version_level level) MUST_CHECK;

#endif
