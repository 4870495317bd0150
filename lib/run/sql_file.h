/* Runs the text of .sql files, and says where in them something went wrong. */
#ifndef RUN_SQL_FILE_H
#define RUN_SQL_FILE_H

#include <stddef.h>

#include "base/error.h"
#include "core/script.h"
#include "port/db.h"

/*
 * Runs a file, each piece of it as one message; the last is followed by the statements AFTER, of
 * whose answer *LAST is the last row, or NULL.
 *
 * ERROR_NO "NAME:LINE:COLUMN: what the server said" when the file is at fault, with the SQLSTATE
 * set, and statement, detail and context as detail. ERROR_AGAIN, ERROR_FAIL, ERROR_SIGNALLED where
 * the file is not to blame (deadlock, server gone, signal).
 */
struct error *run_script(struct rows **last, void *ctx, struct db *db, const struct script *script,
			 const char *after) MUST_CHECK;

/* ERR as ERROR_NO where the server complains about what was run, not about its own state. */
struct error *sql_error_judge(struct error *err) MUST_CHECK;

/* The same for hop's own texts (schema dumps, metadata), with or without a transaction around. */
struct error *run_sql_text(struct db *db, const char *name, const char *text,
			   size_t length) MUST_CHECK;

#endif
