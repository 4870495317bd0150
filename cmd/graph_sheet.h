/* The sheet that the SVG graph is drawn on, and its lines and nodes. */
#ifndef CMD_GRAPH_SHEET_H
#define CMD_GRAPH_SHEET_H

#include <stdio.h>

#include "core/graph.h"

#define SHEET_MARGIN 40

/* All in pixels. */
struct sheet {
	FILE *file;
	const struct graph *graph;
	const struct graph_picture *picture;
	int *top; /* of each row, and below the last one */
	int step; /* from lane to lane */
	int left; /* where text begins */
	int right;
	int state; /* where the states of patches are written */
};

int sheet_lane_x(const struct sheet *s, size_t lane);
int sheet_middle(const struct sheet *s, size_t row);
/* All lines; what is drawn later covers them. */
void sheet_lines(struct sheet *s);
/* The node of a row, if it has one. */
void sheet_node(struct sheet *s, size_t row);

#endif
