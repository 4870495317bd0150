/* Runs the text of .sql files, and says where in them something went wrong. */
#ifndef RUN_SQL_FILE_H
#define RUN_SQL_FILE_H

#include <stddef.h>

#include "base/error.h"
#include "core/script.h"
#include "port/db.h"

struct sql_file {
	const struct script *script;
	/*
	 * Statements that hold while the file runs ("SET lock_timeout = '2s';"); may be NULL.
	 * Needed because everything that was SET is reset after a file.
	 */
	const char *settings;
	/* What run_begin said, with these settings; 0: not begun by it. Saves a message a file. */
	long long xid;
};

/*
 * Begins the transaction that files are to run in and puts SETTINGS in force, all as one message;
 * *XID is what these files want.
 */
struct error *run_begin(long long *xid, struct db *db, const char *settings) MUST_CHECK;

/*
 * Runs a .sql file inside the open transaction of the caller, each piece of it as one message. It
 * finds the session as db_connect made it, and leaves it so: neither SET nor SET ROLE reaches the
 * next file.
 *
 * ERROR_NO "NAME:LINE:COLUMN: what the server said" when the file is at fault, with the SQLSTATE
 * set, and statement, detail and context as detail. ERROR_AGAIN, ERROR_FAIL, ERROR_SIGNALLED where
 * the file is not to blame (deadlock, server gone, signal). After any error the caller rolls back.
 */
struct error *run_sql_file(struct db *db, const struct sql_file *file) MUST_CHECK;

/* The same for hop's own texts (schema dumps, metadata), with or without a transaction around. */
struct error *run_sql_text(struct db *db, const char *name, const char *text,
			   size_t length) MUST_CHECK;

#endif
