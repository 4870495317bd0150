/* hop's own tables (schema hop); only these functions read and write them. */
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

/*
 * The identity of a database. The role decides what can be done with it: production is never
 * dropped.
 */
struct record_identity {
	const char *id;   /* of the project, 32 hexadecimal digits */
	const char *name; /* the project's */
	const char *role;
	const char *hop_version;
	/*
	 * The clone to which a development database belongs, or NULL; host and directory are for
	 * messages.
	 */
	const char *clone_id, *clone_host, *clone_directory;
};

struct record_state {
	bool present;     /* the database is marked: IDENTITY is set */
	bool has_objects; /* not marked, but contains objects */
	/* Not marked, but prepared by an administrator: extensions, settings, privileges, ... */
	bool prepared;
	struct record_identity identity;
};

struct record_release {
	const char *version;
	const char *applied_at; /* ISO 8601 in UTC */
	const char *applied_by; /* role */
	const char *commit;     /* object ID, or NULL */
	const char *hop_version;
	long long duration_ms;
};

struct record_patch {
	const char *version; /* of the release it was applied with */
	const char *id;
	const char *hash; /* of the tree Patches/ID */
	int position;     /* in the release, from 1 */
	long long duration_ms;
};

/* A data script that has run. */
struct record_script {
	const char *file; /* in bootstrap/ */
	const char *hash; /* of its blob */
	const char *at;   /* ISO 8601 in UTC */
};

enum record_step_state { RECORD_STARTED, RECORD_DONE, RECORD_FAILED };

/*
 * A step of a release that is under way and that is not one transaction: a file or, outside a
 * transaction, a statement of one.
 */
struct record_step {
	const char *version;
	const char *patch; /* its ID */
	const char *hash;  /* of the tree Patches/ID */
	const char *file;  /* "Patches/12-users/01_tables.sql" */
	int statement;     /* from 1; 0: the file as a whole */
	enum record_step_state state;
	const char *before; /* what it was to make or drop, before it was first started; or NULL */
	const char *at;     /* when it was started, ISO 8601 in UTC; only read */
	long long duration_ms;
};

/*
 * Reads the state of a database; call this before anything below. A schema hop that is not ours
 * counts as an object. ERROR_NO if reading its tables could run code of a role that has
 * neither the rights of the current one nor those of the owner of the database.
 */
struct error *record_state(struct record_state *out, void *ctx, struct db *db) MUST_CHECK;
/*
 * Call this before writing to tables of a database that others could have prepared; schema hop
 * exists. ERROR_NO if that could run such code.
 */
struct error *record_check_trust(struct db *db) MUST_CHECK;

/*
 * Creates schema and tables if they do not exist, in the caller's transaction if there is one.
 * ERROR_NO if there is a schema hop that is not ours, or cannot be trusted.
 */
struct error *record_install(struct db *db) MUST_CHECK;
/* Writes the row with the identity, or replaces it. */
struct error *record_set_identity(struct db *db, const struct record_identity *identity) MUST_CHECK;

/* All releases, lowest version first. */
struct error *record_releases(struct record_release **out, size_t *count, void *ctx,
			      struct db *db) MUST_CHECK;
/* All patches, in the order of releases and then of position. */
struct error *record_applied(struct plan_applied **out, size_t *count, void *ctx,
			     struct db *db) MUST_CHECK;
/* The highest version; NULL if the database has none. */
struct error *record_version(char **out, void *ctx, struct db *db) MUST_CHECK;

/*
 * Adds the rows of a release (NULL: it exists already) and of COUNT of its patches, in one message.
 * The server sets applied_at (now) and applied_by (the role of the session).
 */
struct error *record_add(struct db *db, const struct record_release *release,
			 const struct record_patch *patches, size_t count) MUST_CHECK;
/* The statements with which it does. */
char *record_add_text(void *ctx, struct db *db, const struct record_release *release,
		      const struct record_patch *patches, size_t count);

/* All steps, in byte order of versions and files, and then in that of statements. */
struct error *record_steps(struct record_step **out, size_t *count, void *ctx,
			   struct db *db) MUST_CHECK;
/* The version of the release that is under way; NULL: none. */
struct error *record_under_way(char **version, void *ctx, struct db *db) MUST_CHECK;
/* Adds COUNT steps, or replaces their rows; where they are started, this is when. */
struct error *record_set_steps(struct db *db, const struct record_step *steps,
			       size_t count) MUST_CHECK;
/* Removes the steps of a release that is complete. */
struct error *record_end_steps(struct db *db, const char *version) MUST_CHECK;

/* All data scripts that have run, in byte order. */
struct error *record_scripts(struct record_script **out, size_t *count, void *ctx,
			     struct db *db) MUST_CHECK;
struct error *record_add_script(struct db *db, const char *file, const char *hash) MUST_CHECK;

/*
 * Dumps the rows of releases, patches and data scripts as COPY blocks for record_load and psql: the
 * text of PATH_METADATA. The same rows give the same bytes.
 */
struct error *record_dump(char **text, void *ctx, struct db *db) MUST_CHECK;
/* The dump of a database with only this release and no patches. */
char *record_dump_one(void *ctx, const struct record_release *release);
/* Loads such a dump into empty tables. NAME is for messages. */
struct error *record_load(struct db *db, const char *name, const char *text,
			  size_t length) MUST_CHECK;

#endif
