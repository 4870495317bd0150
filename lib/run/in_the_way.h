/* Who holds the locks that others wait for. */
#ifndef RUN_IN_THE_WAY_H
#define RUN_IN_THE_WAY_H

#include "base/error.h"
#include "port/db.h"

/*
 * A line for each session that the server process PID waits for, or with PID 0, for each that keeps
 * everybody from reading a table of the database: "process 4711, role shop, psql, idle in
 * transaction since ...: LOCK TABLE t". *OUT ends with NULL.
 */
struct error *in_the_way(char ***out, void *ctx, struct db *db, int pid) MUST_CHECK;

#endif
