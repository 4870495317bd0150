/* Which sorts of backups there are. */
#include "deploy/backup.h"

#include <string.h>

#include "deploy/backup_facts.h"
#include "deploy/backup_private.h"
#include "deploy/restore.h"

#define COMMAND_WORD "command:"

static const char *const names[] = {"dump", "snapshot", "command"};

const char *backup_kind_name(enum backup_kind kind)
{
	return names[kind];
}

struct error *backup_kind_read(enum backup_kind *kind, char **command, void *ctx, struct project *p)
{
	SCOPE(tmp, ctx);
	char *value = repo_config(tmp, p->repo, "hop.backup");
	size_t length = strlen(COMMAND_WORD);

	*kind = BACKUP_DUMP;
	*command = NULL;
	if (!value || strcmp(value, names[BACKUP_DUMP]) == 0)
		return NULL;
	if (strcmp(value, names[BACKUP_SNAPSHOT]) == 0) {
		*kind = BACKUP_SNAPSHOT;
		return NULL;
	}
	if (strncmp(value, COMMAND_WORD, length) == 0 &&
	    strspn(value + length, " \t") < strlen(value + length)) {
		*kind = BACKUP_COMMAND;
		*command = mem_dup(ctx, value + length + strspn(value + length, " \t"));
		return NULL;
	}
	return error_new(ERROR_USAGE,
			 "hop.backup is '%s', not 'dump', 'snapshot' or 'command:COMMAND'", value);
}

bool backup_is(const struct backup *backup, enum backup_kind kind)
{
	const char *word = backup_fact(backup->facts, "kind");

	return word && strcmp(word, names[kind]) == 0;
}

struct error *backup_kind_check(const struct backup_making *m)
{
	const struct backup_request *r = m->request;

	if (r->disconnect && m->kind != BACKUP_SNAPSHOT)
		return error_new(ERROR_USAGE, "--disconnect is for hop.backup = snapshot");
	if (m->by_restore && m->kind == BACKUP_COMMAND)
		return error_hint(error_new(ERROR_NO, "what a backup command makes cannot be "
						      "restored by git hop"),
				  "to let the exit status of the command decide: git config "
				  "hop.backupVerify read");
	if (m->by_restore)
		return restore_may_create(r->db, "hop.backupVerify is 'restore'");
	if (m->kind == BACKUP_SNAPSHOT)
		return restore_may_create(r->db, "hop.backup is 'snapshot'");
	return NULL;
}
