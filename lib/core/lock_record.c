/* The text of a lock, which describes its holder. */
#include "core/lock_record.h"

#include <string.h>
#include <time.h>

#include "base/quote.h"

/* Values are cut to about what fits into a few lines of a terminal. */
#define MOST 300

#define TIME "%Y-%m-%dT%H:%M:%SZ"

char *lock_record_time(const void *ctx, long long seconds)
{
	time_t time = (time_t)seconds;
	char text[64];
	struct tm tm;

	if (seconds == 0 || !gmtime_r(&time, &tm) || !strftime(text, sizeof(text), TIME, &tm))
		return mem_dup(ctx, "-");
	return mem_dup(ctx, text);
}

static long long time_parse(const char *text)
{
	struct tm tm = {.tm_year = 0};
	const char *end = strptime(text, TIME, &tm);
	time_t time;

	if (!end || *end)
		return 0;
	time = timegm(&tm);
	return time > 0 ? (long long)time : 0;
}

char *lock_record_plain(const void *ctx, const char *value)
{
	return quote_printf(ctx, "%.*s", MOST, value);
}

static void add(char **text, const void *ctx, const char *key, const char *value)
{
	SCOPE(tmp, NULL);

	if (value)
		mem_append(text, ctx, "%s: %s\n", key, lock_record_plain(tmp, value));
}

char *lock_record_print(const void *ctx, const struct lock_record *t, const char *title)
{
	SCOPE(tmp, NULL);
	char *text = mem_printf(ctx, "%s\n\n", title);

	add(&text, ctx, "command", t->command);
	add(&text, ctx, "host", t->host);
	add(&text, ctx, "clone", t->clone);
	add(&text, ctx, "process", t->process);
	add(&text, ctx, "machine", t->machine);
	add(&text, ctx, "lost", t->lost);
	add(&text, ctx, "since", lock_record_time(tmp, t->since));
	add(&text, ctx, "until", lock_record_time(tmp, t->until));
	return text;
}

/* The VALUE of a line "KEY: VALUE"; NULL if it has another key. */
static const char *value_of(const char *line, const char *key)
{
	size_t n = strlen(key);

	return strncmp(line, key, n) == 0 && strncmp(line + n, ": ", 2) == 0 ? line + n + 2 : NULL;
}

struct lock_record lock_record_parse(const void *ctx, const char *text)
{
	struct lock_record t = {.command = NULL};
	struct {
		const char *key;
		const char **value;
	} texts[] = {{"command", &t.command}, {"host", &t.host},       {"clone", &t.clone},
		     {"process", &t.process}, {"machine", &t.machine}, {"lost", &t.lost}};
	SCOPE(tmp, NULL);

	for (char **line = mem_split(tmp, text, '\n'); *line; line++) {
		const char *since = value_of(*line, "since"), *until = value_of(*line, "until");

		for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
			const char *value = value_of(*line, texts[i].key);

			if (value && !*texts[i].value)
				*texts[i].value = lock_record_plain(ctx, value);
		}
		if (since && !t.since)
			t.since = time_parse(since);
		if (until && !t.until)
			t.until = time_parse(until);
	}
	return t;
}
