/* Versions: 1.2.0-rc1 < 1.2.0-rc10 < 1.2.0 < 1.2.0-hotfix1 < 1.2.0-hotfix2 < 1.2.1. */
#ifndef CORE_VERSION_H
#define CORE_VERSION_H

#include <stdbool.h>

#include "base/error.h"

enum version_stage { VERSION_RC = -1, VERSION_FINAL = 0, VERSION_HOTFIX = 1 };
enum version_level { LEVEL_PATCH, LEVEL_MINOR, LEVEL_MAJOR };

struct version {
	int major, minor, patch; /* 0 to 999999 each, no leading zeros in text */
	enum version_stage stage;
	int number; /* of the rc or hotfix, from 1; 0 for a final version */
};

/* Parses "X.Y.Z", "X.Y.Z-rcN" or "X.Y.Z-hotfixN"; ERROR_USAGE, with a hint, for anything else. */
struct error *version_parse(struct version *out, const char *text) MUST_CHECK;
char *version_print(const void *ctx, const struct version *v);
/* <0, 0, >0 */
int version_compare(const struct version *a, const struct version *b);
/* Is it 0.0.0, the start of every project, which has no tag? */
bool version_is_zero(const struct version *v);
/* X.Y.Z without -rcN or -hotfixN. */
struct version version_base(const struct version *v);
/*
 * The next version X.Y.Z: 1.2.3 -> 1.2.4, 1.3.0 or 2.0.0; that of an rc or hotfix follows its base.
 * ERROR_NO if a number would become too large.
 */
struct error *version_next(struct version *out, const struct version *from,
			   enum version_level level) MUST_CHECK;
/* The hotfix that follows production version FROM: 1.2.0 -> 1.2.0-hotfix1 -> 1.2.0-hotfix2. */
struct version version_next_hotfix(const struct version *from);
struct error *version_level_parse(enum version_level *out, const char *text) MUST_CHECK;

#endif
