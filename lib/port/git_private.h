/* What the files of port/git share; no other file includes it. */
#ifndef PORT_GIT_PRIVATE_H
#define PORT_GIT_PRIVATE_H

#include "base/proc.h"
#include "port/repo.h"

/* Environment, as proc_run takes it, of git in REPO (NULL: here): messages in English. */
char **git_env(void *ctx, const struct repo *repo);
/* Prepares to run ARGV in REPO (NULL: here) with both outputs captured. */
void git_proc(struct proc *proc, void *ctx, const struct repo *repo, char *const *argv);

#endif
