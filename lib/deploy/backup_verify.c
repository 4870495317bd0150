/* Whether a backup can be restored. */
#include "deploy/backup.h"

#include <string.h>

#include "base/fail.h"
#include "base/log.h"
#include "deploy/backup_facts.h"
#include "deploy/backup_private.h"
#include "deploy/restore.h"
#include "port/pgtool.h"
#include "run/database.h"

struct error *backup_verify_mode(bool *by_restore, struct project *p)
{
	SCOPE(tmp, NULL);
	char *value = repo_config(tmp, p->repo, "hop.backupVerify");

	*by_restore = value && strcmp(value, "restore") == 0;
	if (!value || *by_restore || strcmp(value, "read") == 0)
		return NULL;
	return error_new(ERROR_USAGE, "hop.backupVerify is '%s', not 'read' or 'restore'", value);
}

static struct error *check_tables(const char *path, char *const *facts)
{
	SCOPE(tmp, NULL);
	long long expected = backup_fact_number(facts, "tables");
	struct error *err;
	int entries;

	err = pgtool_backup_entries(&entries, tmp, path, "TABLE DATA");
	if (err || entries >= expected)
		return err;
	return error_new(ERROR_FAIL,
			 "the backup has the rows of %d tables, but the database "
			 "has %lld tables",
			 entries, expected);
}

struct error *backup_verify_quickly(const struct backup *backup, const struct backup_request *r)
{
	struct error *err;

	if (backup_is(backup, BACKUP_SNAPSHOT) && !r)
		return error_new(ERROR_NO, "%s can only be verified on its server", backup->name);
	if (backup_is(backup, BACKUP_SNAPSHOT))
		return backup_snapshot_check(backup, r->db);
	err = backup_facts_check_files(backup->path, backup->facts);
	if (err || !backup_is(backup, BACKUP_DUMP))
		return err;
	return check_tables(backup->path, backup->facts);
}

static struct error *check_same_database(const struct backup *backup,
					 const struct backup_request *r)
{
	SCOPE(tmp, NULL);
	const char *of = backup_fact(backup->facts, "of");
	struct error *err;
	char *prefix;

	err = backup_prefix(&prefix, tmp, r->project, r->db);
	if (err || (of && strcmp(of, prefix) == 0))
		return err;
	return error_hint(error_new(ERROR_NO, "%s is not a backup of database '%s'", backup->name,
				    db_name(r->db)),
			  "to name the database that it is of: --database=CONNINFO");
}

static struct error *try_restore(const struct backup *backup, const struct backup_request *r)
{
	SCOPE(tmp, NULL);
	struct restore restore = {.conninfo = r->conninfo, .backup = backup};
	struct error *err;
	struct db *db;
	int suspended;
	char *name;

	restore.like = db_name(r->db);
	err = restore_server(&restore.server, tmp, r->conninfo, restore.like);
	/* The lock of the database is held: nobody else uses that name. */
	if (!err)
		err = database_name_for(&name, tmp, r->project->conf->id, 'v', restore.like);
	if (!err)
		err = restore_aside(&db, tmp, &restore, name);
	if (err)
		return err;
	err = fail_point("backup.restored");
	suspended = signals_suspend();
	error_free(database_leave(restore.server, &db, name));
	if (!err)
		err = database_drop(restore.server, name);
	signals_resume(suspended);
	return err;
}

struct error *backup_verify(const struct backup *backup, const struct backup_request *r,
			    bool by_restore)
{
	struct error *err = NULL;

	if (r)
		err = check_same_database(backup, r);
	if (!err)
		err = backup_verify_quickly(backup, r);
	if (!err && backup_is(backup, BACKUP_DUMP))
		err = pgtool_backup_read(NULL, backup->path);
	if (err || !by_restore)
		return err;
	if (backup_is(backup, BACKUP_COMMAND))
		return error_new(ERROR_NO,
				 "%s was made by a command, and cannot be restored by "
				 "git hop",
				 backup->name);
	err = restore_may_create(r->db, "hop.backupVerify is 'restore'");
	return err ? err : try_restore(backup, r);
}
