/* The layout of the graph of releases. */
#include "core/graph.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct work {
	const struct graph *graph;
	struct graph_picture *picture;
	size_t *lane_of; /* of each open release */
	bool *alive;     /* of each lane: it continues from the row above */
};

/* Adds a row; the lanes that are alive run through it. */
static struct graph_row *add(struct work *w, enum graph_kind kind, size_t release)
{
	struct graph_picture *pic = w->picture;
	struct graph_row *row;

	pic->rows = mem_resize(pic, pic->rows, struct graph_row, pic->count + 1);
	row = &pic->rows[pic->count++];
	*row = (struct graph_row){.kind = kind, .release = release};
	row->cells = mem_array(pic, unsigned char, pic->lanes);
	for (size_t i = 0; i < pic->lanes; i++) {
		if (w->alive[i])
			row->cells[i] = GRAPH_UP | GRAPH_DOWN;
	}
	return row;
}

static struct graph_row *add_node(struct work *w, enum graph_kind kind, size_t release, size_t lane)
{
	struct graph_row *row = add(w, kind, release);

	row->lane = lane;
	row->cells[lane] |= GRAPH_NODE;
	return row;
}

/* Makes LANE begin (ALIVE) or end in the newest row. */
static void set_alive(struct work *w, size_t lane, bool alive)
{
	struct graph_row *row = &w->picture->rows[w->picture->count - 1];

	w->alive[lane] = alive;
	row->cells[lane] &= (unsigned char)~GRAPH_DOWN;
	if (alive)
		row->cells[lane] |= GRAPH_DOWN;
}

/*
 * The earlier a release leaves the trunk, the further out is its lane, so lines do not cross. Of
 * those that leave together, the lowest release, which is drawn first, is the outermost.
 */
static void choose_lanes(struct work *w)
{
	const struct graph *g = w->graph;

	for (size_t i = 0; i < g->open_count; i++) {
		size_t base = g->open[i].base + 1; /* the older ones become 0 */
		size_t lane = 1;

		for (size_t k = 0; k < g->open_count; k++) {
			size_t other = g->open[k].base + 1;

			if (other > base || (other == base && k > i))
				lane++;
		}
		w->lane_of[i] = lane;
	}
}

static size_t count_forks(const struct work *w, size_t base)
{
	size_t n = 0;

	for (size_t i = 0; i < w->graph->open_count; i++)
		n += w->graph->open[i].base == base;
	return n;
}

/* Makes the releases based on BASE leave the trunk. */
static void fork_lanes(struct work *w, size_t base)
{
	struct graph_row *row;
	size_t last = 0;

	if (count_forks(w, base) == 0)
		return;
	row = add(w, GRAPH_FORK, 0);
	row->cells[0] |= GRAPH_RIGHT;
	for (size_t i = 0; i < w->graph->open_count; i++) {
		size_t lane = w->lane_of[i];

		if (w->graph->open[i].base != base)
			continue;
		row->cells[lane] |= GRAPH_LEFT;
		set_alive(w, lane, true);
		last = lane > last ? lane : last;
	}
	for (size_t lane = 1; lane < last; lane++)
		row->cells[lane] |= GRAPH_LEFT | GRAPH_RIGHT;
	if (base + 1 == w->graph->released_count)
		set_alive(w, 0, false);
}

static void add_ids(struct work *w, size_t release, size_t width)
{
	const struct graph_release *r = &w->graph->released[release];
	size_t first = 0;

	while (first < r->patch_count) {
		size_t used = strlen(r->patches[first].id), n = 1;
		struct graph_row *row;

		while (first + n < r->patch_count) {
			size_t more = strlen(r->patches[first + n].id) + 2;

			if (used + more > width)
				break;
			used += more;
			n++;
		}
		row = add(w, GRAPH_IDS, release);
		row->item = first;
		row->count = n;
		first += n;
	}
}

static void add_trunk(struct work *w, size_t width)
{
	const struct graph *g = w->graph;

	if (g->older > 0) {
		add_node(w, GRAPH_OLDER, 0, 0);
		set_alive(w, 0, g->released_count > 0 || count_forks(w, GRAPH_OLDER_BASE) > 0);
	}
	fork_lanes(w, GRAPH_OLDER_BASE);
	for (size_t i = 0; i < g->released_count; i++) {
		bool goes_on = i + 1 < g->released_count || count_forks(w, i) > 0;

		add_node(w, GRAPH_RELEASED, i, 0);
		set_alive(w, 0, goes_on);
		add_ids(w, i, width);
		fork_lanes(w, i);
	}
}

static void add_rcs(struct work *w, size_t release, size_t after)
{
	const struct graph_release *r = &w->graph->open[release];

	for (size_t i = 0; i < r->rc_count; i++) {
		if (r->rcs[i].after == after)
			add_node(w, GRAPH_RC, release, w->lane_of[release])->item = i;
	}
}

static void add_open(struct work *w, size_t release)
{
	const struct graph_release *r = &w->graph->open[release];
	size_t lane = w->lane_of[release];

	if (w->picture->count > 0 && w->picture->rows[w->picture->count - 1].kind != GRAPH_FORK)
		add(w, GRAPH_GAP, release)->lane = lane;
	add_node(w, GRAPH_OPEN, release, lane);
	add_rcs(w, release, 0);
	for (size_t i = 0; i < r->patch_count; i++) {
		add_node(w, GRAPH_PATCH, release, lane)->item = i;
		add_rcs(w, release, i + 1);
	}
	set_alive(w, lane, false);
	if (r->patch_count == 0 && r->rc_count == 0)
		add(w, GRAPH_EMPTY, release)->lane = lane;
}

struct graph_picture *graph_layout(void *ctx, const struct graph *g, size_t width)
{
	struct graph_picture *pic = mem_new(ctx, struct graph_picture);
	SCOPE(tmp, ctx);
	struct work w = {.graph = g, .picture = pic};

	pic->lanes = g->open_count + 1;
	w.lane_of = mem_array(tmp, size_t, g->open_count);
	w.alive = mem_array(tmp, bool, pic->lanes);
	choose_lanes(&w);
	add_trunk(&w, width);
	for (size_t i = 0; i < g->open_count; i++)
		add_open(&w, i);
	return pic;
}
