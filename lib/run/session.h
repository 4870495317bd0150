/*
 * The session that the files of patches run in: what one file leaves in it, the next does not see,
 * and what a file may not do is found, whatever hides it.
 *
 * Calling sequence: session_begin, then session_file for each file; COMMIT or ROLLBACK is the
 * caller's. After hop's own statements have written in the same transaction, session_look.
 */
#ifndef RUN_SESSION_H
#define RUN_SESSION_H

#include <stdbool.h>

#include "base/error.h"
#include "core/script.h"
#include "port/db.h"

struct run_session;

/*
 * Begins a transaction. SETTINGS are statements of hop's that hold while files run ("SET
 * lock_timeout = '2s';"), or NULL. The same *SESSION (NULL at first) serves all transactions of a
 * connection.
 */
struct error *session_begin(struct run_session **session, void *ctx, struct db *db,
			    const char *settings) MUST_CHECK;

/* Takes what there is now as hop's own doing: its tables, its locks. */
struct error *session_look(struct run_session *session) MUST_CHECK;

/*
 * Whether a file ran in this session that may have left something that no reset takes back: the
 * name of a setting, what a library or a language remembers, the settings of the database that
 * count from the next connection on. Then what must not see it needs a connection of its own.
 */
bool session_worn(const struct run_session *session);

/*
 * Runs a file, each piece of it as one message, and resets the session. LAST: of its patch; then
 * deferred constraints are checked, and deferred again for the next patch.
 *
 * ERROR_NO "NAME:LINE:COLUMN: what the server said" when the file is at fault, with the SQLSTATE
 * set, and statement, detail and context as detail; "NAME: why" for what it may not do.
 * ERROR_AGAIN, ERROR_FAIL, ERROR_SIGNALLED where it is not to blame (deadlock, server gone,
 * signal). After any error the caller rolls back.
 */
struct error *session_file(struct run_session *session, const struct script *script,
			   bool last) MUST_CHECK;

#endif
