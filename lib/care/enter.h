/* The entrance of every command that works in a project. */
#ifndef CARE_ENTER_H
#define CARE_ENTER_H

#include <stdbool.h>

#include "base/error.h"
#include "project/project.h"

/*
 * project_open, and what a killed command left is put right: a checkout that stands on no branch,
 * work trees, git's hooks. No network, no database.
 */
struct error *project_enter(struct project **out, void *ctx, bool must_develop) MUST_CHECK;

#endif
