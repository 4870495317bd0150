/* Measures what runs in a database: locks, rewritten tables, indexes, rows and time. */
#ifndef REHEARSE_MEASURE_H
#define REHEARSE_MEASURE_H

#include "base/error.h"
#include "port/db.h"
#include "rehearse/rehearsal.h"
#include "run/watch.h"

struct measure;

/*
 * Before anything runs: the tables that DB has now are those that the application uses. DB, a
 * connection of its own to the database, must outlive *OUT.
 */
struct error *measure_open(struct measure **out, void *ctx, struct db *db, bool data) MUST_CHECK;
/* What to run files with. */
const struct run_watch *measure_watch(const struct measure *m);
/* Afterwards: what was measured. It lives as long as M. */
const struct rehearsal *measure_end(struct measure *m);

#endif
