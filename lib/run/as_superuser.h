/* Consent to run the code of a database's owner with the rights of a superuser. */
#ifndef RUN_AS_SUPERUSER_H
#define RUN_AS_SUPERUSER_H

#include <stdbool.h>

#include "base/error.h"
#include "port/db.h"
#include "project/project.h"

struct error *as_superuser_is(bool *out, struct db *db) MUST_CHECK;

/*
 * If the current role is a superuser and the owner of the database is not, asks whether to go on:
 * the owner's triggers and functions will run with the rights of the current role. Does not ask if
 * YES, or if hop.asSuperuser is true, which an answer on the terminal sets. ERROR_NO: the answer is
 * no, or there is no terminal.
 */
struct error *as_superuser_confirm(struct project *p, struct db *db, bool yes) MUST_CHECK;

#endif
