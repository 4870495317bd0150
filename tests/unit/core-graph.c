/* The picture of the releases: what holds for each, and some that are known. */
#include "core/graph.h"

#include <stdio.h>

#include "unit.h"

#define WIDTH 40

static size_t up_to(size_t n)
{
	return (size_t)rand() % (n + 1);
}

static void make_patches(void *ctx, struct graph_release *r, size_t count)
{
	r->patch_count = count;
	r->patches = mem_array(ctx, struct graph_patch, count);
	for (size_t i = 0; i < count; i++) {
		r->patches[i].id =
			mem_printf(ctx, "%zu-%.*s", i + 1, (int)up_to(60),
				   "words-of-a-patch-that-may-be-rather-long-as-some-are");
		r->patches[i].staged = up_to(1);
	}
}

static struct graph *make_graph(void *ctx)
{
	struct graph *g = mem_new(ctx, struct graph);

	g->project = "shop";
	g->released_count = up_to(6);
	g->older = g->released_count > 0 ? up_to(1) * up_to(300) : 0;
	g->open_count = g->released_count > 0 ? up_to(8) : 0;
	g->released = mem_array(ctx, struct graph_release, g->released_count);
	g->open = mem_array(ctx, struct graph_release, g->open_count);
	for (size_t i = 0; i < g->released_count; i++)
		make_patches(ctx, &g->released[i], up_to(12));
	for (size_t i = 0; i < g->open_count; i++) {
		struct graph_release *r = &g->open[i];

		make_patches(ctx, r, up_to(1) * up_to(9));
		r->base = g->older > 0 && up_to(4) == 0 ? GRAPH_OLDER_BASE
							: up_to(g->released_count - 1);
		r->rc_count = r->patch_count > 0 ? up_to(2) : 0;
		r->rcs = mem_array(ctx, struct graph_rc, r->rc_count);
		for (size_t k = 0; k < r->rc_count; k++)
			r->rcs[k].after = up_to(r->patch_count);
	}
	return g;
}

/* Every line that leaves a cell comes into the next one, and the other way round. */
static void check_lines(const struct graph_picture *pic)
{
	for (size_t i = 0; i < pic->count; i++) {
		const unsigned char *cells = pic->rows[i].cells;

		for (size_t lane = 0; lane < pic->lanes; lane++) {
			unsigned char cell = cells[lane];
			bool above = i > 0 && (pic->rows[i - 1].cells[lane] & GRAPH_DOWN);
			bool left = lane > 0 && (cells[lane - 1] & GRAPH_RIGHT);

			ck_assert_int_eq(!!(cell & GRAPH_UP), above);
			ck_assert_int_eq(!!(cell & GRAPH_LEFT), left);
			if (i + 1 == pic->count)
				ck_assert(!(cell & GRAPH_DOWN));
			if (lane + 1 == pic->lanes)
				ck_assert(!(cell & GRAPH_RIGHT));
			/* None crosses another. */
			if ((cell & GRAPH_LEFT) && (cell & GRAPH_RIGHT))
				ck_assert(!(cell & GRAPH_UP));
		}
	}
}

/* At most one node a row, on the lane that the row names, and a line leads to it. */
static void check_nodes(const struct graph *g, const struct graph_picture *pic)
{
	for (size_t i = 0; i < pic->count; i++) {
		const struct graph_row *row = &pic->rows[i];
		size_t nodes = 0;

		for (size_t lane = 0; lane < pic->lanes; lane++)
			nodes += !!(row->cells[lane] & GRAPH_NODE);
		switch (row->kind) {
		case GRAPH_OPEN:
		case GRAPH_PATCH:
		case GRAPH_RC:
			ck_assert(row->cells[row->lane] & GRAPH_UP);
			ck_assert_uint_gt(row->lane, 0);
			ck_assert_uint_lt(row->release, g->open_count);
			/* fall through */
		case GRAPH_OLDER:
		case GRAPH_RELEASED:
			ck_assert_uint_eq(nodes, 1);
			ck_assert(row->cells[row->lane] & GRAPH_NODE);
			break;
		default:
			ck_assert_uint_eq(nodes, 0);
		}
	}
}

/* A row for everything, once, in order. */
static void check_contents(void *ctx, const struct graph *g, const struct graph_picture *pic)
{
	char *want = mem_dup(ctx, ""), *have = mem_dup(ctx, "");

	for (size_t i = 0; i < g->released_count; i++) {
		mem_append(&want, ctx, "v%zu", i);
		for (size_t k = 0; k < g->released[i].patch_count; k++)
			mem_append(&want, ctx, "p%zu", k);
	}
	for (size_t i = 0; i < g->open_count; i++) {
		mem_append(&want, ctx, "o%zu", i);
		for (size_t k = 0; k < g->open[i].patch_count; k++)
			mem_append(&want, ctx, "p%zu", k);
	}
	for (size_t i = 0; i < pic->count; i++) {
		const struct graph_row *row = &pic->rows[i];

		if (row->kind == GRAPH_RELEASED)
			mem_append(&have, ctx, "v%zu", row->release);
		if (row->kind == GRAPH_OPEN)
			mem_append(&have, ctx, "o%zu", row->release);
		if (row->kind == GRAPH_PATCH)
			mem_append(&have, ctx, "p%zu", row->item);
		for (size_t k = 0; row->kind == GRAPH_IDS && k < row->count; k++)
			mem_append(&have, ctx, "p%zu", row->item + k);
	}
	ck_assert_str_eq(have, want);
}

/* IDs fill their rows, and leave them only when one alone is too long. */
static void check_width(const struct graph *g, const struct graph_picture *pic)
{
	for (size_t i = 0; i < pic->count; i++) {
		const struct graph_row *row = &pic->rows[i];
		size_t width = 0;

		if (row->kind != GRAPH_IDS)
			continue;
		ck_assert_uint_gt(row->count, 0);
		for (size_t k = row->item; k < row->item + row->count; k++)
			width += strlen(g->released[row->release].patches[k].id) + 2;
		ck_assert(width - 2 <= WIDTH || row->count == 1);
	}
}

/* Each open release has a lane of its own. */
static void check_lanes(void *ctx, const struct graph *g, const struct graph_picture *pic)
{
	bool *taken = mem_array(ctx, bool, pic->lanes);
	size_t rcs = 0, drawn = 0;

	ck_assert_uint_eq(pic->lanes, g->open_count + 1);
	for (size_t i = 0; i < pic->count; i++) {
		if (pic->rows[i].kind == GRAPH_OPEN) {
			ck_assert(!taken[pic->rows[i].lane]);
			taken[pic->rows[i].lane] = true;
		}
		drawn += pic->rows[i].kind == GRAPH_RC;
	}
	for (size_t i = 0; i < g->open_count; i++)
		rcs += g->open[i].rc_count;
	ck_assert_uint_eq(drawn, rcs);
}

START_TEST(any_graph)
{
	srand(7);
	for (int round = 0; round < 300; round++) {
		SCOPE(tmp, NULL);
		struct graph *g = make_graph(tmp);
		struct graph_picture *pic = graph_layout(tmp, g, WIDTH);

		check_lines(pic);
		check_nodes(g, pic);
		check_contents(tmp, g, pic);
		check_width(g, pic);
		check_lanes(tmp, g, pic);
	}
}
END_TEST

/* A letter a row: enough to see the order. */
static char *letters(void *ctx, const struct graph_picture *pic)
{
	char *text = mem_dup(ctx, "");

	for (size_t i = 0; i < pic->count; i++)
		mem_append(&text, ctx, "%c%zu ", "<VIF.OEPR"[pic->rows[i].kind],
			   pic -> rows[i].lane);
	return text;
}

START_TEST(known)
{
	SCOPE(tmp, NULL);
	struct graph_patch patches[] = {{.id = "1-a", .staged = true}, {.id = "2-b"}};
	struct graph_rc rcs[] = {{.after = 1}};
	struct graph_release released[] = {{.version = "1.0.0"},
					   {.version = "1.1.0",
					    .patches = patches,
					    .patch_count = 2}};
	struct graph_release open[] = {
		{.base = 1, .patches = patches, .patch_count = 2, .rcs = rcs, .rc_count = 1},
		{.base = 1},
		{.base = 0},
	};
	struct graph g = {"shop", 4, released, 2, open, 3};
	struct graph_picture *pic = graph_layout(tmp, &g, WIDTH);

	ck_assert_str_eq(letters(tmp, pic), "<0 V0 F0 V0 I0 F0 O2 P2 R2 P2 .1 O1 E1 .3 O3 E3 ");
	/* Along the row that leads out to lane 3, nothing is in the way. */
	ck_assert_int_eq(pic->rows[2].cells[0], GRAPH_UP | GRAPH_DOWN | GRAPH_RIGHT);
	ck_assert_int_eq(pic->rows[2].cells[1], GRAPH_LEFT | GRAPH_RIGHT);
	ck_assert_int_eq(pic->rows[2].cells[2], GRAPH_LEFT | GRAPH_RIGHT);
	ck_assert_int_eq(pic->rows[2].cells[3], GRAPH_LEFT | GRAPH_DOWN);
	/* The trunk ends where the newest lanes leave it. */
	ck_assert_int_eq(pic->rows[5].cells[0], GRAPH_UP | GRAPH_RIGHT);
	ck_assert_int_eq(pic->rows[5].cells[1], GRAPH_LEFT | GRAPH_DOWN | GRAPH_RIGHT);
}
END_TEST

START_TEST(empty)
{
	SCOPE(tmp, NULL);
	struct graph_release released[] = {{.version = "0.0.0"}};
	struct graph none = {.project = "shop"};
	struct graph first = {.project = "shop", .released = released, .released_count = 1};

	ck_assert_uint_eq(graph_layout(tmp, &none, WIDTH)->count, 0);
	ck_assert_str_eq(letters(tmp, graph_layout(tmp, &first, WIDTH)), "V0 ");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("core/graph");
	TCase *tests = tcase_create("graph");

	tcase_add_test(tests, any_graph);
	tcase_add_test(tests, known);
	tcase_add_test(tests, empty);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
