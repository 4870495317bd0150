/* The text of a lock, which describes its holder. */
#ifndef CORE_LOCK_RECORD_H
#define CORE_LOCK_RECORD_H

#include <stddef.h>

/*
 * Lines "key: value" after a title. Anyone who can push can write anything there, so every field
 * may be NULL, and every time 0.
 */
struct lock_record {
	const char *command; /* "git hop patch merge 12-users" */
	const char *host;
	const char *clone;   /* the directory of the repository */
	const char *process; /* machine_process */
	const char *machine; /* machine_id */
	const char *lost; /* "12.5 s": the time that the holder lost because the branch changed */
	long long since;  /* seconds since the epoch, according to the holder's clock */
	long long until;
};

/* Prints a record as a commit message. */
char *lock_record_print(const void *ctx, const struct lock_record *t, const char *title);
/* Accepts any TEXT; missing fields are NULL or 0. */
struct lock_record lock_record_parse(const void *ctx, const char *text);

/* VALUE for use in a line: shortened, and quoted as in base/quote.h. */
char *lock_record_plain(const void *ctx, const char *value);

/* "2026-07-01T10:00:00Z"; "-" for 0. */
char *lock_record_time(const void *ctx, long long seconds);

#endif
