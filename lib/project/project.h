/* The project that a command works in: repository, settings, which refs count. */
#ifndef PROJECT_PROJECT_H
#define PROJECT_PROJECT_H

#include <stdbool.h>

#include "base/error.h"
#include "port/conf.h"
#include "port/repo.h"

struct project {
	struct repo *repo;
	struct conf *conf;     /* .hop/config of ho-prod */
	const char *remote;    /* name of the remote that all share, NULL: none */
	const char *namespace; /* of hop's own refs at the remote: "refs/hop" */
	const char *common;    /* the common git directory, ends with '/' */
	const char *root;      /* the work tree, ends with '/'; NULL when bare */
	bool warned;           /* of releases that cannot be read, in this command */
	bool production;       /* a production clone (git config hop.production) */
};

/*
 * The project here. Refused with a hint: no repository, no project in it (no ho-prod), a project of
 * another format, a shallow clone. MUST_DEVELOP: a production clone is refused too, with ERROR_NO.
 */
struct error *project_open(struct project **out, void *ctx, bool must_develop) MUST_CHECK;

/*
 * The full name here of the ref that counts for BRANCH: refs/remotes/R/BRANCH, or
 * refs/heads/BRANCH without a remote.
 */
char *project_ref(void *ctx, const struct project *p, const char *branch);
/* What that ref points to; NULL if it does not exist. */
struct error *project_tip(char **oid, void *ctx, struct project *p, const char *branch) MUST_CHECK;

/*
 * A folder or file of hop's own under the common git directory: COMMON/hop/NAME; the folder
 * COMMON/hop exists afterwards.
 */
struct error *project_place(char **path, void *ctx, const struct project *p,
			    const char *name) MUST_CHECK;

/*
 * Identifies this clone among all clones of the project: 32 hexadecimal digits, made on first use
 * and kept in COMMON/hop/clone. Worktrees of a clone share it.
 */
struct error *project_clone_id(char **id, void *ctx, const struct project *p) MUST_CHECK;

#endif
