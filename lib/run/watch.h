/* Is told what runs in a database, statement by statement: to measure it. */
#ifndef RUN_WATCH_H
#define RUN_WATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "core/script.h"
#include "port/db.h"

/*
 * Files that are watched are sent one statement at a time. An error of these functions ends the
 * run. They must leave the session DB as it is: the next statement of the file runs in it.
 */
struct run_watch {
	/*
	 * In the transaction of a file: before its first statement (N is -1), and after each one,
	 * the Nth of SCRIPT.
	 */
	struct error *(*look)(void *arg, struct db *db, const struct script *script, int n);
	/*
	 * Before and after (ENDED) what runs outside a transaction: statement N (from 0) of SCRIPT
	 * in the session DB or, if SCRIPT is NULL, a program. PATH is that of the file.
	 */
	struct error *(*alone)(void *arg, struct db *db, const char *path,
			       const struct script *script, size_t n, bool ended);
	void *arg;
};

#endif
