/*
 * What a backup remembers about itself and its database: a file of lines "WORD VALUE" in its
 * folder, where pg_restore does not look. A folder without that file is no backup.
 *
 *	project ID          of the project
 *	of PREFIX           what the names of all backups of the database begin with
 *	database NAME       quoted by quote_field
 *	kind dump           how it was made: dump, snapshot, command
 *	version 1.2.0       of the database, "none" without one
 *	state OID RUN SNAPSHOT
 *	wal 0/15D5A28       position of the server, missing where it has none
 *	commits 4711        transactions of the database, by the server's statistics
 *	size 7800000        bytes of the database
 *	public absent       the database has no schema public, as a new one would
 *	tables 12           whose rows are in the archive
 *	count KIND NUMBER   objects of the database, a line a kind
 *	copy NAME           of a snapshot, and its OID
 *	copy-oid OID
 *	command TEXT        that made it, quoted
 *	own NUMBER NUMBER   transactions since STATE that are those of the backup itself
 *	bytes 123456        of the archive's files together, or of the copy
 *	files 14
 *	contents HASH       of a dump's table of contents
 */
#ifndef DEPLOY_BACKUP_FACTS_H
#define DEPLOY_BACKUP_FACTS_H

#include <stdbool.h>

#include "base/error.h"
#include "port/db.h"

/* The facts about the database of DB as its transaction sees it; the caller adds others. */
struct error *backup_facts_read(char **text, void *ctx, struct db *db) MUST_CHECK;
/* Its "count" lines alone. */
struct error *backup_facts_counts(char **text, void *ctx, struct db *db) MUST_CHECK;

/* Adds the lines about the files of the archive in FOLDER. */
struct error *backup_facts_add_files(char **text, void *ctx, const char *folder) MUST_CHECK;
/* ERROR_FAIL unless the files are as LINES say; reads only the table of contents. */
struct error *backup_facts_check_files(const char *folder, char *const *lines) MUST_CHECK;

struct error *backup_facts_write(const char *folder, const char *text) MUST_CHECK;
/* ERROR_FAIL if there are none: the folder is no backup. */
struct error *backup_facts_load(char ***lines, void *ctx, const char *folder) MUST_CHECK;

/* The value of the first line that begins with WORD; NULL: there is none. */
const char *backup_fact(char *const *lines, const char *word);
long long backup_fact_number(char *const *lines, const char *word); /* -1: there is none */

/*
 * Whether nothing was committed since the state that LINES keep. Not sure is no: another run of
 * the server, or too many transactions to ask about each.
 */
bool backup_facts_same(char *const *lines, struct db *db);

#endif
