/* What a rehearsal has measured: a value, without any connection. */
#ifndef REHEARSE_REHEARSAL_H
#define REHEARSE_REHEARSAL_H

#include <stdbool.h>
#include <stddef.h>

#include "core/finding.h"

/* So many changed rows of a table are many for one transaction. */
#define REHEARSAL_ROWS 10000

/* Strengths of locks on tables, as PostgreSQL numbers them. */
enum lock_mode {
	LOCK_NONE,
	LOCK_ACCESS_SHARE,
	LOCK_ROW_SHARE,
	LOCK_ROW_EXCLUSIVE,
	LOCK_SHARE_UPDATE_EXCLUSIVE,
	LOCK_SHARE, /* from here on, nobody else can write */
	LOCK_SHARE_ROW_EXCLUSIVE,
	LOCK_EXCLUSIVE,
	LOCK_ACCESS_EXCLUSIVE /* nobody else can read either */
};
/* "ACCESS EXCLUSIVE", as LOCK TABLE calls it. */
const char *lock_mode_name(enum lock_mode mode);

/* What a statement did to a table that was there before the upgrade. */
struct rehearsal_effect {
	const char *table;   /* "public.users", quoted as in SQL */
	enum lock_mode mode; /* it locked the table in this mode, stronger than before; or none */
	enum lock_mode held; /* the strongest mode in which the table is locked after it */
	bool materialized;   /* a materialized view */
	bool rewritten;
	bool emptied; /* TRUNCATE */
	bool dropped;
	bool scanned;                         /* read in full */
	long long scans;                      /* of the table, also to build indexes */
	int index_scans;                      /* of its indexes that were there before */
	int indexes;                          /* built or rebuilt */
	long long inserted, updated, deleted; /* rows */
};

/* A statement, or a program, that did something to such tables. */
struct rehearsal_step {
	size_t file;      /* in the list of files */
	int statement;    /* of the file, from 1; 0: a program */
	int line, column; /* 0: a program */
	char *text;       /* of the statement, shortened to one line; NULL: a program */
	char *verb;       /* its first word; NULL: a program */
	double ms;
	bool transaction; /* it runs in one, so locks last until that ends */
	struct rehearsal_effect *effects;
	size_t count;
};

struct rehearsal_file {
	const char *path;
	double ms;
};

struct rehearsal_finding {
	enum finding_kind kind;
	size_t step;
	char **tables;       /* NULL-terminated */
	char *text;          /* what would block whom: a sentence; names in it are quoted */
	const char *instead; /* what to write instead */
	char *reason;        /* why it is allowed; NULL: it is not */
};

/* A comment that allows something, but nothing that was found. */
struct rehearsal_stray {
	size_t file;
	int line;
	char *text;
};

struct rehearsal {
	bool data;                    /* with rows of the database, not only its schema */
	struct rehearsal_file *files; /* in the order in which they ran */
	size_t file_count;
	struct rehearsal_step *steps;
	size_t step_count;
	struct rehearsal_finding *findings;
	size_t finding_count;
	size_t allowed; /* of the findings */
	struct rehearsal_stray *strays;
	size_t stray_count;
};

/* "Patches/12-users/01_tables.sql:3:1"; without a position for a program. */
char *rehearsal_place(void *ctx, const struct rehearsal *r, const struct rehearsal_step *step);
/* "public.a, public.b", quoted (base/quote.h); a long list is cut short. */
char *rehearsal_list(void *ctx, char *const *names);
/* ERROR_NO: COUNT findings are not allowed. */
struct error *rehearsal_refuse(size_t count) MUST_CHECK;

#endif
