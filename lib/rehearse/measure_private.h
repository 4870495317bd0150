/* Shared by the files of rehearse/measure. */
#ifndef REHEARSE_MEASURE_PRIVATE_H
#define REHEARSE_MEASURE_PRIVATE_H

#include "rehearse/measure.h"

/* A table or index of users. */
struct relation {
	unsigned int oid, parent; /* PARENT: the table of an index, or 0 */
	char kind;                /* as in pg_class */
	char *name;
	unsigned int filenode, tablespace; /* as seen last */
	/* In the current transaction, as seen last: */
	enum lock_mode mode;
	long long scans, inserted, updated, deleted;
	size_t locked_by; /* the number of the step that locked it in that mode; 0: none */
	bool dropped;
	bool there; /* seen by the last look */
};

/* What a look sees of a relation that is locked. */
struct sight {
	unsigned int oid, parent, filenode, tablespace;
	char kind; /* '-': it was dropped */
	enum lock_mode mode;
	long long scans, inserted, updated, deleted;
};

struct look {
	long long catalog; /* rows of system tables changed so far */
	struct sight *sights;
	size_t count;
};

struct allows {
	size_t file;
	struct finding_allow *list;
	size_t count;
};

struct measure {
	struct db *db; /* of its own */
	struct rehearsal *r;
	struct run_watch watch;
	struct relation *known; /* those that were there before, in order of OID */
	size_t known_count;
	struct relation *built; /* indexes that were built on them since */
	size_t built_count;
	struct allows *allows; /* of each file that was read */
	size_t allows_count;
	const char *path; /* of the file that runs */
	long long catalog;
	double mark; /* when the current statement began */
	struct step *step;
	int pid; /* of the session that is sampled */
};

/* A statement that has just run. */
struct step {
	struct rehearsal_step base;
	struct relation **tables; /* of its effects */
	bool changed_catalog;
	bool long_work; /* it did what takes long where tables are large */
};

/*
 * measure_sight.c. Runs QUERY in the transaction of the session DB, and undoes what it sets and
 * locks. ERROR_FAIL if it returns no row.
 */
struct error *measure_ask(struct rows **out, void *ctx, struct db *db,
			  const char *query) MUST_CHECK;
/* Sees what the transaction of the session DB has done; leaves it as it is. */
struct error *measure_look(struct look *out, void *ctx, struct db *db) MUST_CHECK;
/* The counters alone, of the session: of relations that are not locked as well. */
struct error *measure_counters(struct look *out, void *ctx, struct db *db) MUST_CHECK;
/* All relations of users, in order of OID, under CTX. */
struct error *measure_map(struct relation **out, size_t *count, void *ctx,
			  struct db *db) MUST_CHECK;
struct relation *measure_find(struct relation *list, size_t count, unsigned int oid);

/* measure.c. The effect on a table; a new one if there was none yet. */
struct rehearsal_effect *measure_effect(struct step *step, struct relation *table);
struct relation *measure_known(struct measure *m, unsigned int oid);
/* Has the index been seen before? If not, it is from now on. */
bool measure_seen_index(struct measure *m, unsigned int oid, unsigned int filenode);
/* The number of the file; a new one if it was not running. */
size_t measure_file(struct measure *m, const char *path, const struct script *script);
/* Adds a statement (NULL: a program) that did something, and its findings. */
void measure_add(struct measure *m, struct step *step, const struct script *script, int n);

/* measure_alone.c: what runs outside a transaction, see run_watch. */
struct error *measure_alone(void *arg, struct db *db, const char *path, const struct script *script,
			    size_t n, bool ended) MUST_CHECK;

/* measure_judge.c: adds what the statement, the last step of M->r, would block. */
void measure_judge(struct measure *m, const struct step *step);

#endif
