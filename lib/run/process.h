/*
 * Runs the programs among the files of patches: "python3 FILE" for .py, and "psql -X -v
 * ON_ERROR_STOP=1 -f FILE" for .psql. The PG* variables name the database.
 */
#ifndef RUN_PROCESS_H
#define RUN_PROCESS_H

#include "core/recipe.h"
#include "port/db.h"
#include "project/project.h"

/* Where programs run; initialize with zeros. */
struct processes {
	struct project *project;
	/* The commit or tree whose files they see, in a private directory made when needed. */
	const char *files;
	/* The directory they run in: the working tree of a patch being applied; NULL: that one. */
	const char *root;
	void *ctx;             /* of the private directory, which is removed with it */
	struct export *export; /* NULL: none yet */
};

struct process {
	const struct recipe_file *file;
	const char *patch;
	const char *tree;    /* hash of the tree Patches/ID */
	const char *version; /* of its release */
};

/* The application_name of its sessions, unless it sets another. */
char *process_application(void *ctx, const char *path);

/*
 * Runs a program on the database of DB, in a session and a process group of its own, without a
 * terminal, and waits for it at most hop.scriptTimeout seconds. ERROR_NO with the last lines of its
 * output if it fails, is killed or takes longer; if there is more output, the hint names its file.
 * Processes that it leaves in its group are killed. ERROR_FAIL if python3 or psql cannot be found.
 */
struct error *process_run(struct processes *ps, struct db *db,
			  const struct process *process) MUST_CHECK;

#endif
