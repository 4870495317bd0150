/*
 * What a rehearsal finds in the files of patches: statements that would block the application. Each
 * kind has a name that does not change, which "-- @HOP:allow NAME reason" next to the statement
 * allows.
 */
#ifndef CORE_FINDING_H
#define CORE_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "core/script.h"

enum finding_kind {
	FINDING_REWRITE, /* a table is rewritten */
	FINDING_SCAN,    /* a table is read in full while it is locked */
	FINDING_INDEX,   /* an index is built while its table is locked */
	FINDING_LOCK,    /* a table is locked by itself */
	FINDING_HELD,    /* a table stays locked while something else takes long */
	FINDING_ROWS,    /* many rows are changed in one transaction */
	FINDING_KINDS
};

const char *finding_name(enum finding_kind kind);
/* What to write instead of a statement that begins with the word VERB (NULL: a program). */
const char *finding_instead(enum finding_kind kind, const char *verb);

struct finding_allow {
	size_t statement; /* of the script, from 0 */
	int line;
	enum finding_kind kind;
	char *reason;
	char *problem; /* why it allows nothing; NULL: it is well-formed */
	bool used;
};

/*
 * The comments "-- @HOP:allow NAME reason" of a script, in order: each is on a line before its
 * statement, or behind it on the line on which it ends.
 */
void finding_read_allows(struct finding_allow **out, size_t *count, void *ctx,
			 const struct script *s);

#endif
