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
	const char *remote;    /* name of the shared remote; NULL: none */
	const char *namespace; /* namespace of hop's own refs at the remote: "refs/hop" */
	const char *common;    /* the common git directory, ends with '/' */
	const char *root;      /* the worktree, ends with '/'; NULL if bare */
	bool warned;           /* of releases that cannot be read, in this command */
	struct keep *keep;     /* see project/keep.h; NULL: nothing is kept */
	bool production;       /* a production clone (git config hop.production) */
};

/*
 * Opens the project of the current directory. Fails with a hint if there is no repository or no
 * project in it (no ho-prod), if the project has another format, or in a shallow or partial clone.
 * MUST_DEVELOP: ERROR_NO in a production clone.
 */
struct error *project_open(struct project **out, void *ctx, bool must_develop) MUST_CHECK;

/*
 * The full name of the authoritative ref for BRANCH: refs/remotes/REMOTE/BRANCH, or
 * refs/heads/BRANCH without a remote.
 */
char *project_ref(void *ctx, const struct project *p, const char *branch);
/* The commit of that ref; NULL if it does not exist. */
struct error *project_tip(char **oid, void *ctx, struct project *p, const char *branch) MUST_CHECK;

/* The configuration in a commit or tree; NULL if it has none. */
struct error *project_conf(struct conf **out, void *ctx, struct project *p,
			   const char *treeish) MUST_CHECK;

/* The path COMMON/hop/NAME in the common git directory. Creates COMMON/hop. */
struct error *project_place(char **path, void *ctx, const struct project *p,
			    const char *name) MUST_CHECK;

/*
 * The ID of this clone: 32 hexadecimal digits, chosen on first use and kept in COMMON/hop/clone.
 * All worktrees of a clone share it.
 */
struct error *project_clone_id(char **id, void *ctx, const struct project *p) MUST_CHECK;

#endif
