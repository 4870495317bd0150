/* What rollbacks leave on the server: databases that were replaced, and what killed ones left. */
#ifndef DEPLOY_ROLLBACK_LEFT_H
#define DEPLOY_ROLLBACK_LEFT_H

#include <stdbool.h>

#include "base/error.h"
#include "project/project.h"
#include "port/db.h"

/* The first line of the comment of a database that has to do with a rollback of NAME. */
char *rollback_mark(void *ctx, const struct project *p, const char *what, const char *name);
/* The name under which a backup of database NAME is restored. */
struct error *rollback_new_name(char **out, void *ctx, const struct project *p,
				const char *name) MUST_CHECK;

/*
 * During the swap of a rollback, and after one that was killed in it, a database takes no
 * connections. If ERR is the server's refusal to connect to it, waits for a rollback that runs, or
 * opens what a killed one has closed, and frees ERR: NULL means to try again. ERROR_AGAIN if the
 * rollback lasts longer than hop.lockTimeout. Otherwise returns ERR.
 */
struct error *rollback_reopen(struct error *err, struct project *p,
			      const char *conninfo) MUST_CHECK;
/* For commands that change nothing: the same error, with a hint what opens the database again. */
struct error *rollback_closed(struct error *err) MUST_CHECK;

#endif
