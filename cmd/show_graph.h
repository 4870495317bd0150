/* git hop release graph */
#ifndef CMD_SHOW_GRAPH_H
#define CMD_SHOW_GRAPH_H

#include "base/error.h"

struct error *show_graph(int argc, char **argv) MUST_CHECK;

#endif
