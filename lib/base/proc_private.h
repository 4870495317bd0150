/* Shared by the files of proc.h. */
#ifndef BASE_PROC_PRIVATE_H
#define BASE_PROC_PRIVATE_H

#include "base/proc.h"

/* The pipes to a child, and the log; -1 if there is none. [0] is our end. */
struct pipes {
	int in[2], out[2], err[2];
	int log;
};

/* Closes *FD, if it is open, and sets it to -1. */
/* Sets the modification times of proc->live to now. */
void proc_beat(const struct proc *proc);

void proc_close(int *fd);

/* proc_talk.c: transfers input and output until the child has ended; does not reap it. */
void proc_talk(void *ctx, struct proc *proc, struct pipes *p, pid_t pid);

/*
 * proc_left.c: lists, as in proc.left, the processes that the child PID left running: those of its
 * session, and those that have the pipe OUTPUT (-1: none) open. PID must have ended, but not been
 * reaped. Waits until UNTIL (log_clock), then kills its group.
 */
char *proc_end_left(void *ctx, pid_t pid, int output, double until);

#endif
