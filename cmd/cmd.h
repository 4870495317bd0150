/* What a program defines; cmd/main.c is main() of all of them. */
#ifndef CMD_H
#define CMD_H

#include "base/error.h"

/* Runs the program. main prints the error and derives the exit status from its code. */
struct error *command(int argc, char **argv) MUST_CHECK;

#endif
