/* The dispatcher: "git hop X" becomes the program git-hop-X. */
#include "cmd.h"

#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/suggest.h"
#include "base/opt.h"
#include "base/out.h"
#include "base/path.h"
#include "base/proc.h"

#define PREFIX "git-hop-"

static const struct opt_verb commands[] = {
	{"init", "", "create a project in a repository"},
	{"clone", "", "clone a project and set up its database"},
	{"patch", "", "create, apply, merge and list patches"},
	{"release", "", "create, promote and list releases"},
	{"restore", "", "restore the development database to a version"},
	{"lock", "", "show or break locks on branches"},
	{"status", "", "show versions, patches, current branch and database"},
	{"update", "", "list the releases that can be applied to a database"},
	{"upgrade", "", "upgrade a production database to a newer release"},
	{"bootstrap", "", "run the data scripts that have not run yet"},
	{"backup", "", "make, list and verify backups of a production database"},
	{"rollback", "", "take a production database back to a backup"},
	{"server", "", "manage the private PostgreSQL server"},
	{"check", "", "verify and repair a project"},
	{"hook", "", "run a git hook"},
	{"help", "", "show this help, or the manual page of a command"},
	{NULL, NULL, NULL},
};

/* The directory of this program; NULL if unknown. */
static char *own_dir(void *ctx)
{
	SCOPE(tmp, ctx);
	struct error *err;
	char *self;

	err = path_real(&self, tmp, "/proc/self/exe");
	if (err) {
		error_free(err);
		return NULL;
	}
	return path_dir(ctx, self);
}

/* The program for the command NAME: beside this one, else on PATH, else NULL. */
static char *find_program(void *ctx, const char *name)
{
	SCOPE(tmp, ctx);
	char *program = mem_printf(tmp, PREFIX "%s", name);
	char *dir = own_dir(tmp);
	char *beside;

	if (!*name || strchr(name, '/'))
		return NULL;
	beside = dir ? path_join(tmp, dir, program) : NULL;
	if (beside && access(beside, X_OK) == 0 && !file_is_dir(beside))
		return mem_dup(ctx, beside);
	return proc_find(ctx, program);
}

static void add_from_dir(char ***list, void *ctx, const char *dir)
{
	SCOPE(tmp, ctx);
	struct error *err;
	char **names;
	size_t n;

	err = file_list(&names, &n, tmp, *dir ? dir : ".");
	if (err) {
		error_free(err);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		char *path = path_join(tmp, *dir ? dir : ".", names[i]);

		if (strncmp(names[i], PREFIX, strlen(PREFIX)) == 0 && access(path, X_OK) == 0 &&
		    !file_is_dir(path))
			mem_list_add(list, ctx, names[i] + strlen(PREFIX));
	}
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Our own commands and those that others put on PATH, sorted, each once. */
static char **list_commands(void *ctx)
{
	SCOPE(tmp, ctx);
	const char *path = getenv("PATH");
	char **all = mem_array(tmp, char *, 1);
	char **list = mem_array(ctx, char *, 1);

	for (const struct opt_verb *own = commands; own->name; own++)
		mem_list_add(&all, tmp, own->name);
	for (char **dir = mem_split(tmp, path ? path : "", ':'); *dir; dir++)
		add_from_dir(&all, tmp, *dir);
	qsort(all, mem_list_length(all), sizeof(char *), by_name);
	for (char **name = all; *name; name++) {
		if (name == all || strcmp(name[-1], name[0]) != 0)
			mem_list_add(&list, ctx, *name);
	}
	return list;
}

static struct error *unknown_command(const char *name)
{
	SCOPE(tmp, NULL);
	struct error *err = error_new(ERROR_USAGE, "'%s' is not a git hop command", name);
	char **near = suggest_names(tmp, name, list_commands(tmp));

	for (char **like = near; *like; like++)
		err = error_add_hint(err, "did you mean 'git hop %s'?", *like);
	return error_add_hint(err, "'git hop help' lists the commands");
}

static bool is_own(const char *name)
{
	const struct opt_verb *own = commands;

	while (own->name && strcmp(own->name, name) != 0)
		own++;
	return own->name != NULL;
}

static struct error *show_page(const char *page)
{
	execlp("man", "man", page, (char *)NULL);
	return error_hint(error_errno("cannot run man"), "use -h for a usage message");
}

/* "git hop help X": the page of a command, or a page by its full name. */
static struct error *help(const struct opt_usage *usage, int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct error *err;
	char *program;

	if (argc == 1 || strcmp(argv[1], "-h") == 0) {
		opt_print_usage(stdout, usage);
		return NULL;
	}
	err = opt_count(usage, argc - 1, 0, 1);
	if (err)
		return err;
	if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0)
		return show_page("git-hop");
	if (strncmp(argv[1], "git-hop", 7) == 0 || strncmp(argv[1], "hop-", 4) == 0)
		return show_page(argv[1]);
	program = find_program(tmp, argv[1]);
	if (!program && !is_own(argv[1]))
		return unknown_command(argv[1]);
	return show_page(mem_printf(tmp, PREFIX "%s", argv[1]));
}

static struct error *become(char **argv)
{
	SCOPE(tmp, NULL);
	char *program = find_program(tmp, argv[0]);

	if (!program && is_own(argv[0]))
		return error_hint(error_new(ERROR_FAIL, "cannot find the program '" PREFIX "%s'",
					    argv[0]),
				  "the installation of git hop is incomplete");
	if (!program)
		return unknown_command(argv[0]);
	argv[0] = program;
	execv(program, argv);
	return error_errno("cannot run '%s'", program);
}

struct error *command(int argc, char **argv)
{
	SCOPE(tmp, NULL);
	char **dirs = mem_array(tmp, char *, 1);
	bool version = false, list = false, done;
	const struct opt opts[] = {
		{'C', "directory", OPT_LIST, &dirs, "DIR", "run as if started in DIR"},
		{0, "version", OPT_FLAG, &version, NULL, "print the version"},
		{0, "list-commands", OPT_FLAG, &list, NULL, "print the names of all commands"},
		{'h', "help", OPT_FLAG, NULL, NULL, "show this help (--help: the manual page)"},
		OPT_END,
	};
	const struct opt_usage usage = {"git hop [-C DIR] COMMAND [ARGUMENT...]\n"
					"git hop help [COMMAND]\n"
					"git hop --version | --list-commands",
					"Bring PostgreSQL schema changes to production with git.",
					opts, commands};
	struct error *err;
	int first;

	err = opt_parse(&first, &done, argc, argv, &usage, true);
	if (err || done)
		return err;
	for (char **dir = dirs; *dir; dir++) {
		if (chdir(*dir) < 0)
			return error_errno("cannot change to '%s'", *dir);
	}
	if (version) {
		out_print("git hop version %s\n", PACKAGE_VERSION);
		return NULL;
	}
	if (list) {
		for (char **name = list_commands(tmp); *name; name++)
			out_print("%s\n", *name);
		return NULL;
	}
	if (first == argc) {
		opt_print_usage(stderr, &usage);
		return error_new(ERROR_USAGE, "no command given");
	}
	if (strcmp(argv[first], "help") == 0)
		return help(&usage, argc - first, argv + first);
	return become(argv + first);
}
