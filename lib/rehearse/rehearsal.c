/* Words for what a rehearsal has measured. */
#include "rehearse/rehearsal.h"

#include "base/mem.h"
#include "base/quote.h"

#define NAMED 5 /* tables, at most */

const char *lock_mode_name(enum lock_mode mode)
{
	static const char *const names[] = {
		[LOCK_NONE] = "",
		[LOCK_ACCESS_SHARE] = "ACCESS SHARE",
		[LOCK_ROW_SHARE] = "ROW SHARE",
		[LOCK_ROW_EXCLUSIVE] = "ROW EXCLUSIVE",
		[LOCK_SHARE_UPDATE_EXCLUSIVE] = "SHARE UPDATE EXCLUSIVE",
		[LOCK_SHARE] = "SHARE",
		[LOCK_SHARE_ROW_EXCLUSIVE] = "SHARE ROW EXCLUSIVE",
		[LOCK_EXCLUSIVE] = "EXCLUSIVE",
		[LOCK_ACCESS_EXCLUSIVE] = "ACCESS EXCLUSIVE",
	};

	return names[mode];
}

char *rehearsal_place(void *ctx, const struct rehearsal *r, const struct rehearsal_step *step)
{
	const char *path = r->files[step->file].path;

	return step->line ? mem_printf(ctx, "%s:%d:%d", path, step->line, step->column)
			  : mem_dup(ctx, path);
}

char *rehearsal_list(void *ctx, char *const *names)
{
	SCOPE(tmp, ctx);
	char *out = mem_dup(ctx, "");
	size_t count = mem_list_length(names);

	for (size_t i = 0; i < count && i < NAMED; i++)
		mem_append(&out, ctx, "%s%s", i > 0 ? ", " : "", quote_name(tmp, names[i]));
	if (count > NAMED)
		mem_append(&out, ctx, " and %zu more", count - NAMED);
	return out;
}

struct error *rehearsal_refuse(size_t count)
{
	return error_new(ERROR_NO, "%zu statement%s would block the application", count,
			 count == 1 ? "" : "s");
}
