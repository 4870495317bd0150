/* git hop patch attach and detach: verbs of cmd/git-hop-patch.c. */
#ifndef CMD_PATCH_MOVE_H
#define CMD_PATCH_MOVE_H

#include "base/error.h"

struct error *patch_attach_command(int argc, char **argv) MUST_CHECK;
struct error *patch_detach_command(int argc, char **argv) MUST_CHECK;

/* ERR of a command line with the option --before, which create and attach had once, with a hint. */
struct error *patch_hint_before(struct error *err, char *const *argv) MUST_CHECK;

#endif
