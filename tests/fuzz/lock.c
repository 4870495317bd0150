/* Fuzzes what a lock says of its holder: anyone who can push can write it. */
#include "fuzz.h"

#include <ctype.h>

#include "base/mem.h"
#include "core/lock_record.h"

static void plain(void *ctx, const char *value)
{
	const char *text = value ? lock_record_plain(ctx, value) : "";

	for (; *text; text++)
		must(*text == '\t' || !iscntrl((unsigned char)*text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPE(tmp, NULL);
	struct lock_record record = lock_record_parse(tmp,
						      mem_dup_n(tmp, (const char *)data, size));
	struct lock_record again;
	char *text = lock_record_print(tmp, &record, "Lock");

	plain(tmp, record.command);
	plain(tmp, record.host);
	plain(tmp, record.clone);
	plain(tmp, record.process);
	plain(tmp, record.machine);
	plain(tmp, record.lost);
	must(record.since >= 0 && record.until >= 0);
	must(strlen(lock_record_time(tmp, record.since)) > 0);
	again = lock_record_parse(tmp, text);
	must(again.since == record.since && again.until == record.until);
	must(strcmp(lock_record_print(tmp, &again, "Lock"), text) == 0);
	return 0;
}
