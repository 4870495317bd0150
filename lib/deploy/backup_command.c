/* A backup that a command of the user makes. */
#include "deploy/backup.h"

#include <sys/stat.h>

#include "base/log.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/quote.h"
#include "deploy/backup_facts.h"
#include "deploy/backup_private.h"
#include "project/leftovers.h"
#include "run/output.h"

#define TIMEOUT 86400 /* seconds: a day */
#define LOG_NAME "backup"

static char **environment(void *ctx, const struct backup_request *r, const char *folder)
{
	const char *const changes[] = {
		"GIT_DIR",
		"GIT_WORK_TREE",
		"GIT_INDEX_FILE",
		"GIT_PREFIX",
		mem_printf(ctx, "HOP_BACKUP=%s", folder),
		mem_printf(ctx, "HOP_DATABASE=%s", db_word(ctx, "dbname", db_name(r->db))),
		mem_printf(ctx, "HOP_PROJECT=%s", r->project->conf->name),
		mem_printf(ctx, "HOP_RELEASE=%s", r->version ? r->version : ""),
	};
	char **env = db_env(ctx, r->db, db_name(r->db));

	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++)
		mem_list_add(&env, ctx, changes[i]);
	return env;
}

/* The error if the command did not succeed, without its output. */
static struct error *judge(const struct proc *proc, const char *command)
{
	if (proc->timed_out)
		return error_hint(error_new(ERROR_FAIL,
					    "the backup command did not end within %.0f s: %s",
					    proc->timeout, command),
				  "to give it more time: git config hop.backupTimeout SECONDS");
	if (proc->status > 128)
		return error_new(ERROR_FAIL, "the backup command was killed by signal %d: %s",
				 proc->status - 128, command);
	return proc->status ? error_new(ERROR_FAIL, "the backup command failed with status %d: %s",
					proc->status, command)
			    : NULL;
}

static struct error *run(const struct backup_making *m, const char *folder)
{
	SCOPE(tmp, NULL);
	struct project *p = m->request->project;
	struct leftovers *left;
	struct error *err;
	struct proc proc;
	int timeout;
	mode_t mask;

	err = repo_config_number(&timeout, p->repo, "hop.backupTimeout", TIMEOUT);
	if (!err)
		err = leftovers_open(&left, tmp, p);
	if (!err)
		err = output_open(&proc, tmp, p, LOG_NAME, left);
	if (err)
		return err;
	proc.argv = proc_argv(tmp, "sh", "-c", m->command, NULL);
	proc.dir = p->root ? p->root : p->common;
	proc.env = environment(tmp, m->request, path_absolute(tmp, folder));
	proc.timeout = timeout;
	mask = umask(077);
	err = proc_run(tmp, &proc);
	umask(mask);
	if (proc.left)
		warn("the backup command left processes running: %s", proc.left);
	if (!err)
		err = judge(&proc, m->command);
	if (err && err->code == ERROR_FAIL)
		err = output_add(err, p, &proc, LOG_NAME);
	output_close(&proc);
	return err;
}

struct error *backup_command(char **facts, void *ctx, struct backup_making *m, const char *part)
{
	SCOPE(tmp, NULL);
	struct error *err;

	err = backup_facts_of(facts, ctx, m);
	if (!err)
		err = run(m, part);
	if (err)
		return err;
	mem_append(facts, ctx, "kind command\ncommand %s\n", quote_field(tmp, m->command));
	return backup_facts_add_files(facts, ctx, part);
}
