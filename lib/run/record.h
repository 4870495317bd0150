/* hop's own tables in a database (schema hop): their one reader and writer. */
#ifndef RUN_RECORD_H
#define RUN_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "core/plan.h"
#include "port/db.h"

#define RECORD_DEVELOPMENT "development"
#define RECORD_SCRATCH "scratch"
#define RECORD_PRODUCTION "production"

/* What database this is. The role decides what may be done to it: production is never dropped. */
struct record_identity {
	const char *id;   /* the project's, 32 hexadecimal digits */
	const char *name; /* the project's */
	const char *role;
	const char *hop_version;
	/* The clone that a development database is of, or NULL; host and folder are for people. */
	const char *clone_id, *clone_host, *clone_folder;
};

struct record_state {
	bool present;     /* the database says what it is: IDENTITY is set */
	bool has_objects; /* not present, but somebody made something in it */
	/* Not present, and an administrator prepared it: extensions, settings, privileges, ... */
	bool prepared;
	struct record_identity identity;
};

struct record_release {
	const char *version;
	const char *applied_at; /* ISO 8601 in UTC */
	const char *applied_by; /* role */
	const char *commit;     /* object id, or NULL */
	const char *hop_version;
	long long duration_ms;
};

struct record_patch {
	const char *version; /* of the release that brought it */
	const char *id;
	const char *hash; /* of the tree Patches/ID */
	int position;     /* in the release, from 1 */
	long long duration_ms;
};

/* What this database is. A schema hop that is not ours is an object like any other. */
struct error *record_state(struct record_state *out, void *ctx, struct db *db) MUST_CHECK;

/*
 * Makes schema and tables where they are missing, in the transaction of the caller when there is
 * one. ERROR_NO when there is a schema hop that is not ours.
 */
struct error *record_install(struct db *db) MUST_CHECK;
/* Writes the one row of identity, over an older one. */
struct error *record_set_identity(struct db *db, const struct record_identity *identity) MUST_CHECK;

/* All releases, lowest version first. */
struct error *record_releases(struct record_release **out, size_t *count, void *ctx,
			      struct db *db) MUST_CHECK;
/* All patches, in the order of releases and then of position. */
struct error *record_applied(struct plan_applied **out, size_t *count, void *ctx,
			     struct db *db) MUST_CHECK;
/* The highest version; NULL when the database is at none. */
struct error *record_version(char **out, void *ctx, struct db *db) MUST_CHECK;

/*
 * The rows of a release (NULL: it is there already) and of COUNT patches of it, in one message.
 * applied_at and applied_by are the server's: now, and the role of the session.
 */
struct error *record_add(struct db *db, const struct record_release *release,
			 const struct record_patch *patches, size_t count) MUST_CHECK;

/*
 * The rows of releases and patches as COPY blocks that record_load and psql read: the text of
 * metadata-VERSION.sql. The same rows give the same bytes.
 */
struct error *record_dump(char **text, void *ctx, struct db *db) MUST_CHECK;
/* The text that a database with this one release and no patches would give. */
char *record_dump_one(void *ctx, const struct record_release *release);
/* Into the empty tables of record_install. NAME is for messages. */
struct error *record_load(struct db *db, const char *name, const char *text,
			  size_t length) MUST_CHECK;

#endif
