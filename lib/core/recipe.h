/*
 * Decides which files of a patch run, how and in which order, and which are refused. Builds, tests,
 * upgrades, their plans and "patch show" all use this.
 */
#ifndef CORE_RECIPE_H
#define CORE_RECIPE_H

#include "core/patch.h"
#include "core/script.h"

enum entry_kind { ENTRY_FILE, ENTRY_FOLDER, ENTRY_LINK, ENTRY_SUBMODULE };

/* An entry of the directory Patches/ID. */
struct recipe_entry {
	const char *name;
	enum entry_kind kind;
	const char *text; /* if recipe_wants the entry; must outlive the recipe */
	size_t length;
};

enum step_kind {
	STEP_TRANSACTION, /* in the transaction of its release */
	STEP_ALONE,       /* outside a transaction, statement by statement */
	STEP_PROCESS,     /* a program with a session of its own */
	STEP_BOOTSTRAP    /* after the release, once in each database */
};

struct recipe_file {
	enum step_kind step;
	enum patch_file_kind kind;
	char *path;                  /* "Patches/12-users/01_tables.sql" */
	const char *name;            /* the end of PATH */
	const struct script *script; /* of a valid .sql file, else NULL */
	bool in_patch;               /* a program that runs in the directory of its patch */
};

struct recipe_refusal {
	char *message; /* "PATH: why" or "PATH:LINE:COLUMN: why" */
	char *hint;    /* may be NULL */
};

/*
 * The recipe of a patch. A release consists of the recipes of its patches, in order; consecutive
 * STEP_TRANSACTION files run in one transaction, even if they belong to several patches.
 */
struct recipe {
	char *dir;                 /* "Patches/12-users" */
	struct recipe_file *files; /* those that run, in order */
	size_t count;
	/*
	 * Data scripts: STEP_BOOTSTRAP. They do not run with the patch, but are copied to
	 * bootstrap/ when it is merged. All files of bootstrap/ itself are data scripts.
	 */
	struct recipe_file *bootstrap;
	size_t bootstrap_count;
	char **warnings; /* about ignored files; NULL-terminated, may be NULL */
	struct recipe_refusal *refusals;
	size_t refusal_count;
};

/* Does recipe_make need the text of the entry? */
bool recipe_wants(const struct recipe_entry *entry);

/*
 * Makes the recipe, and sorts ENTRIES by name, in byte order. Refusals are only recorded, see
 * recipe_check.
 */
struct recipe *recipe_make(void *ctx, const char *dir, struct recipe_entry *entries, size_t count);

/* ERROR_NO with all refusals of the recipes, which may be NULL. */
struct error *recipe_check(struct recipe *const *recipes, size_t count) MUST_CHECK;

/* "transaction", "alone", "process", "bootstrap". */
const char *recipe_step_name(enum step_kind step);

/* ERROR_NO if a file does not run in a transaction with others. */
struct error *recipe_check_atomic(struct recipe *const *recipes, size_t count) MUST_CHECK;

/* The number of statements in the .sql files. */
size_t recipe_statements(const struct recipe *recipe);

#endif
