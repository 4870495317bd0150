/* What the lock on a branch says of its holder, as text. */
#ifndef CORE_LOCK_RECORD_H
#define CORE_LOCK_RECORD_H

#include <stddef.h>

/*
 * Lines "key: value" behind a title. Who may push may write anything there, so each field can be
 * NULL, and a time 0.
 */
struct lock_record {
	const char *command; /* "git hop patch merge 12-users" */
	const char *host;
	const char *clone;   /* the folder */
	const char *process; /* machine_process */
	const char *machine; /* machine_id */
	const char *lost;    /* "12.5 s": time that the holder lost */
	long long since;     /* seconds since the epoch, by the clock of the holder */
	long long until;
};

/* The message of a commit. */
char *lock_record_print(const void *ctx, const struct lock_record *t, const char *title);
/* Whatever TEXT is: what it does not say is NULL or 0. */
struct lock_record lock_record_parse(const void *ctx, const char *text);

/* VALUE as a part of one line: short, with nothing in it that would drive a terminal. */
char *lock_record_plain(const void *ctx, const char *value);

/* "2026-07-01T10:00:00Z"; "-" for 0. */
char *lock_record_time(const void *ctx, long long seconds);

#endif
