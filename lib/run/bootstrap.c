/* Runs data scripts, once in each database. */
#include "run/bootstrap.h"

#include <string.h>

#include "base/log.h"

struct error *bootstrap_done(struct bootstrap_done *out, void *ctx, struct db *db)
{
	return record_scripts(&out->list, &out->count, ctx, db);
}

static struct record_script *find(const struct bootstrap_done *done, const char *name)
{
	for (size_t i = 0; i < done->count; i++) {
		if (strcmp(done->list[i].file, name) == 0)
			return &done->list[i];
	}
	return NULL;
}

void bootstrap_select(struct bootstrap_file *files, size_t *count, void *ctx,
		      struct bootstrap_done *done)
{
	size_t kept = 0;

	for (size_t i = 0; i < *count; i++) {
		struct record_script *before = find(done, files[i].name);

		if (before && strcmp(before->hash, files[i].hash) != 0) {
			warn("%s/%s has changed since it was run, and is not run again",
			     PATH_BOOTSTRAP, files[i].name);
			before->hash = files[i].hash; /* one warning for all releases */
		}
		if (before)
			continue;
		done->list = mem_resize(ctx, done->list, struct record_script, done->count + 1);
		done->list[done->count++] = (struct record_script){
			.file = files[i].name,
			.hash = files[i].hash,
		};
		files[kept++] = files[i];
	}
	*count = kept;
}

struct error *bootstrap_run(struct run_session *session, struct db *db,
			    const struct bootstrap_file *file)
{
	struct error *err = session_file(session, file->script, true);

	return err ? err : record_add_script(db, file->name, file->hash);
}
