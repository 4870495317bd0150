/* The tags of versions: their names, which there are, and the commits that hold the files. */
#ifndef PROJECT_TAG_H
#define PROJECT_TAG_H

#include "base/error.h"
#include "core/version.h"
#include "project/project.h"

/* The name of the tag of a version: [hop] tagPrefix, then the version. */
char *tag_of(const void *ctx, const struct project *p, const struct version *v);
/* The full name of that tag: refs/tags/... */
char *tag_ref(const void *ctx, const struct project *p, const struct version *v);

/*
 * All versions that have a local tag, lowest first, whether the tag counts or not. Ignores tags
 * that are not tagPrefix and a version.
 */
struct error *tag_list(struct version **out, size_t *count, void *ctx,
		       struct project *p) MUST_CHECK;
/* The release candidates among these. */
struct error *tag_list_rcs(struct version **out, size_t *count, void *ctx,
			   struct project *p) MUST_CHECK;

/*
 * The commit of VERSION: a production version, a hotfix or a release candidate. NULL: it has no tag
 * here (tag_missing makes the error, where that is one).
 *
 * Anybody with push access can make a tag, so one counts only where a promotion put it: its commit
 * is on the line of first parents of ho-prod (a release candidate: of its release branch, or of the
 * second parent of its release's tag), and its tree has .hop/releases/VERSION.txt. To be an
 * ancestor is not enough: so are the commits of every patch. One that exists and does not count is
 * ERROR_NO with a hint.
 *
 * 0.0.0 has no tag. It is the commit that started the project: the oldest of ho-prod's line of
 * first parents from which on there is .hop/releases/0.0.0.txt.
 */
struct error *tag_commit(char **commit, void *ctx, struct project *p,
			 const struct version *version) MUST_CHECK;

/*
 * ERROR_NO, with the way back, if the tag of VERSION continues the line of ho-prod: then ho-prod
 * was moved back to before that release, unless the tag was made by hand.
 */
struct error *tag_refuse_ahead(struct project *p, const struct version *version) MUST_CHECK;

/* The error for a version that has no tag here: ERROR_FAIL with a hint. */
struct error *tag_missing(const struct project *p, const struct version *version) MUST_CHECK;

#endif
