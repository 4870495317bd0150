/* What a program defines; cmd/main.c is main() of all of them. */
#ifndef CMD_H
#define CMD_H

#include "base/error.h"

/* The program proper. main prints the error and chooses the exit status from its code. */
struct error *command(int argc, char **argv) MUST_CHECK;

#endif
