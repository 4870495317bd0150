/* The locks that exist, and what they record. */
#include "publish/lock_info.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/machine.h"

enum lock_state lock_state_of(const struct lock_record *t)
{
	SCOPE(tmp, NULL);
	char *machine = machine_id(tmp);

	if (machine && t->machine && t->process && strcmp(machine, t->machine) == 0 &&
	    !machine_runs(t->process))
		return LOCK_DEAD;
	return time(NULL) > t->until ? LOCK_PAST : LOCK_HELD;
}

void lock_info_read(struct lock_info *out, void *ctx, struct project *p, const char *ref,
		    const char *oid)
{
	struct repo_commit_info commit;
	struct error *err;

	*out = (struct lock_info){.ref = mem_dup(ctx, ref), .oid = mem_dup(ctx, oid)};
	out->branch = out->ref + strlen(LOCK_PREFIX);
	err = repo_commit_info(&commit, ctx, p->repo, oid);
	if (!err) {
		out->holder = lock_record_plain(ctx, commit.author);
		out->record = lock_record_parse(ctx, commit.message);
	}
	error_free(err);
	out->state = lock_state_of(&out->record);
}

struct error *lock_list(struct lock_info **out, size_t *count, void *ctx, struct project *p)
{
	struct lock_info *list;
	struct repo_ref *refs;
	struct error *err;

	err = repo_refs(&refs, count, ctx, p->repo, LOCK_PREFIX);
	if (err)
		return err;
	list = mem_array(ctx, struct lock_info, *count + 1);
	for (size_t i = 0; i < *count; i++)
		lock_info_read(&list[i], ctx, p, refs[i].name, refs[i].oid);
	*out = list;
	return NULL;
}

char *lock_words(void *ctx, const struct lock_info *info)
{
	const struct lock_record *t = &info->record;
	char *text = mem_printf(ctx, "%s: %s", info->holder ? info->holder : "somebody",
				t->command ? t->command : "an unknown command");

	mem_append(&text, ctx, ", since %s",
		   t->since ? lock_record_time(ctx, t->since) : "an unknown time");
	if (t->process)
		mem_append(&text, ctx, ", process %d", atoi(t->process));
	if (t->host)
		mem_append(&text, ctx, " on %s", t->host);
	if (t->clone)
		mem_append(&text, ctx, ", in %s", t->clone);
	return text;
}
