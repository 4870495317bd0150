/*
 * The layout of the graph of releases: the contents of each row and the lines between them. Time
 * runs downwards: first the trunk of production versions, then each open release on its own lane,
 * which leaves the trunk at the version that the release is based on. The same input always gives
 * the same layout.
 */
#ifndef CORE_GRAPH_H
#define CORE_GRAPH_H

#include <stdbool.h>
#include <stddef.h>

struct graph_patch {
	const char *id;
	bool staged;        /* else a candidate */
	const char *rc;     /* the first release candidate that has it; NULL: none */
	long long since;    /* when it was started; 0: not known */
	const char *author; /* NULL: not known */
	const char *title;  /* NULL: none */
};

/* A release candidate, below the last of its patches. */
struct graph_rc {
	const char *version;
	long long since;
	size_t patches;
	size_t after; /* the number of patches above it */
};

#define GRAPH_OLDER_BASE ((size_t)-1)

struct graph_release {
	const char *version;
	long long since;   /* released, or opened; 0: not known */
	bool hotfix;       /* open: it is a hotfix */
	size_t base;       /* open: index in released, or GRAPH_OLDER_BASE */
	const char *lacks; /* open: the production version that it lacks; NULL: none */
	struct graph_patch *patches;
	size_t patch_count;
	struct graph_rc *rcs; /* lowest first */
	size_t rc_count;
};

struct graph {
	const char *project;
	size_t older;                   /* number of released versions that are left out */
	struct graph_release *released; /* the others, lowest first; the last is in production */
	size_t released_count;
	struct graph_release *open; /* lowest first */
	size_t open_count;
};

enum graph_kind {
	GRAPH_OLDER,    /* the versions that are left out */
	GRAPH_RELEASED, /* a version */
	GRAPH_IDS,      /* patches of the version above */
	GRAPH_FORK,     /* lanes leave the trunk */
	GRAPH_GAP,      /* nothing but lines */
	GRAPH_OPEN,     /* an open release; what follows belongs to it */
	GRAPH_EMPTY,    /* it has no patches */
	GRAPH_PATCH,
	GRAPH_RC
};

/* The cell of a row in a lane: lines to the adjacent rows and lanes, and a node. */
enum { GRAPH_UP = 1, GRAPH_DOWN = 2, GRAPH_LEFT = 4, GRAPH_RIGHT = 8, GRAPH_NODE = 16 };

struct graph_row {
	enum graph_kind kind;
	size_t release;       /* index in released (GRAPH_RELEASED, GRAPH_IDS) or in open */
	size_t item;          /* of GRAPH_PATCH, GRAPH_RC; the first of GRAPH_IDS */
	size_t count;         /* number of GRAPH_IDS */
	size_t lane;          /* of its node, or of the release it belongs to */
	unsigned char *cells; /* one per lane */
};

struct graph_picture {
	struct graph_row *rows;
	size_t count;
	size_t lanes; /* the trunk is lane 0 */
};

/* WIDTH: the maximum number of characters in a row of GRAPH_IDS, with two between IDs. */
struct graph_picture *graph_layout(void *ctx, const struct graph *g, size_t width);

#endif
