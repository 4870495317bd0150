/* Shared by the files of prove.h. */
#ifndef BUILD_PROVE_PRIVATE_H
#define BUILD_PROVE_PRIVATE_H

#include "build/prove.h"

/* prove_run.c: runs the tests with this command on the scratch database as it is. */
struct error *prove_run(const struct proof *proof, const char *command) MUST_CHECK;

#endif
