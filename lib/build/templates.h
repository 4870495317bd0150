/*
 * The databases of this project on the development server that may be copied, renamed or cleaned
 * away: templates ("t_", one for each state worth it), spare copies of them ("p_"), and development
 * databases that were replaced ("o_"). Only those count that the current role may drop, and only
 * what it owns itself is copied: another role may have put a database there under such a name.
 */
#ifndef BUILD_TEMPLATES_H
#define BUILD_TEMPLATES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "build/dev_server.h"

struct template_item {
	char *name;
	char *key;      /* from the comment of a template; NULL for others */
	long long used; /* of a template, seconds since the epoch */
	bool replaced;  /* was the development database */
	bool own;       /* the current role owns it, so nobody else has made it */
	bool broken;    /* its dropping was interrupted: good for nothing else any more */
};
struct templates {
	struct dev_server *dev;
	struct template_item *items; /* a talloc array */
	size_t count;
};
struct error *templates_read(struct templates **out, void *ctx, struct dev_server *dev) MUST_CHECK;

/* The template of the state KEY, or its spare copy; NULL: there is none. */
const char *templates_find(const struct templates *templates, const char *key);
const char *templates_find_spare(const struct templates *templates, const char *key);
/* Remembers that the template was of use; at most once an hour, and it does not matter when that
 * fails. */
void templates_touch(struct templates *templates, const char *key);
/* Drops what is too old or too much, without waiting; not the templates of KEYS. */
void templates_clean(struct templates *templates, char *const *keys);
/* The same for all of the server, where COUNT is how many; LOOK: only counts them. */
struct error *templates_tidy(size_t *count, struct dev_server *dev, bool look) MUST_CHECK;

/* Complete, unconnected NAME becomes the template of KEY. ERROR with SQLSTATE 42P04 when there is
 * one. */
struct error *template_publish(struct dev_server *dev, const char *name,
			       const char *key) MUST_CHECK;
/* "CREATE DATABASE NAME TEMPLATE FROM". */
char *template_copy_sql(void *ctx, struct dev_server *dev, const char *name, const char *from);
char *template_spare_name(void *ctx, const struct dev_server *dev, const char *key);
/* Asks the server, without waiting, for a spare copy of the template of KEY, if there is one. */
void template_prepare_spare(struct dev_server *dev, const char *key);
/* COMMENT of a development database that was replaced and may be dropped. */
char *template_replaced_comment(void *ctx, const struct dev_server *dev);

#endif
