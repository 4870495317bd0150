/* Reading repositories, and writing blobs and trees. The only user of libgit2. */
#ifndef PORT_REPO_H
#define PORT_REPO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct repo;

/* Object names are 40 hexadecimal digits. */
#define OID_LENGTH 40
#define OID_NONE "0000000000000000000000000000000000000000"

/* The repository that holds DIR (NULL: here, GIT_DIR obeyed). None: ERROR_FAIL with a hint. */
struct error *repo_open(struct repo **out, void *ctx, const char *dir) MUST_CHECK;

/* absolute, ends with '/': shared by linked worktrees */
const char *repo_common_dir(const struct repo *repo);
const char *repo_git_dir(const struct repo *repo);  /* absolute, ends with '/' */
const char *repo_work_dir(const struct repo *repo); /* absolute, ends with '/'; NULL when bare */
/* The folder to start git in for this repository; NULL: it was opened here, so start it here. */
const char *repo_start_dir(const struct repo *repo);
/* A descriptor for the git programs that run in it (proc->live). It must outlive their starts. */
void repo_set_live(struct repo *repo, int fd);
int repo_live(const struct repo *repo); /* 0: none */
bool repo_is_shallow(const struct repo *repo);

/* *BRANCH: "ho-prod" when on that branch, NULL when detached. *OID: NULL on an unborn branch. */
struct error *repo_head(char **branch, char **oid, void *ctx, struct repo *repo) MUST_CHECK;

/* git config; NULL / the default when unset. */
char *repo_config(void *ctx, struct repo *repo, const char *key);
struct error *repo_config_number(int *out, struct repo *repo, const char *key, int def) MUST_CHECK;
struct error *repo_config_bool(bool *out, struct repo *repo, const char *key, bool def) MUST_CHECK;

/*
 * The object that full ref name REF points to, NULL when there is no such ref. Tags are not
 * peeled.
 */
struct error *repo_ref(char **oid, void *ctx, struct repo *repo, const char *ref) MUST_CHECK;
/* Any revision to the commit that it means; NULL when there is none. */
struct error *repo_commit(char **oid, void *ctx, struct repo *repo,
			  const char *revision) MUST_CHECK;

/* Is the branch REF (full name) checked out in the work tree here, or in any linked one? */
struct error *repo_is_checked_out(bool *out, struct repo *repo, const char *ref) MUST_CHECK;

struct repo_ref {
	char *name; /* full */
	char *oid;  /* not peeled */
};
/* Refs whose full name starts with PREFIX, in byte order. */
struct error *repo_refs(struct repo_ref **out, size_t *count, void *ctx, struct repo *repo,
			const char *prefix) MUST_CHECK;

/* Tree of a commit; the entry at PATH of a commit or tree (NULL: not there). */
struct error *repo_tree(char **oid, void *ctx, struct repo *repo, const char *commit) MUST_CHECK;
struct error *repo_entry(char **oid, void *ctx, struct repo *repo, const char *treeish,
			 const char *path) MUST_CHECK;

/* Modes of the entries of trees. */
#define MODE_FILE 0100644
#define MODE_EXECUTABLE 0100755
#define MODE_LINK 0120000
#define MODE_FOLDER 0040000
#define MODE_SUBMODULE 0160000

struct repo_file {
	char *name; /* of the entry, no folder */
	char *oid;
	int mode; /* MODE_... */
};
/* Entries of the folder PATH ("" for the root); none when it is not there. In git's order. */
struct error *repo_list(struct repo_file **out, size_t *count, void *ctx, struct repo *repo,
			const char *treeish, const char *path) MUST_CHECK;

/* Content of a blob; a NUL follows the last byte. LENGTH may be NULL. */
struct error *repo_blob(char **out, size_t *length, void *ctx, struct repo *repo,
			const char *oid) MUST_CHECK;
/* Content of the file at PATH; NULL when it is not there. A symbolic link gives its target. */
struct error *repo_file(char **out, size_t *length, void *ctx, struct repo *repo,
			const char *treeish, const char *path) MUST_CHECK;

/* The name that a blob of these bytes would have; nothing is written. */
struct error *repo_hash(char **oid, void *ctx, const char *bytes, size_t length) MUST_CHECK;
struct error *repo_write_blob(char **oid, void *ctx, struct repo *repo, const char *bytes,
			      size_t length) MUST_CHECK;

/* A change to a tree: at PATH, OID with MODE, or nothing when OID is NULL. */
struct repo_edit {
	const char *path;
	const char *oid;
	int mode;
};
/* TREE ("" for the empty one) with the edits; folders that become empty are gone. */
struct error *repo_edit_tree(char **oid, void *ctx, struct repo *repo, const char *tree,
			     const struct repo_edit *edits, size_t count) MUST_CHECK;
/*
 * The tree that a folder on disk would be: files by content, links, executable bit; ".git" is
 * passed over.
 */
struct error *repo_tree_of_folder(char **oid, void *ctx, struct repo *repo,
				  const char *path) MUST_CHECK;

/* Is A an ancestor of (or equal to) B? Both are commits. */
struct error *repo_is_ancestor(bool *out, struct repo *repo, const char *a,
			       const char *b) MUST_CHECK;
struct error *repo_ahead_behind(size_t *ahead, size_t *behind, struct repo *repo, const char *local,
				const char *upstream) MUST_CHECK;
/* NULL when they have none. */
struct error *repo_merge_base(char **oid, void *ctx, struct repo *repo, const char *a,
			      const char *b) MUST_CHECK;
/*
 * Merges trees in memory, renames followed. CONFLICTS comes NULL-terminated when there are any;
 * then *TREE is NULL.
 */
struct error *repo_merge_trees(char **tree, char ***conflicts, void *ctx, struct repo *repo,
			       const char *base, const char *ours, const char *theirs) MUST_CHECK;

/* The oldest commit on the line of first parents from TIP that HIDE does not have; NULL: none. */
struct error *repo_first_own(char **oid, void *ctx, struct repo *repo, const char *tip,
			     const char *hide) MUST_CHECK;

/*
 * Is COMMIT on the line of first parents from TIP (TIP itself too)? The line is read once, as far
 * as needed, and kept with the repository: asking for many commits costs one walk.
 */
struct error *repo_on_line(bool *out, struct repo *repo, const char *tip,
			   const char *commit) MUST_CHECK;
/*
 * The commit of that line that brought PATH: the oldest from which on every one has it. NULL: TIP
 * does not have it.
 */
struct error *repo_line_start(char **oid, void *ctx, struct repo *repo, const char *tip,
			      const char *path) MUST_CHECK;
/* Parent N (from 0) of a commit; NULL when it has fewer. */
struct error *repo_parent(char **oid, void *ctx, struct repo *repo, const char *commit,
			  unsigned int n) MUST_CHECK;

struct repo_commit_info {
	long long time; /* seconds since the epoch, of the committer */
	char *author;   /* name */
	char *message;
};
struct error *repo_commit_info(struct repo_commit_info *out, void *ctx, struct repo *repo,
			       const char *oid) MUST_CHECK;

#endif
