/*
 * What to do with the files of a patch: which run, how, in which order, and which must not be
 * there. The one place that decides it, for builds, validation, upgrade, its plan, and patch show.
 */
#ifndef CORE_RECIPE_H
#define CORE_RECIPE_H

#include "core/patch.h"
#include "core/script.h"

enum entry_kind { ENTRY_FILE, ENTRY_FOLDER, ENTRY_LINK, ENTRY_SUBMODULE };

/* One entry of the listing of Patches/ID. */
struct recipe_entry {
	const char *name;
	enum entry_kind kind;
	const char *text; /* of what recipe_wants; outlives the recipe */
	size_t length;
};

enum step_kind {
	STEP_TRANSACTION, /* in the transaction of its release, with the files before and after */
	STEP_ALONE,       /* outside a transaction, statement by statement */
	STEP_PROCESS,     /* a program with a session of its own */
	STEP_BOOTSTRAP    /* after the release, once in each database */
};

struct recipe_file {
	enum step_kind step;
	char *path;                  /* "Patches/12-users/01_tables.sql" */
	const char *name;            /* the end of PATH */
	const struct script *script; /* of an .sql file that can be read, else NULL */
	const char *problem; /* what it is, where this version cannot run it: "a psql script" */
};

struct recipe_refusal {
	char *message; /* "PATH: why" or "PATH:LINE:COLUMN: why" */
	char *hint;    /* may be NULL */
};

/*
 * The recipe of a patch. That of a release is made of those of its patches, in order:
 * STEP_TRANSACTION files that follow each other, also across patches, run in one transaction.
 */
struct recipe {
	char *dir;                 /* "Patches/12-users" */
	struct recipe_file *files; /* those that run, in order */
	size_t count;
	char **warnings; /* of files that are ignored; NULL-terminated, may be NULL */
	struct recipe_refusal *refusals;
	size_t refusal_count;
};

/* Whether the recipe depends on the text of the entry. */
bool recipe_wants(const struct recipe_entry *entry);

/* Sorts ENTRIES into byte order of their names. Nothing is refused yet: see recipe_check. */
struct recipe *recipe_make(void *ctx, const char *dir, struct recipe_entry *entries, size_t count);

/* ERROR_NO with all refusals of the recipes; one that is NULL has none. */
struct error *recipe_check(struct recipe *const *recipes, size_t count) MUST_CHECK;

/* Statements of the .sql files. */
size_t recipe_statements(const struct recipe *recipe);

#endif
