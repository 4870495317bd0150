/*
 * The picture of the releases: what stands in which row, and which lines lead there. Time runs
 * downwards: the trunk of production versions, then each open release on a lane of its own that
 * leaves the trunk at the version that it is based on. The same input gives the same picture.
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
	size_t after; /* so many patches of the list stand above it */
};

#define GRAPH_OLDER_BASE ((size_t)-1)

struct graph_release {
	const char *version;
	long long since;   /* released, or opened; 0: not known */
	bool hotfix;       /* open: of a version that is released already */
	size_t base;       /* open: index in released, or GRAPH_OLDER_BASE */
	const char *lacks; /* open: the production version that it does not have; NULL: none */
	struct graph_patch *patches;
	size_t patch_count;
	struct graph_rc *rcs; /* lowest first */
	size_t rc_count;
};

struct graph {
	const char *project;
	size_t older;                   /* released versions that are left out */
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

/* What a row has where it meets a lane: lines to the rows and lanes beside it. */
enum { GRAPH_UP = 1, GRAPH_DOWN = 2, GRAPH_LEFT = 4, GRAPH_RIGHT = 8, GRAPH_NODE = 16 };

struct graph_row {
	enum graph_kind kind;
	size_t release;       /* index in released (GRAPH_RELEASED, GRAPH_IDS) or in open */
	size_t item;          /* of GRAPH_PATCH, GRAPH_RC; the first of GRAPH_IDS */
	size_t count;         /* how many GRAPH_IDS */
	size_t lane;          /* of its node, or of the release that it belongs to */
	unsigned char *cells; /* one a lane */
};

struct graph_picture {
	struct graph_row *rows;
	size_t count;
	size_t lanes; /* the trunk is lane 0 */
};

/* WIDTH: so many characters, two between the IDs, may stand in a row of GRAPH_IDS. */
struct graph_picture *graph_layout(void *ctx, const struct graph *g, size_t width);

#endif
