/*
 * git hop patch merge: a candidate becomes staged, validated on exactly the tree that is
 * published.
 */
#ifndef FLOW_STAGE_H
#define FLOW_STAGE_H

#include "base/error.h"
#include "core/version.h"
#include "flow/project.h"

struct stage {
	const char *id;         /* canonical */
	const char *database;   /* --database, NULL: none given */
	struct version version; /* result: the release that has it now */
	char *commit;           /* result: the merge commit, under the project */
};

struct error *stage_patch(struct stage *stage, struct project *p) MUST_CHECK;

#endif
