/* git hop init: make a project. */
#include "cmd.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/opt.h"
#include "base/path.h"
#include "care/init.h"
#include "port/conf.h"
#include "port/git.h"

static void say(const struct init *job, bool tests_asked)
{
	note("project '%s' is at version 0.0.0; you stand on ho-prod", job->chosen);
	if (job->baseline)
		note("the schema of database '%s' is version 0.0.0; from now on that database is "
		     "production: only git hop upgrade changes it",
		     job->baseline);
	if (job->test_found)
		note("tests run with: %s (because of %s); see [test] in .hop/config",
		     job->test_found, job->test_because);
	else if (!tests_asked)
		note("no tests were found: [test] command = ... in .hop/config names them");
	note("next: git hop release create minor");
}

/*
 * A draft is locked by who makes it. One that nobody holds was left by a command that died: what
 * was in it is at its origin, or was never a project.
 */
static void remove_drafts(void *ctx, const char *path)
{
	char *prefix = mem_printf(ctx, "%s.hop-", path_base(path));
	char **names, *dir = path_dir(ctx, path);
	struct error *err;
	size_t count;

	err = file_list(&names, &count, ctx, dir);
	for (size_t i = 0; !err && i < count; i++) {
		char *draft = path_join(ctx, dir, names[i]);
		int fd;

		if (strncmp(names[i], prefix, strlen(prefix)) != 0)
			continue;
		fd = open(draft, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0) {
			note("removing the folder '%s' that a dead command left", draft);
			err = file_remove_tree(draft);
		}
		if (fd >= 0)
			close(fd);
	}
	if (err)
		warn("%s", err->message);
	error_free(err);
}

/* The lock is kept until the program ends. */
static struct error *make_draft(int *lock, const char *draft)
{
	if (mkdir(draft, 0777) < 0)
		return error_errno("cannot create the folder '%s'", draft);
	*lock = open(draft, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*lock < 0 || flock(*lock, LOCK_EX) < 0)
		return error_errno("cannot lock the folder '%s'", draft);
	return chdir(draft) < 0 ? error_errno("cannot go to '%s'", draft) : NULL;
}

/* The folder is filled under another name and gets its own when it is complete. */
static struct error *init_in_folder(struct init *job, void *ctx, const char *name)
{
	char *path = path_absolute(ctx, name);
	char *draft = mem_printf(ctx, "%s.hop-%d", path, (int)getpid());
	struct error *err;
	int lock;
	char *origin = NULL;

	job->name = *name ? path_base(path) : name;
	err = conf_check_name(job->name);
	if (!err && file_exists(path))
		err = error_hint(error_new(ERROR_NO, "'%s' exists already", name),
				 "go there and run git hop init without a name");
	if (!err && job->origin && file_exists(job->origin))
		err = path_real(&origin, ctx, job->origin);
	if (err)
		return err;
	if (origin)
		job->origin = origin;
	remove_drafts(ctx, path);
	err = make_draft(&lock, draft);
	if (!err)
		err = git_run(NULL, ctx, NULL, "init", "--quiet", "--initial-branch=ho-prod", NULL);
	if (!err)
		err = init_project(job, ctx);
	if (!err && rename(draft, path) < 0)
		err = error_errno("cannot rename '%s' to '%s'", draft, path);
	if (err)
		error_free(file_remove_tree(draft));
	return err;
}

struct error *command(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct init job = {.name = NULL};
	const struct opt opts[] = {
		{0, "database", OPT_TEXT, &job.database, "CONNINFO",
		 "start from the schema of this database"},
		{0, "git-origin", OPT_TEXT, &job.origin, "URL",
		 "add it as the remote origin and push there"},
		{0, "test", OPT_TEXT, &job.test, "COMMAND",
		 "how the project runs its tests; '' for none"},
		OPT_COMMON,
		OPT_END,
	};
	const struct opt_usage usage =
		{"git hop init [--database=CONNINFO] [--git-origin=URL] [--test=COMMAND] [NAME]",
		 "Make a project in the repository here, or in a new folder NAME.", opts, NULL};
	struct error *err;
	char **args;
	bool done;

	signals_catch();
	err = opt_take(&args, &done, argc, argv, &usage, 0, 1);
	if (err || done)
		return err;
	err = args[0] ? init_in_folder(&job, tmp, args[0]) : init_project(&job, tmp);
	if (!err)
		say(&job, job.test != NULL);
	return err;
}
