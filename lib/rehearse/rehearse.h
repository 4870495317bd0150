/* Runs an upgrade on a copy of the database, and finds what would block the application. */
#ifndef REHEARSE_REHEARSE_H
#define REHEARSE_REHEARSE_H

#include <stdbool.h>

#include "base/error.h"
#include "deploy/upgrade.h"
#include "rehearse/rehearsal.h"

struct rehearse_request {
	bool data;      /* copy the rows, too */
	const char *on; /* the server of the copy, see copy_schema; NULL: that of the database */
	bool atomic;
};

/*
 * Rehearses what is pending in U, which was opened to look only, and does not change its database.
 * The copy is dropped. ERROR_NO if a file fails there.
 */
struct error *rehearse_upgrade(const struct rehearsal **out, void *ctx, struct upgrade *u,
			       const struct rehearse_request *request) MUST_CHECK;

#endif
