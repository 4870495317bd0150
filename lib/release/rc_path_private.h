/* Shared by the files of rc_path.h. */
#ifndef RELEASE_RC_PATH_PRIVATE_H
#define RELEASE_RC_PATH_PRIVATE_H

#include "base/error.h"
#include "port/conf.h"
#include "port/db.h"

/*
 * What DB has in it, as sorted lines that do not depend on the order of columns: those of its
 * schema, and for each table how many rows it has.
 */
struct error *rc_lines(char ***out, void *ctx, struct db *db, const struct conf *conf) MUST_CHECK;
/* ERROR_NO with the lines that only one of both has, as a diff from BUILT to PATH. */
struct error *rc_lines_compare(char *const *built, char *const *path) MUST_CHECK;

#endif
