/*
 * The session in which the files of patches run: no file sees what an earlier one left in it, and
 * forbidden changes are detected however they are made.
 *
 * Calling sequence: session_begin, then session_file or session_files; the caller
 * commits or rolls back. Call session_look after hop's own statements in the same transaction:
 * they write to its tables, and have a search_path of their own.
 */
#ifndef RUN_SESSION_H
#define RUN_SESSION_H

#include <stdbool.h>

#include "base/error.h"
#include "core/script.h"
#include "port/db.h"
#include "run/watch.h"

struct run_session;

/*
 * Does the database itself let files be plain (core/plain.h)? That takes the server longer than a
 * small patch.
 */
struct error *session_ask_plain(bool *plain, struct db *db) MUST_CHECK;
/*
 * Call before the first session_begin if that is known already, of this database or one that this
 * one is a copy of.
 */
void session_assume(struct run_session **session, void *ctx, struct db *db, bool plain);

/*
 * Begins a transaction. SETTINGS are statements whose settings apply while files run ("SET
 * lock_timeout = '2s';"), or NULL. Use the same *SESSION (NULL at first) for all transactions.
 */
struct error *session_begin(struct run_session **session, void *ctx, struct db *db,
			    const char *settings) MUST_CHECK;

/* From now on, WATCH (NULL: nobody) is told what runs in it. */
void session_watch(struct run_session *session, const struct run_watch *watch);

/*
 * Accepts the current state as the base, such as hop's tables and locks. Files find their settings
 * again, also where this function is yet to set them.
 */
struct error *session_look(struct run_session *session) MUST_CHECK;

/*
 * May statements of hop's own wait until they are sent with the next file? Nothing in the database
 * can see then whether they have run.
 */
bool session_can_defer(const struct run_session *session);
/* Sends SQL, one or more of them, in front of the next file, or of COMMIT. */
void session_defer(struct run_session *session, const char *sql);
struct error *session_commit(struct run_session *session) MUST_CHECK;

/*
 * Has a file run in this session that may have left something that no reset undoes: the name of a
 * custom setting, the state of a library or procedural language, or settings of the database, which
 * apply to new connections? If so, use another connection for what must not see that.
 */
bool session_worn(const struct run_session *session);

/*
 * Call between two transactions: the next one begins on DB, a new connection to the same database.
 * What the last one has found out about the database need not be found out again.
 */
void session_move(struct run_session **session, struct db *db);

/* A file of session_files. */
struct session_item {
	const struct script *script;
	bool last;             /* of its patch, see session_file */
	const char *name;      /* application_name while it runs */
	long long duration_ms; /* set once it has run, by the clock of the server */
};

/*
 * Runs files as session_file does, but several in one message, where they allow it; what they did
 * to the session and to the server is looked at after the message. *APART: a file has left
 * something that the next ones have seen, or failed in a way that session_file explains better.
 * Roll back then, and run all of the transaction with session_file, on a new connection. The error
 * says nothing of use.
 */
struct error *session_files(struct run_session *session, struct session_item *items, size_t count,
			    bool *apart) MUST_CHECK;
/*
 * Call after ROLLBACK, before running files again: ERROR_FAIL if the transaction was committed all
 * the same, for one of them ended it.
 */
struct error *session_check_undone(struct run_session *session) MUST_CHECK;

/*
 * Runs a file, each of its pieces in one message, and resets the session. LAST: it is the last file
 * of its patch, so deferred constraints are checked, and deferred again for the next patch.
 *
 * ERROR_NO if the file caused the error: "NAME:LINE:COLUMN: message of the server", with SQLSTATE
 * and, as detail, statement, detail and context; or "NAME: why" if it does something forbidden.
 * ERROR_AGAIN, ERROR_FAIL or ERROR_SIGNALLED if it did not, as for a deadlock, a lost connection or
 * a signal. The caller must roll back after any error.
 */
struct error *session_file(struct run_session *session, const struct script *script,
			   bool last) MUST_CHECK;

#endif
