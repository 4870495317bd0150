/* git hop patch attach and detach: verbs of cmd/git-hop-patch.c. */
#ifndef CMD_PATCH_MOVE_H
#define CMD_PATCH_MOVE_H

#include "verb.h"

extern const struct verb patch_attach_verb, patch_detach_verb;

/* ERROR_USAGE if BEFORE is set: only merge has this option. */
struct error *patch_refuse_before(const char *before) MUST_CHECK;

#endif
