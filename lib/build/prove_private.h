/* What the files of prove.h share. */
#ifndef BUILD_PROVE_PRIVATE_H
#define BUILD_PROVE_PRIVATE_H

#include "build/prove.h"

/* prove_run.c: the tests with this command, on the scratch database as it is. */
struct error *prove_run(const struct proof *proof, const char *command) MUST_CHECK;

#endif
