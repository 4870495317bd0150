/* The records of releases, patches and locks, the same in every command that prints them. */
#ifndef CMD_RECORDS_H
#define CMD_RECORDS_H

#include "base/out.h"
#include "publish/lock.h"
#include "report/patch_info.h"
#include "report/release_info.h"
#include "report/status.h"

void record_release(struct out *out, const struct release_info *info);
/* Complete ones. */
void record_patch(struct out *out, const struct patch_info *info);
/* Complete ones. */
void record_patches(struct out *out, const struct release_info *info);

/* The words for states, the same in text and in records. */
const char *patch_state_name(const struct patch_info *info);
const char *release_state_name(const struct release_info *info);
const char *server_state_name(const struct status *status); /* NULL: not a private server */
const char *lock_state_name(const struct lock_info *info);

/* For people: "held until 2026-07-01T10:10:00Z". */
char *lock_state_words(const void *ctx, const struct lock_info *info);
/* "3 minutes ago", for people; scripts get the time itself. */
char *age_words(void *ctx, long long since);

void record_lock(struct out *out, const struct lock_info *info);

/* "2026-07-01" in UTC; "-" for 0. */
const char *day_of(const void *ctx, long long seconds);

#endif
