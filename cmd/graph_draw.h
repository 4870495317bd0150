/* Draws the graph of the releases. */
#ifndef CMD_GRAPH_DRAW_H
#define CMD_GRAPH_DRAW_H

#include <stdbool.h>

#include "core/graph.h"

struct graph_style {
	bool ascii;
	bool colour;
	size_t columns; /* of the terminal */
};

/* On standard output. */
void graph_text(const struct graph *g, const struct graph_style *style);

/* A whole SVG document. */
char *graph_svg(void *ctx, const struct graph *g);

/* "2 of 3 staged" */
char *graph_counts(void *ctx, const struct graph_release *r);

/*
 * TEXT on one line, shortened with an ellipsis to WIDTH columns of a terminal. Control characters
 * are replaced; with ASCII, so are all characters that are not ASCII.
 */
char *graph_fit(void *ctx, const char *text, size_t width, bool ascii);

#endif
