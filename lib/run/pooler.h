/* Poolers between hop and the server. */
#ifndef RUN_POOLER_H
#define RUN_POOLER_H

#include "port/db.h"

/*
 * ERROR_NO if a pooler gives the server's sessions to others between two transactions or
 * statements: locks and settings of a session would be lost, and others would have them. CONNINFO
 * is what DB, in no transaction, was connected with; through a pooler a second connection is made.
 */
struct error *pooler_check(struct db *db, const char *conninfo) MUST_CHECK;

#endif
