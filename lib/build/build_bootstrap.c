/* Runs the data scripts of a build. */
#include "build/build.h"

#include "base/fail.h"
#include "base/log.h"
#include "build/build_private.h"
#include "run/bootstrap.h"
#include "run/sql_file.h"

static struct error *read_files(struct bootstrap_file **files, size_t *count, void *ctx,
				struct dev_server *dev, const struct build *b)
{
	struct repo *repo = dev->project->repo;
	struct error *err = bootstrap_read(files, count, ctx, repo, b->commit);

	for (size_t i = 0; !err && i < b->count; i++) {
		const struct build_patch *patch = &b->patches[i];

		if (patch->loose)
			err = bootstrap_read_patch(files, count, ctx, repo, patch->id, patch->tree);
	}
	return err;
}

static struct error *run(struct run_session **session, struct db *db,
			 const struct bootstrap_file *file)
{
	struct error *err;

	progress("%s/%s", PATH_BOOTSTRAP, file->name);
	err = session_begin(session, db, db, NULL);
	if (!err)
		err = bootstrap_run(*session, db, file);
	if (!err)
		err = sql_error_judge(db_exec_simple(db, "COMMIT"));
	return err ? err : fail_point("build.bootstrap");
}

struct error *play_bootstrap(bool *any, struct dev_server *dev, struct db *db,
			     const struct build *b)
{
	SCOPE(tmp, dev);
	struct bootstrap_done done = {NULL, 0};
	struct run_session *session = NULL;
	struct bootstrap_file *files;
	struct error *err;
	size_t count;

	*any = false;
	err = read_files(&files, &count, tmp, dev, b);
	if (err || count == 0)
		return err;
	err = bootstrap_done(&done, tmp, db);
	if (err)
		return err;
	bootstrap_select(files, &count, tmp, &done);
	*any = count > 0;
	/* The connection that ran the patches is worn. Upgrade uses another one, too. */
	if (count > 0)
		err = dev_server_connect(&db, tmp, dev, db_name(db));
	for (size_t i = 0; !err && i < count; i++)
		err = run(&session, db, &files[i]);
	talloc_free(session);
	progress("%s", "");
	return err;
}
