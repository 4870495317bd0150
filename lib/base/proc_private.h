/* What the files of proc.h share. */
#ifndef BASE_PROC_PRIVATE_H
#define BASE_PROC_PRIVATE_H

#include "base/proc.h"

/* The pipes to a child, and the log; -1 where there is none. [0] is ours to read from or write to.
 */
struct pipes {
	int in[2], out[2], err[2];
	int log;
};

/* Closes *FD, if it is open, and sets it to -1. */
/* Sets the modification time of proc->live to now. */
void proc_beat(const struct proc *proc);

void proc_close(int *fd);

/* proc_talk.c: moves bytes until the child is done with; it is not waited for yet. */
void proc_talk(void *ctx, struct proc *proc, struct pipes *p, pid_t pid);

/*
 * proc_left.c: what the child PID left running, which has ended and has not been waited for: the
 * processes of its session, and those that hold the pipe OUTPUT (-1: none) open, as struct proc
 * has them in .left. Its group has time until UNTIL (log_clock), and is ended then.
 */
char *proc_end_left(void *ctx, pid_t pid, int output, double until);

#endif
