/* How the statements of a file marked "@HOP:no-transaction" run. */
#ifndef CORE_ALONE_H
#define CORE_ALONE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/script.h"

enum alone_way {
	ALONE_SETTING,    /* SET, RESET: in the session of each statement after it */
	ALONE_TIED,       /* in a transaction of its own, in which hop can record it */
	ALONE_REPEATABLE, /* outside one; running it twice does no harm: VACUUM, REINDEX */
	ALONE_INDEX,      /* CREATE INDEX CONCURRENTLY */
	ALONE_DROP_INDEX, /* DROP INDEX CONCURRENTLY */
	ALONE_REINDEX,    /* REINDEX CONCURRENTLY */
	ALONE_DETACH,     /* ALTER TABLE ... DETACH PARTITION ... CONCURRENTLY */
	ALONE_UNKNOWN     /* outside one; only its author knows how far it got: CALL, some DO */
};

/* A part of the text of a script; length 0: none. */
struct alone_span {
	size_t start, length;
};

struct alone {
	enum alone_way way;
	bool if_exists; /* IF EXISTS or IF NOT EXISTS */
	/*
	 * Names as they are written, perhaps with a schema: the index of ALONE_INDEX (without one)
	 * and ALONE_DROP_INDEX, the partition of ALONE_DETACH, what ALONE_REINDEX names.
	 */
	struct alone_span name;
	struct alone_span table; /* of ALONE_INDEX; the parent of ALONE_DETACH */
	struct alone_span words; /* of ALONE_INDEX: "CONCURRENTLY" to the table, without its name */
	struct alone_span kind;  /* of ALONE_REINDEX: "TABLE" */
};

/* Looks at statement N of the script. */
void alone_read(struct alone *out, const struct script *s, size_t n);

/*
 * A script with the same text and statements that runs only statement N, after the settings (SET,
 * RESET) before it, each in a message of its own.
 */
struct script *alone_part(void *ctx, const struct script *s, size_t n);

#endif
