/* Shared by the files of port/git. */
#ifndef PORT_GIT_PRIVATE_H
#define PORT_GIT_PRIVATE_H

#include <stdbool.h>

#include "base/error.h"
#include "base/proc.h"
#include "port/repo.h"

/*
 * The environment for git in REPO (NULL: the current directory), as for proc_run: messages in
 * English.
 */
char **git_env(void *ctx, const struct repo *repo);
/* Prepares PROC to run ARGV in REPO (NULL: the current directory), capturing both outputs. */
void git_proc(struct proc *proc, void *ctx, const struct repo *repo, char *const *argv);

/*
 * Whether git says that a lock file is in its way: somebody works there, or died there. Its path is
 * among what git said.
 */
bool git_is_locked(const char *said);
/* Waits a little after try number TRY (from 1); false when it is time to give up. */
bool git_wait_for_lock(int try);
/* ERROR_FAIL: the lock file stays. "push to" 'origin' or "update" 'refs/heads/x' failed. */
struct error *git_locked_error(const char *said, const char *verb, const char *object) MUST_CHECK;

#endif
