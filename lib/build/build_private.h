/* What the files of build.h share. */
#ifndef BUILD_BUILD_PRIVATE_H
#define BUILD_BUILD_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "build/build.h"

/* build.c: KEYS[i] is the content hash of the base and the first i patches; count + 1 of them. */
struct error *build_keys(char ***keys, void *ctx, struct dev_server *dev,
			 const struct build *b) MUST_CHECK;

/* build_play.c: into an empty database, the production schema, hop's tables and their rows. */
struct error *play_base(struct dev_server *dev, struct db *db, const struct build *b) MUST_CHECK;
/* The same into a database that was loaded from a dump: at the production version, or without rows
 * of hop's. */
struct error *play_dump(struct dev_server *dev, struct db *db, const struct build *b) MUST_CHECK;
/* The patches from FROM up to, without, TO. */
struct error *play_patches(struct dev_server *dev, struct db *db, const struct build *b,
			   size_t from, size_t to) MUST_CHECK;

/* build_reset.c: empties the development database where there is no CREATEDB. */
struct error *reset_database(struct dev_server *dev, struct db *db) MUST_CHECK;

/* build_template.c: the databases of this project that may be copied, renamed or cleaned away. */
struct template_item {
	char *name;
	char *key;      /* from the comment of a template; NULL for others */
	long long used; /* of a template, seconds since the epoch */
	bool replaced;  /* was the development database */
	bool broken;    /* its dropping was interrupted: good for nothing else any more */
};
struct templates {
	struct dev_server *dev;
	struct template_item *items; /* a talloc array */
	size_t count;
};
struct error *templates_read(struct templates **out, void *ctx, struct dev_server *dev) MUST_CHECK;
const struct template_item *templates_find(const struct templates *templates, const char *name);
/* Remembers that the template was of use; at most once an hour, and it does not matter when that
 * fails. */
void templates_touch(struct templates *templates, const char *key);
/* Drops what is too old or too much, without waiting; not the templates of KEYS. */
void templates_clean(struct templates *templates, char *const *keys);

/* build_scratch.c: a name that nobody else has; LETTER says what for. */
struct error *database_new_name(char **name, void *ctx, struct dev_server *dev,
				char letter) MUST_CHECK;
/*
 * Closes *DB, which is connected to NAME, and waits for the session to be gone: who renames a
 * database with a session in it, even one that is just ending, waits 100 ms.
 */
struct error *database_leave(struct dev_server *dev, struct db **db, const char *name) MUST_CHECK;
/* It is another's now: not to be dropped any more. */
void scratch_hand_on(struct scratch *s);

char *template_name(void *ctx, const struct dev_server *dev, const char *key);
char *spare_name(void *ctx, const struct dev_server *dev, const char *key);
/* COMMENT of the development database that is replaced, to be dropped. */
char *replaced_comment(void *ctx, const struct dev_server *dev);
/* Complete, unconnected NAME becomes the template of KEY. ERROR with SQLSTATE 42P04 when there is
 * one. */
struct error *template_publish(struct dev_server *dev, const char *name,
			       const char *key) MUST_CHECK;
/* "CREATE DATABASE NAME TEMPLATE FROM". */
char *template_copy_sql(void *ctx, struct dev_server *dev, const char *name, const char *from);
/* Sends SQL over a connection of its own and does not wait. */
void dev_server_send_and_leave(struct dev_server *dev, const char *sql);

#endif
