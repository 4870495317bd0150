/* The graph of the releases on a terminal. */
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "base/mem.h"
#include "base/out.h"
#include "base/utf8.h"
#include "graph_draw.h"
#include "records.h"

#define STATE_WIDTH 10
#define NAME_MAX_WIDTH 30

/* What the terminal shows differently. */
enum paint { PLAIN, BOLD, DIM, GREEN, YELLOW, RED, LANES };
static const char *const codes[] = {"",   "1",  "2",  "32", "33", "1;31", /* then those of lanes */
				    "36", "35", "34", "33"};
#define LANE_CODES 4

struct pen {
	const struct graph *graph;
	const struct graph_picture *picture;
	const struct graph_style *style;
	size_t step; /* columns from lane to lane */
	size_t left; /* columns before the text */
	size_t name; /* columns of versions and IDs */
};

char *graph_fit(void *ctx, const char *text, size_t width, bool ascii)
{
	const char *dots = ascii ? "..." : "\u2026";
	size_t dots_width = ascii ? 3 : 1, used = 0, fits = 0;
	char *out = mem_dup(ctx, "");

	while (*text) {
		const char *from = text;
		int c = utf8_next(&text);
		int wide = c == UTF8_REPLACEMENT || (ascii && c >= 0x80) ? -1 : wcwidth((wchar_t)c);

		if (used + dots_width <= width)
			fits = strlen(out);
		used += wide < 0 ? 1 : (size_t)wide;
		if (used > width)
			return mem_printf(ctx, "%.*s%s", (int)fits, out,
					  width < dots_width ? "" : dots);
		if (c == '\t' || c == '\n')
			mem_append(&out, ctx, " ");
		else if (wide < 0)
			mem_append(&out, ctx, "?");
		else
			mem_append(&out, ctx, "%.*s", (int)(text - from), from);
	}
	return out;
}

char *graph_counts(void *ctx, const struct graph_release *r)
{
	size_t staged = 0;

	for (size_t i = 0; i < r->patch_count; i++)
		staged += r->patches[i].staged;
	return mem_printf(ctx, "%zu of %zu staged", staged, r->patch_count);
}

static void put(const struct pen *pen, size_t paint, const char *text)
{
	bool painted = pen->style->colour && *codes[paint] && *text;

	if (painted)
		out_print("\033[%sm%s\033[m", codes[paint], text);
	else
		out_print("%s", text);
}

static const char *node(const struct pen *pen, const struct graph_row *row)
{
	bool ascii = pen->style->ascii;

	switch (row->kind) {
	case GRAPH_OLDER:
		return ascii ? ":" : "\u22ee";
	case GRAPH_RELEASED:
		return ascii ? "@" : "\u25c6";
	case GRAPH_OPEN:
		return ascii ? "=" : "\u25c7";
	case GRAPH_RC:
		return ascii ? "%" : "\u25c8";
	default:
		if (pen->graph->open[row->release].patches[row->item].staged)
			return ascii ? "*" : "\u25cf";
		return ascii ? "o" : "\u25cb";
	}
}

static const char *line(const struct pen *pen, unsigned char cell)
{
	static const char *const boxes[16] = {
		[GRAPH_UP] = "\u2575",
		[GRAPH_DOWN] = "\u2577",
		[GRAPH_UP | GRAPH_DOWN] = "\u2502",
		[GRAPH_LEFT | GRAPH_RIGHT] = "\u2500",
		[GRAPH_UP | GRAPH_RIGHT] = "\u2570",
		[GRAPH_UP | GRAPH_DOWN | GRAPH_RIGHT] = "\u251c",
		[GRAPH_LEFT | GRAPH_DOWN] = "\u256e",
		[GRAPH_LEFT | GRAPH_DOWN | GRAPH_RIGHT] = "\u252c",
		[GRAPH_RIGHT] = "\u2576",
	};

	if (cell == 0)
		return " ";
	if (!pen->style->ascii)
		return boxes[cell] ? boxes[cell] : " ";
	if (!(cell & (GRAPH_LEFT | GRAPH_RIGHT)))
		return "|";
	return cell & (GRAPH_UP | GRAPH_DOWN) ? "+" : "-";
}

static size_t lane_paint(size_t lane)
{
	return lane == 0 ? GREEN : LANES + (lane - 1) % LANE_CODES;
}

static bool is_bare(const struct graph_row *row)
{
	return row->kind == GRAPH_FORK || row->kind == GRAPH_GAP;
}

static void put_lanes(const struct pen *pen, const struct graph_row *row)
{
	size_t used = 0, lanes = pen->picture->lanes;

	/* No white space at the end of a line that has nothing else. */
	while (is_bare(row) && lanes > 0 && row->cells[lanes - 1] == 0)
		lanes--;
	for (size_t i = 0; i < lanes; i++) {
		unsigned char cell = row->cells[i];
		bool right = cell & GRAPH_RIGHT;

		put(pen, lane_paint(i), cell & GRAPH_NODE ? node(pen, row) : line(pen, cell));
		used++;
		if (is_bare(row) && i + 1 == lanes)
			return;
		for (size_t k = 1; k < pen->step; k++, used++)
			put(pen, lane_paint(i), !right ? " " : pen->style->ascii ? "-" : "\u2500");
	}
	out_print("%*s", (int)(pen->left - used), "");
}

/* The four columns of text: name, state, day, and what fits behind them. */
static void put_columns(const struct pen *pen, size_t name_paint, const char *name,
			size_t state_paint, const char *state, long long since, const char *text)
{
	SCOPE(tmp, NULL);
	size_t used = pen->left + pen->name + 2 + STATE_WIDTH + 2 + 10 + 2;
	size_t room = pen->style->columns > used + 16 ? pen->style->columns - used : 16;
	const char *day = day_of(tmp, since);

	put(pen, name_paint, name);
	out_print("%*s", (int)(strlen(name) < pen->name ? pen->name - strlen(name) + 2 : 2), "");
	put(pen, state_paint, state);
	out_print("%*s", (int)(strlen(state) < STATE_WIDTH ? STATE_WIDTH - strlen(state) + 2 : 2),
		  "");
	put(pen, DIM, day);
	if (text && *text)
		out_print("%*s%s", 12 - (int)strlen(day), "",
			  graph_fit(tmp, text, room, pen->style->ascii));
}

static void put_released(const struct pen *pen, const struct graph_row *row)
{
	SCOPE(tmp, NULL);
	const struct graph_release *r = &pen->graph->released[row->release];
	bool newest = row->release + 1 == pen->graph->released_count;
	char *text = mem_printf(tmp, "%zu patch%s", r->patch_count,
				r->patch_count == 1 ? "" : "es");

	if (r->rc_count > 0)
		mem_append(&text, tmp, ", %zu rc%s", r->rc_count, r->rc_count == 1 ? "" : "s");
	put_columns(pen, BOLD, r->version, newest ? GREEN : DIM, newest ? "production" : "released",
		    r->since, text);
}

static void put_ids(const struct pen *pen, const struct graph_row *row)
{
	SCOPE(tmp, NULL);
	const struct graph_release *r = &pen->graph->released[row->release];
	char *text = mem_dup(tmp, "  ");

	for (size_t i = 0; i < row->count; i++)
		mem_append(&text, tmp, "%s%s", i ? "  " : "", r->patches[row->item + i].id);
	put(pen, DIM, text);
}

static void put_open(const struct pen *pen, const struct graph_row *row)
{
	SCOPE(tmp, NULL);
	const struct graph_release *r = &pen->graph->open[row->release];

	put_columns(pen, BOLD, r->version, r->lacks ? RED : lane_paint(row->lane),
		    r->lacks    ? "behind"
		    : r->hotfix ? "hotfix"
				: "open",
		    r->since, r->patch_count > 0 ? graph_counts(tmp, r) : NULL);
}

static void put_patch(const struct pen *pen, const struct graph_row *row)
{
	SCOPE(tmp, NULL);
	const struct graph_release *r = &pen->graph->open[row->release];
	const struct graph_patch *patch = &r->patches[row->item];
	const char *state = "candidate";

	if (patch->staged)
		state = patch->rc ? mem_printf(tmp, "in %s", strrchr(patch->rc, '-') + 1)
				  : "staged";
	put_columns(pen, PLAIN, mem_printf(tmp, "  %s", patch->id), patch->staged ? GREEN : YELLOW,
		    state, patch->since, patch->title);
}

static void put_rc(const struct pen *pen, const struct graph_row *row)
{
	SCOPE(tmp, NULL);
	const struct graph_rc *rc = &pen->graph->open[row->release].rcs[row->item];

	put_columns(pen, BOLD, rc->version, lane_paint(row->lane), "rc", rc->since,
		    mem_printf(tmp, "%zu patch%s", rc->patches, rc->patches == 1 ? "" : "es"));
}

static void put_row(const struct pen *pen, const struct graph_row *row)
{
	SCOPE(tmp, NULL);

	put_lanes(pen, row);
	switch (row->kind) {
	case GRAPH_OLDER:
		put(pen, DIM,
		    mem_printf(tmp, "%zu older version%s", pen->graph->older,
			       pen->graph->older == 1 ? "" : "s"));
		break;
	case GRAPH_RELEASED:
		put_released(pen, row);
		break;
	case GRAPH_IDS:
		put_ids(pen, row);
		break;
	case GRAPH_OPEN:
		put_open(pen, row);
		break;
	case GRAPH_EMPTY:
		put(pen, DIM, "  no patches yet");
		break;
	case GRAPH_PATCH:
		put_patch(pen, row);
		break;
	case GRAPH_RC:
		put_rc(pen, row);
		break;
	default:
		break;
	}
	out_print("\n");
}

static void widen(size_t *width, const char *text, size_t indent)
{
	size_t n = strlen(text) + indent;

	if (n > *width && n <= NAME_MAX_WIDTH)
		*width = n;
}

static size_t name_width(const struct graph *g)
{
	size_t width = 12;

	for (size_t i = 0; i < g->released_count; i++)
		widen(&width, g->released[i].version, 0);
	for (size_t i = 0; i < g->open_count; i++) {
		widen(&width, g->open[i].version, 0);
		for (size_t k = 0; k < g->open[i].patch_count; k++)
			widen(&width, g->open[i].patches[k].id, 2);
		for (size_t k = 0; k < g->open[i].rc_count; k++)
			widen(&width, g->open[i].rcs[k].version, 0);
	}
	return width;
}

void graph_text(const struct graph *g, const struct graph_style *style)
{
	SCOPE(tmp, NULL);
	struct pen pen = {.graph = g, .style = style, .step = g->open_count > 9 ? 1 : 2};

	pen.left = (g->open_count + 1) * pen.step + (pen.step == 1);
	pen.name = name_width(g);
	pen.picture = graph_layout(tmp, g,
				   style->columns > pen.left + 22 ? style->columns - pen.left - 2
								  : 20);
	put(&pen, BOLD, graph_fit(tmp, g->project, style->columns, style->ascii));
	out_print("\n\n");
	for (size_t i = 0; i < pen.picture->count; i++)
		put_row(&pen, &pen.picture->rows[i]);
	if (g->open_count == 0)
		out_print("\nno release is open\n");
}
