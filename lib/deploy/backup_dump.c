/* A backup that is an archive of pg_dump. */
#include "deploy/backup.h"

#include <unistd.h>

#include "base/path.h"
#include "deploy/backup_facts.h"
#include "deploy/backup_private.h"
#include "deploy/restore.h"
#include "port/pgtool.h"
#include "run/database.h"

#define MOST_JOBS 4

int backup_jobs(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	return cores < 1 ? 1 : cores > MOST_JOBS ? MOST_JOBS : (int)cores;
}

struct error *backup_begin(char **snapshot, void *ctx, struct db *db)
{
	SCOPE(tmp, ctx);
	struct rows *rows;
	struct error *err;

	err = db_query_simple(
		&rows, tmp, db,
		"BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;"
		"SELECT pg_catalog.set_config(name, '0', true) FROM pg_catalog.pg_settings "
		"WHERE name IN ('idle_in_transaction_session_timeout', 'transaction_timeout');"
		"SELECT pg_catalog.pg_export_snapshot()");
	if (!err)
		*snapshot = mem_dup(ctx, rows_text(rows, 0, 0));
	return err;
}

struct error *backup_dump(char **facts, void *ctx, const struct backup_making *m, const char *part)
{
	SCOPE(tmp, NULL);
	const struct backup_request *r = m->request;
	const struct backup made = {.path = part, .name = path_base(part)};
	char *snapshot;
	struct error *err;

	err = backup_begin(&snapshot, tmp, r->db);
	if (!err)
		err = backup_facts_of(facts, ctx, m);
	if (!err)
		err = pgtool_backup(tmp, r->db, part, snapshot, backup_jobs(), r->lock_seconds);
	if (!err && m->by_restore)
		err = restore_compare(&made, r->db, db_name(r->db), snapshot);
	if (!err)
		err = db_exec_simple(r->db, "COMMIT");
	if (err) {
		database_rollback(r->db);
		return err;
	}
	mem_append(facts, ctx, "kind dump\n");
	return backup_facts_add_files(facts, ctx, part);
}
