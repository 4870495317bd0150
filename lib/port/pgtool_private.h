/* Shared by the files of port/pgtool. */
#ifndef PORT_PGTOOL_PRIVATE_H
#define PORT_PGTOOL_PRIVATE_H

#include "port/pgtool.h"

/* PROGRAM for the server of DB: of its major version, else the newest one if that is not older. */
struct error *pgtool_find_for(char **file, int *major, void *ctx, struct db *db,
			      const char *program) MUST_CHECK;

#endif
