/* The graph of the releases as SVG: a stand-alone file without scripts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "graph_draw.h"
#include "graph_sheet.h"
#include "records.h"
#include "svg.h"

/* In pixels, unless stated otherwise. */
#define HEADER 104
#define FOOTER 80
#define TEXT_WIDTH 900
#define RIGHT_WIDTH 210 /* names and days */
#define PILL_WIDTH 96
#define ID_CHARS 40
#define MONO 8       /* a character of an ID */
#define MONO_SMALL 7 /* and of a released one */

static int height_of(enum graph_kind kind)
{
	switch (kind) {
	case GRAPH_RELEASED:
		return 42;
	case GRAPH_IDS:
		return 20;
	case GRAPH_FORK:
		return 26;
	case GRAPH_GAP:
		return 22;
	case GRAPH_OPEN:
		return 48;
	default:
		return 30;
	}
}

static void put_day(struct sheet *s, const char *word, int y, long long since)
{
	SCOPE(tmp, NULL);

	if (since)
		svg_label(s->file, "s d e", s->right, y + 5,
			  mem_printf(tmp, "%s %s", word, day_of(tmp, since)), 0);
}

static void put_released(struct sheet *s, size_t index)
{
	SCOPE(tmp, NULL);
	const struct graph_row *row = &s->picture->rows[index];
	const struct graph_release *r = &s->graph->released[row->release];
	int y = sheet_middle(s, index), x = s->left + (int)strlen(r->version) * 10 + 16;
	char *text = mem_printf(tmp, "%zu patch%s", r->patch_count,
				r->patch_count == 1 ? "" : "es");

	svg_label(s->file, "v", s->left, y + 6, r->version, 0);
	if (row->release + 1 == s->graph->released_count)
		x = svg_pill(s->file, x, y, "ok", "in production");
	if (r->rc_count > 0)
		mem_append(&text, tmp, " after %zu release candidate%s", r->rc_count,
			   r->rc_count == 1 ? "" : "s");
	svg_label(s->file, "s d", x, y + 5, text, 0);
	put_day(s, "released", y, r->since);
}

/* What the pointer over a patch shows. */
static void put_hint(struct sheet *s, const struct graph_patch *patch, const char *state)
{
	SCOPE(tmp, NULL);
	char *text = mem_printf(tmp, "%s%s%s\n%s", patch->id, patch->title ? ": " : "",
				patch->title ? patch->title : "", state);

	if (patch->since)
		mem_append(&text, tmp, ", started %s", day_of(tmp, patch->since));
	if (patch->author)
		mem_append(&text, tmp, " by %s", patch->author);
	fputs("<title>", s->file);
	svg_text(s->file, text, 0);
	fputs("</title>", s->file);
}

static void put_ids(struct sheet *s, size_t index)
{
	SCOPE(tmp, NULL);
	const struct graph_row *row = &s->picture->rows[index];
	const struct graph_release *r = &s->graph->released[row->release];
	int x = s->left;

	for (size_t i = row->item; i < row->item + row->count; i++) {
		int width = (int)strlen(r->patches[i].id) * MONO_SMALL;

		fputs("<g class=\"row\">", s->file);
		put_hint(s, &r->patches[i], mem_printf(tmp, "released in %s", r->version));
		svg_box(s->file, x - 5, s->top[index] + 1, width + 10, 18, 4, "hit");
		svg_label(s->file, "m s d", x, sheet_middle(s, index) + 4, r->patches[i].id, 0);
		fputs("</g>", s->file);
		x += width + 2 * MONO_SMALL;
	}
}

static void put_open(struct sheet *s, size_t index)
{
	SCOPE(tmp, NULL);
	const struct graph_row *row = &s->picture->rows[index];
	const struct graph_release *r = &s->graph->open[row->release];
	int y = sheet_middle(s, index), x = s->left + (int)strlen(r->version) * 10 + 16;
	size_t staged = 0;

	for (size_t i = 0; i < r->patch_count; i++)
		staged += r->patches[i].staged;
	svg_label(s->file, "v", s->left, y + 6, r->version, 0);
	if (r->hotfix)
		x = svg_pill(s->file, x, y, "bad", "hotfix");
	if (r->lacks)
		x = svg_pill(s->file, x, y, "bad", mem_printf(tmp, "lacks %s", r->lacks));
	if (r->patch_count > 0) {
		svg_label(s->file, "s d", x, y + 5, graph_counts(tmp, r), 0);
		int done = (int)(96 * staged / r->patch_count);

		svg_box(s->file, s->right - RIGHT_WIDTH - 26, y - 3, 96, 6, 3, "bar");
		if (done > 0)
			svg_box(s->file, s->right - RIGHT_WIDTH - 26, y - 3, done, 6, 3, "done");
	}
	put_day(s, "opened", y, r->since);
}

static void put_patch(struct sheet *s, size_t index)
{
	SCOPE(tmp, NULL);
	const struct graph_row *row = &s->picture->rows[index];
	const struct graph_release *r = &s->graph->open[row->release];
	const struct graph_patch *patch = &r->patches[row->item];
	int y = sheet_middle(s, index), room = s->right - RIGHT_WIDTH - s->state - PILL_WIDTH - 16;
	const char *word = "candidate";

	if (patch->staged)
		word = patch->rc ? mem_printf(tmp, "in %s", strrchr(patch->rc, '-') + 1) : "staged";
	put_hint(s, patch, mem_printf(tmp, "%s, %s", r->version, word));
	svg_box(s->file, s->left - 8, s->top[index] + 1, s->right - s->left + 16, 28, 6, "hit");
	svg_label(s->file, "m", s->left, y + 5, patch->id, ID_CHARS);
	svg_pill(s->file, s->state, y, patch->staged ? "ok" : "wait", word);
	if (patch->title) {
		fprintf(s->file, "<svg x=\"%d\" y=\"%d\" width=\"%d\" height=\"30\">",
			s->state + PILL_WIDTH, s->top[index], room);
		svg_label(s->file, "t", 0, 20, patch->title, (size_t)room * 2 / 15);
		fputs("</svg>", s->file);
	}
	fprintf(s->file, "<text class=\"s d e\" x=\"%d\" y=\"%d\">", s->right, y + 5);
	if (patch->author) {
		svg_text(s->file, patch->author, 16);
		fputs(" \u00b7 ", s->file);
	}
	fprintf(s->file, "%s</text>", day_of(tmp, patch->since));
}

static void put_rc(struct sheet *s, size_t index)
{
	SCOPE(tmp, NULL);
	const struct graph_row *row = &s->picture->rows[index];
	const struct graph_rc *rc = &s->graph->open[row->release].rcs[row->item];
	int y = sheet_middle(s, index);

	svg_label(s->file, "b", s->left, y + 5, rc->version, 0);
	svg_label(s->file, "s d", s->left + (int)strlen(rc->version) * 9 + 16, y + 5,
		  mem_printf(tmp, "release candidate with %zu patch%s", rc->patches,
			     rc->patches == 1 ? "" : "es"),
		  0);
	put_day(s, "made", y, rc->since);
}

static void put_words(struct sheet *s, size_t index)
{
	SCOPE(tmp, NULL);
	const struct graph_row *row = &s->picture->rows[index];
	size_t older = s->graph->older;

	switch (row->kind) {
	case GRAPH_OLDER:
		svg_label(s->file, "s d", s->left, sheet_middle(s, index) + 5,
			  mem_printf(tmp, "%zu older version%s", older, older == 1 ? "" : "s"), 0);
		break;
	case GRAPH_RELEASED:
		put_released(s, index);
		break;
	case GRAPH_IDS:
		put_ids(s, index);
		break;
	case GRAPH_OPEN:
		put_open(s, index);
		break;
	case GRAPH_EMPTY:
		svg_label(s->file, "s d", s->left, sheet_middle(s, index), "no patches yet", 0);
		break;
	case GRAPH_PATCH:
		put_patch(s, index);
		break;
	case GRAPH_RC:
		put_rc(s, index);
		break;
	default:
		break;
	}
}

/* Behind each open release, from its first row to its last. */
static void put_cards(struct sheet *s)
{
	for (size_t i = 0; i < s->picture->count; i++) {
		size_t end = i + 1;

		if (s->picture->rows[i].kind != GRAPH_OPEN)
			continue;
		while (end < s->picture->count && s->picture->rows[end].kind != GRAPH_GAP)
			end++;
		svg_box(s->file, s->left - 18, s->top[i], s->right - s->left + 36,
			s->top[end] - s->top[i] + 8, 12, "card");
		fputc('\n', s->file);
	}
}

static void put_header(struct sheet *s)
{
	SCOPE(tmp, NULL);
	const struct graph *g = s->graph;
	const char *text = mem_printf(tmp, "%zu release%s open", g->open_count,
				      g->open_count == 1 ? "" : "s");

	if (g->open_count == 0)
		text = "no release is open";

	if (g->released_count > 0)
		text = mem_printf(tmp, "%s in production \u00b7 %s",
				  g->released[g->released_count - 1].version, text);
	svg_label(s->file, "h", SHEET_MARGIN, SHEET_MARGIN + 16, g->project, 60);
	svg_label(s->file, "d", SHEET_MARGIN, SHEET_MARGIN + 40, text, 0);
	fputc('\n', s->file);
}

/* What the nodes mean. */
static void put_footer(struct sheet *s, int y)
{
	static const char *const words[] = {"production", "release candidate", "open release",
					    "staged", "candidate"};
	static const char *const classes[] = {"c0", "c1", "c1 o", "c1", "c1 o"};
	int x = SHEET_MARGIN + 8;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (i < 3)
			svg_diamond(s->file, x, y, 6, classes[i]);
		else
			svg_circle(s->file, x, y, classes[i]);
		svg_label(s->file, "s d", x + 16, y + 4, words[i], 0);
		x += (int)strlen(words[i]) * 7 + 44;
	}
	fputc('\n', s->file);
}

/* Where everything stands; the height. */
static int measure(struct sheet *s, void *ctx)
{
	const struct graph *g = s->graph;
	size_t longest = 12;
	int y = HEADER;

	for (size_t i = 0; i < g->open_count; i++) {
		for (size_t k = 0; k < g->open[i].patch_count; k++) {
			size_t n = strlen(g->open[i].patches[k].id);

			longest = n > longest ? n : longest;
		}
	}
	s->step = g->open_count > 6 ? 140 / (int)g->open_count : 24;
	s->step = s->step < 9 ? 9 : s->step;
	s->left = sheet_lane_x(s, g->open_count) + 44;
	s->right = s->left + TEXT_WIDTH;
	s->state = s->left + (int)(longest > ID_CHARS ? ID_CHARS : longest) * MONO + 20;
	s->picture = graph_layout(ctx, g, TEXT_WIDTH / MONO_SMALL);
	s->top = mem_array(ctx, int, s->picture->count + 1);
	for (size_t i = 0; i < s->picture->count; i++) {
		s->top[i] = y;
		y += height_of(s->picture->rows[i].kind);
	}
	s->top[s->picture->count] = y;
	return y + FOOTER;
}

char *graph_svg(void *ctx, const struct graph *g)
{
	SCOPE(tmp, ctx);
	struct sheet s = {.graph = g};
	size_t length;
	char *bytes, *out;
	int height;

	s.file = mem_check(open_memstream(&bytes, &length));
	height = measure(&s, tmp);
	svg_begin(s.file, s.right + SHEET_MARGIN, height, g->project);
	put_header(&s);
	put_cards(&s);
	sheet_lines(&s);
	for (size_t i = 0; i < s.picture->count; i++) {
		fputs("<g class=\"row\">", s.file);
		put_words(&s, i);
		sheet_node(&s, i);
		fputs("</g>\n", s.file);
	}
	put_footer(&s, height - FOOTER / 2 + 4);
	fputs("</svg>\n", s.file);
	fclose(s.file);
	out = mem_dup(ctx, bytes);
	free(bytes);
	return out;
}
