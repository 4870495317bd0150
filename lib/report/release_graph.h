/* The data of the release graph. */
#ifndef REPORT_RELEASE_GRAPH_H
#define REPORT_RELEASE_GRAPH_H

#include "base/error.h"
#include "core/graph.h"
#include "project/project.h"

/* The open releases, and the newest MOST (at least 1) production versions. */
struct error *release_graph_read(struct graph *out, void *ctx, struct project *p,
				 size_t most) MUST_CHECK;

#endif
