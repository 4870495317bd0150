/* Whether a backup can be restored. */
#include "deploy/backup.h"

#include "deploy/backup_facts.h"
#include "deploy/backup_private.h"
#include "port/pgtool.h"

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

struct error *backup_verify_quickly(const char *path, char *const *facts)
{
	struct error *err = backup_facts_check_files(path, facts);

	return err ? err : check_tables(path, facts);
}

struct error *backup_verify(const char *path, char *const *facts)
{
	struct error *err = backup_verify_quickly(path, facts);

	return err ? err : pgtool_backup_read(NULL, path);
}
