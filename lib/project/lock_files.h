/*
 * Lock files of git (index.lock, refs/heads/x.lock, packed-refs.lock, ...) that a command left when
 * it was killed together with the git programs that it had started: git itself never removes them.
 *
 * git's lock files do not say whose they are. So each command keeps a file under COMMON/hop/live
 * locked (flock), and so do the git programs that it starts, which inherit the descriptor. A file
 * that is not locked belongs to a command of which nothing lives any more; its modification time
 * is set while git programs run, and tells when that ended.
 */
#ifndef PROJECT_LOCK_FILES_H
#define PROJECT_LOCK_FILES_H

#include "base/error.h"
#include "project/project.h"

/*
 * Removes what dead commands left, and says so; then makes the file of this command, which goes
 * with P, and is given to all git programs that run in p->repo. A lock file is removed if it was
 * made while a dead command ran and no git program from that time works in this repository; any
 * other stays. Waits up to three seconds for that to be certain; costs one readdir if nothing
 * died. Call it before anything else starts git.
 */
struct error *lock_files_begin(struct project *p) MUST_CHECK;

#endif
