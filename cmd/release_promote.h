/* git hop release promote: a verb of cmd/git-hop-release.c. */
#ifndef CMD_RELEASE_PROMOTE_H
#define CMD_RELEASE_PROMOTE_H

#include "base/error.h"

struct error *release_promote_command(int argc, char **argv) MUST_CHECK;

#endif
