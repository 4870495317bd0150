/*
 * Lock files of git (index.lock, refs/heads/x.lock, packed-refs.lock, ...) that a command left when
 * it was killed together with the git programs that it had started: git itself never removes them.
 *
 * git's lock files do not name their owner. So each command holds a lock (flock) on a file in
 * COMMON/hop/live, which the git programs that it starts inherit with the descriptor. A file that
 * is not locked belongs to a command of which no process is left; its modification time, which is
 * updated while git programs run, tells when they ended.
 */
#ifndef PROJECT_LOCK_FILES_H
#define PROJECT_LOCK_FILES_H

#include "base/error.h"
#include "project/project.h"

/*
 * Removes the lock files of killed commands, with a message. Then creates the file of this
 * command, which is removed with P and inherited by all git programs that run in p->repo. A lock
 * file is removed if it was created while a killed command ran, and if no git program from that
 * time is still running in this repository. Waits up to three seconds to be certain; costs one
 * readdir if no command was killed. Call it before anything else starts git.
 */
struct error *lock_files_begin(struct project *p) MUST_CHECK;

#endif
