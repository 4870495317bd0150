/* The beginning of every command that works in a project. */
#ifndef CARE_ENTER_H
#define CARE_ENTER_H

#include <stdbool.h>

#include "base/error.h"
#include "project/project.h"

/*
 * project_open, then completes what a killed command left unfinished: the checkout, worktrees, git
 * hooks. A remote that is not there any more is ERROR_NO with MUST_DEVELOP, else a
 * warning (project_check_remote). Uses neither the network nor a database.
 */
struct error *project_enter(struct project **out, void *ctx, bool must_develop) MUST_CHECK;

#endif
