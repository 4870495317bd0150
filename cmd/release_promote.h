/* git hop release promote: a verb of cmd/git-hop-release.c. */
#ifndef CMD_RELEASE_PROMOTE_H
#define CMD_RELEASE_PROMOTE_H

#include "verb.h"

extern const struct verb release_promote;

#endif
