/* Runs the text of .sql files, and locates errors in them. */
#ifndef RUN_SQL_FILE_H
#define RUN_SQL_FILE_H

#include <stddef.h>

#include "base/error.h"
#include "core/script.h"
#include "port/db.h"
#include "run/watch.h"

/*
 * Runs a file, each of its pieces in one message. The last one also contains the statements AFTER;
 * *LAST is the last row that they return, or NULL.
 *
 * ERROR_NO "NAME:LINE:COLUMN: message of the server" if the file caused the error, with SQLSTATE
 * and, as detail, statement, detail and context. ERROR_AGAIN, ERROR_FAIL or ERROR_SIGNALLED if it
 * did not, as for a deadlock, a lost connection or a signal.
 */
struct error *run_script(struct rows **last, void *ctx, struct db *db, const struct script *script,
			 const char *after) MUST_CHECK;
/* The same, one statement after the other, for WATCH (NULL: nobody) to look at. */
struct error *run_script_watched(struct rows **last, void *ctx, struct db *db,
				 const struct script *script, const char *after,
				 const struct run_watch *watch) MUST_CHECK;

/* Turns ERR into ERROR_NO if it is caused by what was run, not by the state of the server. */
struct error *sql_error_judge(struct error *err) MUST_CHECK;

/* The same for hop's own texts (schema dumps, metadata), with or without a transaction around. */
struct error *run_sql_text(struct db *db, const char *name, const char *text,
			   size_t length) MUST_CHECK;

#endif
