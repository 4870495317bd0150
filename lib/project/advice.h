/* Texts of commands that a person runs, as hints show them: one home for each. */
#ifndef PROJECT_ADVICE_H
#define PROJECT_ADVICE_H

#include "project/project.h"

/* Merges production into the release branch BRANCH by hand, and pushes it. */
char *advice_merge_production(void *ctx, const struct project *p, const char *branch);

#endif
