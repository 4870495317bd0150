/* Lines and nodes of the SVG graph. */
#include "graph_sheet.h"

#include "base/mem.h"
#include "svg.h"

#define HUES 5 /* of open releases */

int sheet_lane_x(const struct sheet *s, size_t lane)
{
	return SHEET_MARGIN + 8 + (int)lane * s->step;
}

int sheet_middle(const struct sheet *s, size_t row)
{
	return (s->top[row] + s->top[row + 1]) / 2;
}

/* The colour of an open release. */
static const char *hue(const struct sheet *s, void *ctx, size_t release)
{
	return s->graph->open[release].hotfix ? "hot" : mem_printf(ctx, "c%zu", release % HUES + 1);
}

/* From where the line of a lane begins to where it ends; the lanes' own begin at the trunk. */
static void put_line(struct sheet *s, size_t lane, const char *class)
{
	const struct graph_picture *pic = s->picture;
	int x = sheet_lane_x(s, lane), trunk = sheet_lane_x(s, 0);
	size_t first = 0, last;

	while (first < pic->count && !(pic->rows[first].cells[lane] & GRAPH_DOWN))
		first++;
	if (first == pic->count)
		return;
	last = first + 1;
	while (pic->rows[last].cells[lane] & GRAPH_DOWN)
		last++;
	fprintf(s->file, "<path class=\"l %s\" d=\"", class);
	if (lane == 0)
		fprintf(s->file, "M%d %dV%d", x, sheet_middle(s, first),
			pic->rows[last].kind == GRAPH_FORK ? s->top[last] : sheet_middle(s, last));
	else
		fprintf(s->file, "M%d %dC%d %d %d %d %d %dV%d", trunk, s->top[first], trunk,
			s->top[first + 1], x, s->top[first], x, s->top[first + 1],
			sheet_middle(s, last));
	fputs("\"/>\n", s->file);
}

void sheet_lines(struct sheet *s)
{
	SCOPE(tmp, NULL);

	/* The trunk, and the lanes that stay near it, lie above those that go further. */
	for (size_t i = 0; i < s->picture->count; i++) {
		const struct graph_row *row = &s->picture->rows[i];

		if (row->kind == GRAPH_OPEN)
			put_line(s, row->lane, hue(s, tmp, row->release));
	}
	put_line(s, 0, "c0");
}

void sheet_node(struct sheet *s, size_t index)
{
	SCOPE(tmp, NULL);
	const struct graph_row *row = &s->picture->rows[index];
	int x = sheet_lane_x(s, row->lane), y = sheet_middle(s, index);
	const char *class;

	switch (row->kind) {
	case GRAPH_OLDER:
		svg_diamond(s->file, x, y, 5, "c0 o");
		break;
	case GRAPH_RELEASED:
		svg_diamond(s->file, x, y, 8,
			    s->graph->released[row->release].hotfix ? "hot" : "c0");
		break;
	case GRAPH_OPEN:
		class = hue(s, tmp, row->release);
		svg_diamond(s->file, x, y, 8, mem_printf(tmp, "%s o", class));
		break;
	case GRAPH_RC:
		svg_diamond(s->file, x, y, 6, hue(s, tmp, row->release));
		break;
	case GRAPH_PATCH:
		class = hue(s, tmp, row->release);
		if (!s->graph->open[row->release].patches[row->item].staged)
			class = mem_printf(tmp, "%s o", class);
		svg_circle(s->file, x, y, class);
		break;
	default:
		break;
	}
}
