/* The elements of SVG drawings. */
#ifndef CMD_SVG_H
#define CMD_SVG_H

#include <stddef.h>
#include <stdio.h>

/*
 * The document with its colours, for light and dark surroundings; "</svg>" ends it. Classes of
 * text: h heading, v version, m monospaced, s small, d dim, e that ends at its x. Classes of
 * boxes and words: ok, wait, bad; of lines and nodes: c0 to c5 and hot, with o hollow.
 */
void svg_begin(FILE *f, int width, int height, const char *title);

/* At most MOST characters of TEXT (0: all), written so that it is text and nothing else. */
void svg_text(FILE *f, const char *text, size_t most);
size_t svg_length(const char *text); /* in characters */

void svg_label(FILE *f, const char *class, int x, int y, const char *text, size_t most);
/* A word in a box; where the next may begin. */
int svg_pill(FILE *f, int x, int y, const char *class, const char *text);
void svg_diamond(FILE *f, int x, int y, int size, const char *class);
void svg_circle(FILE *f, int x, int y, const char *class);
void svg_box(FILE *f, int x, int y, int width, int height, int round, const char *class);

#endif
