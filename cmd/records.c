/* The records of releases, patches and locks. */
#include "records.h"

#include <stdlib.h>
#include <time.h>

const char *patch_state_name(const struct patch_info *info)
{
	static const char *const names[] = {[PATCH_INFO_DETACHED] = "detached",
					    [PATCH_INFO_CANDIDATE] = "candidate",
					    [PATCH_INFO_STAGED] = "staged",
					    [PATCH_INFO_RELEASED] = "released"};

	return names[info->state];
}

const char *release_state_name(const struct release_info *info)
{
	static const char *const names[] = {[RELEASE_PREPARATION] = "preparation",
					    [RELEASE_RC] = "rc",
					    [RELEASE_HOTFIX] = "hotfix",
					    [RELEASE_PRODUCTION] = "production"};

	return names[info->state];
}

const char *server_state_name(const struct status *status)
{
	static const char *const names[] = {[STATUS_SERVER_NOT_MADE] = "not created",
					    [STATUS_SERVER_STOPPED] = "stopped",
					    [STATUS_SERVER_RUNNING] = "running"};

	return names[status->server];
}

const char *lock_state_name(const struct lock_info *info)
{
	static const char *const names[] =
		{[LOCK_HELD] = "held", [LOCK_PAST] = "past", [LOCK_DEAD] = "dead"};

	return names[info->state];
}

char *lock_state_words(const void *ctx, const struct lock_info *info)
{
	long long until = info->record.until;

	if (info->state == LOCK_DEAD)
		return mem_dup(ctx, "left behind by a command that no longer runs");
	if (until == 0)
		return mem_dup(ctx, "expired");
	return mem_printf(ctx, "%s %s", info->state == LOCK_PAST ? "expired at" : "held until",
			  lock_record_time(ctx, until));
}

char *age_words(void *ctx, long long since)
{
	static const struct {
		long long seconds;
		const char *name;
	} units[] = {{86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}};
	long long age = time(NULL) - since;

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		long long n = age / units[i].seconds;

		if (n > 0)
			return mem_printf(ctx, "%lld %s%s ago", n, units[i].name,
					  n == 1 ? "" : "s");
	}
	return mem_dup(ctx, "just now");
}

void record_release(struct out *out, const struct release_info *info)
{
	out_record(out, "release");
	out_text(out, "version", info->version);
	out_text(out, "state", release_state_name(info));
	out_number(out, "since", info->since);
	out_text(out, "commit", info->commit);
	out_text(out, "branch", info->branch);
	out_number(out, "staged", (long long)info->staged);
	out_number(out, "candidates", (long long)info->candidates);
	out_bool(out, "behind", info->behind);
	out_number(out, "created", info->created);
	out_number(out, "ahead", (long long)info->ahead);
	out_number(out, "lacks", (long long)info->lacks);
	out_text(out, "rc", info->rc);
}

void record_patch(struct out *out, const struct patch_info *info)
{
	out_record(out, "patch");
	out_text(out, "id", info->id);
	out_text(out, "release", info->release);
	out_text(out, "state", patch_state_name(info));
	out_number(out, "position", (long long)info->position);
	out_text(out, "branch", info->branch);
	out_text(out, "commit", info->commit);
	out_number(out, "created", info->created);
	out_number(out, "updated", info->updated);
	out_number(out, "ahead", (long long)info->ahead);
	out_number(out, "behind", (long long)info->behind);
	out_text(out, "author", info->author);
	out_text(out, "title", info->title);
}

void record_patches(struct out *out, const struct release_info *info)
{
	for (size_t i = 0; i < info->patch_count; i++)
		record_patch(out, &info->patches[i]);
}

void record_lock(struct out *out, const struct lock_info *info)
{
	const struct lock_record *t = &info->record;

	out_record(out, "lock");
	out_text(out, "branch", info->branch);
	out_text(out, "state", lock_state_name(info));
	out_text(out, "holder", info->holder);
	out_text(out, "command", t->command);
	out_text(out, "host", t->host);
	out_text(out, "clone", t->clone);
	out_number(out, "process", t->process ? atoi(t->process) : 0);
	out_number(out, "since", t->since);
	out_number(out, "until", t->until);
}

const char *day_of(const void *ctx, long long seconds)
{
	time_t time = (time_t)seconds;
	char text[32];
	struct tm tm;

	if (seconds == 0 || !gmtime_r(&time, &tm) || strftime(text, sizeof(text), "%F", &tm) == 0)
		return "-";
	return mem_dup(ctx, text);
}
