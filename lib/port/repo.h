/* Reading repositories, and writing blobs, trees and temporary refs. The only user of libgit2. */
#ifndef PORT_REPO_H
#define PORT_REPO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct repo;

/* Object names are 40 hexadecimal digits. */
#define OID_LENGTH 40
#define OID_NONE "0000000000000000000000000000000000000000"

/*
 * Opens the repository that contains DIR or, if DIR is NULL, the current directory, in which case
 * GIT_DIR is in effect. ERROR_FAIL with a hint if there is none.
 */
struct error *repo_open(struct repo **out, void *ctx, const char *dir) MUST_CHECK;

/* Forgets which objects there are: libgit2 still counts those of packs that a gc has removed. */
struct error *repo_read_again(struct repo *repo) MUST_CHECK;

/* absolute, ends with '/'; shared by linked worktrees */
const char *repo_common_dir(const struct repo *repo);
const char *repo_git_dir(const struct repo *repo);  /* absolute, ends with '/' */
const char *repo_work_dir(const struct repo *repo); /* absolute, ends with '/'; NULL when bare */
/* The directory in which to run git for this repository; NULL: the current directory. */
const char *repo_start_dir(const struct repo *repo);
/*
 * Descriptors for the git programs that run in it (proc->live): of what the command holds as long
 * as it runs, and of what it holds while git changes the working tree. They must outlive their
 * starts; 0: none.
 */
enum repo_live { REPO_LIVE_COMMAND, REPO_LIVE_CHECKOUT };
void repo_set_live(struct repo *repo, enum repo_live which, int fd);
int repo_live(const struct repo *repo, enum repo_live which);
bool repo_is_shallow(const struct repo *repo);

/*
 * *BRANCH: the current branch without "refs/heads/"; NULL if HEAD is detached. *OID: NULL if the
 * branch is unborn.
 */
struct error *repo_head(char **branch, char **oid, void *ctx, struct repo *repo) MUST_CHECK;

/*
 * Git configuration, as git reads it; NULL or DEF if unset. Numbers are not negative. ERROR_FAIL if
 * the value is not of the type.
 */
char *repo_config(void *ctx, const struct repo *repo, const char *key);
struct error *repo_config_number(int *out, const struct repo *repo, const char *key,
				 int def) MUST_CHECK;
/* The same; 0 is refused. */
struct error *repo_config_count(int *out, const struct repo *repo, const char *key,
				int def) MUST_CHECK;
struct error *repo_config_bool(bool *out, const struct repo *repo, const char *key,
			       bool def) MUST_CHECK;

/* The object that REF (a full name) points to; NULL if it does not exist. Tags are not peeled. */
struct error *repo_ref(char **oid, void *ctx, struct repo *repo, const char *ref) MUST_CHECK;
/*
 * Makes the temporary REF (a full name) point to OID, or removes it, if it exists. No hook runs,
 * and nothing is flushed to disk.
 */
struct error *repo_set_temporary(struct repo *repo, const char *ref, const char *oid) MUST_CHECK;
struct error *repo_remove_temporary(struct repo *repo, const char *ref) MUST_CHECK;
/* The commit that REVISION names; NULL if there is none. */
struct error *repo_commit(char **oid, void *ctx, struct repo *repo,
			  const char *revision) MUST_CHECK;

/* Is the branch REF (a full name) checked out in this worktree or another one? */
struct error *repo_is_checked_out(bool *out, struct repo *repo, const char *ref) MUST_CHECK;

struct repo_ref {
	char *name; /* full */
	char *oid;  /* not peeled */
};
/* Refs whose full name starts with PREFIX, in byte order. */
struct error *repo_refs(struct repo_ref **out, size_t *count, void *ctx, struct repo *repo,
			const char *prefix) MUST_CHECK;

/* The tree of a commit; the entry at PATH of a commit or tree, NULL if there is none. */
struct error *repo_tree(char **oid, void *ctx, struct repo *repo, const char *commit) MUST_CHECK;
struct error *repo_entry(char **oid, void *ctx, struct repo *repo, const char *treeish,
			 const char *path) MUST_CHECK;

/* Modes of tree entries. */
#define MODE_FILE 0100644
#define MODE_EXECUTABLE 0100755
#define MODE_LINK 0120000
#define MODE_FOLDER 0040000
#define MODE_SUBMODULE 0160000

struct repo_file {
	char *name; /* of the entry, without its directory */
	char *oid;
	int mode; /* MODE_... */
};
/*
 * The entries of the directory PATH ("" for the root), in git's order; none if it does not exist.
 */
struct error *repo_list(struct repo_file **out, size_t *count, void *ctx, struct repo *repo,
			const char *treeish, const char *path) MUST_CHECK;

/* The contents of a blob, followed by a NUL. LENGTH may be NULL. */
struct error *repo_blob(char **out, size_t *length, void *ctx, struct repo *repo,
			const char *oid) MUST_CHECK;
/* The contents of the file PATH; NULL if it does not exist. For a symbolic link, its target. */
struct error *repo_file(char **out, size_t *length, void *ctx, struct repo *repo,
			const char *treeish, const char *path) MUST_CHECK;

/*
 * Does a rule of .gitignore, or may a conversion of .gitattributes and core.autocrlf, apply to the
 * file PATH (from the top of the working tree)? Where the answer is true, only git itself knows:
 * the file may be tracked, or the conversion change nothing (port/git_work.h).
 */
struct error *repo_is_ignored(bool *out, struct repo *repo, const char *path) MUST_CHECK;
struct error *repo_is_converted(bool *out, struct repo *repo, const char *path) MUST_CHECK;
/* Are there files below UNDER that are not in the index? Those that git ignores count, too. */
struct error *repo_has_untracked(bool *out, struct repo *repo, const char *under) MUST_CHECK;

/* The ID that a blob with these bytes would have; nothing is written. */
struct error *repo_hash(char **oid, void *ctx, const char *bytes, size_t length) MUST_CHECK;
struct error *repo_write_blob(char **oid, void *ctx, struct repo *repo, const char *bytes,
			      size_t length) MUST_CHECK;

/* A change to a tree: put OID at PATH, or remove PATH if OID is NULL. */
struct repo_edit {
	const char *path;
	const char *oid;
	int mode;
};
/* Writes TREE ("" for the empty tree) with the edits. Directories that become empty are removed. */
struct error *repo_edit_tree(char **oid, void *ctx, struct repo *repo, const char *tree,
			     const struct repo_edit *edits, size_t count) MUST_CHECK;
/*
 * Writes the tree of a directory on disk: files, executable bits and symbolic links. Skips ".git".
 */
struct error *repo_tree_of_folder(char **oid, void *ctx, struct repo *repo,
				  const char *path) MUST_CHECK;

/* Is the commit A an ancestor of B, or equal to it? */
struct error *repo_is_ancestor(bool *out, struct repo *repo, const char *a,
			       const char *b) MUST_CHECK;
struct error *repo_ahead_behind(size_t *ahead, size_t *behind, struct repo *repo, const char *local,
				const char *upstream) MUST_CHECK;
/* NULL if there is none. */
struct error *repo_merge_base(char **oid, void *ctx, struct repo *repo, const char *a,
			      const char *b) MUST_CHECK;
struct repo_change {
	char *path;
	int old_mode, new_mode; /* MODE_...; 0: there is no such file */
};
/*
 * The files that differ between two commits or trees (NULL: nothing), in byte order. A file and a
 * directory of one name are two changes.
 */
struct error *repo_changes(struct repo_change **out, size_t *count, void *ctx, struct repo *repo,
			   const char *old, const char *new) MUST_CHECK;

/*
 * Merges trees in memory, following renames. If there are conflicts, *TREE is NULL and *CONFLICTS
 * is the NULL-terminated list of paths.
 */
struct error *repo_merge_trees(char **tree, char ***conflicts, void *ctx, struct repo *repo,
			       const char *base, const char *ours, const char *theirs) MUST_CHECK;

/*
 * The oldest commit in the first-parent history of TIP that is not in HIDE; NULL if there is none.
 */
struct error *repo_first_own(char **oid, void *ctx, struct repo *repo, const char *tip,
			     const char *hide) MUST_CHECK;

/*
 * Is COMMIT in the first-parent history of TIP, or TIP itself? The history is read only as far as
 * necessary and cached in REPO, so asking for many commits costs one walk.
 */
struct error *repo_on_line(bool *out, struct repo *repo, const char *tip,
			   const char *commit) MUST_CHECK;
/*
 * The commit of that history that added PATH: the oldest from which all later ones contain it. NULL
 * if TIP does not contain it.
 */
struct error *repo_line_start(char **oid, void *ctx, struct repo *repo, const char *tip,
			      const char *path) MUST_CHECK;
/* Parent N (from 0) of a commit; NULL if it has fewer. */
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
