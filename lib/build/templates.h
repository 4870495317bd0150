/*
 * The databases of this project on the development server that can be copied, renamed or dropped:
 * templates ("t_"), spare copies of them ("p_"), and replaced development databases ("o_"). Only
 * those that the current role can drop are listed, and only those that it owns are copied, because
 * another role can create a database with such a name.
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
	bool plain;     /* of a template: see session_ask_plain */
	bool bare;      /* of a template: no settings, privileges or comment to copy */
	bool replaced;  /* a replaced development database */
	bool own;       /* owned by the current role, so no one else created it */
	bool broken;    /* a DROP was interrupted, so it cannot be used any more */
};
struct templates {
	struct dev_server *dev;
	struct template_item *items; /* a talloc array */
	size_t count;
};
struct error *templates_read(struct templates **out, void *ctx, struct dev_server *dev) MUST_CHECK;

/* The template of the state KEY, or its spare copy; NULL if there is none. */
const struct template_item *templates_find(const struct templates *templates, const char *key);
const char *templates_find_spare(const struct templates *templates, const char *key);
/* Records that the template was used, at most once per hour. Ignores errors. */
void templates_touch(struct templates *templates, const char *key);
/* Drops what is too old or superfluous, except the templates of KEYS, without waiting. */
void templates_clean(struct templates *templates, char *const *keys);
/* The same for all such databases on the server. COUNT is their number; LOOK: only count them. */
struct error *templates_tidy(size_t *count, struct dev_server *dev, bool look) MUST_CHECK;

/*
 * Makes NAME, which is complete and has no connections, the template of KEY. PLAIN: what
 * session_ask_plain says of it. SQLSTATE 42P04 if there is one.
 */
struct error *template_publish(struct dev_server *dev, const char *name, const char *key,
			       bool plain) MUST_CHECK;
/* "CREATE DATABASE NAME TEMPLATE FROM". */
char *template_copy_sql(void *ctx, struct dev_server *dev, const char *name, const char *from);
char *template_spare_name(void *ctx, const struct dev_server *dev, const char *key);
/*
 * Makes the server prepare a spare copy of the template of KEY, if there is one, without waiting
 * for it.
 */
void template_prepare_spare(struct dev_server *dev, const char *key);
/* The comment of a replaced development database, which may be dropped. */
char *template_replaced_comment(void *ctx, const struct dev_server *dev);

#endif
