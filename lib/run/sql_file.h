/* Runs the text of .sql files, and locates errors in them. */
#ifndef RUN_SQL_FILE_H
#define RUN_SQL_FILE_H

#include <stdbool.h>
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

/*
 * Several files in one message, with hop's own statements between them. A file must have one piece,
 * without COPY data. Texts and scripts must outlive the message.
 */
struct sql_message;
struct sql_message *sql_message_new(void *ctx);
void sql_message_add_file(struct sql_message *m, const struct script *script);
/* MARK: the last statement returns a row that is needed. */
void sql_message_add_own(struct sql_message *m, const char *sql, bool mark);
/*
 * Sends it. ROWS has a place for each mark, in order: NULL for those that were not reached. Errors
 * of files are those of run_script. *OWN: an error is that of hop's own statements, or the server
 * has counted other statements than script_read.
 */
struct error *sql_message_send(struct rows **rows, bool *own, void *ctx, struct db *db,
			       const struct sql_message *m) MUST_CHECK;

/* Turns ERR into ERROR_NO if it is caused by what was run, not by the state of the server. */
struct error *sql_error_judge(struct error *err) MUST_CHECK;

/* The same for hop's own texts (schema dumps, metadata), with or without a transaction around. */
struct error *run_sql_text(struct db *db, const char *name, const char *text,
			   size_t length) MUST_CHECK;

#endif
