/* git hop release graph */
#ifndef CMD_SHOW_GRAPH_H
#define CMD_SHOW_GRAPH_H

#include "verb.h"

extern const struct verb release_graph;

#endif
