/* Shared by the files of port/repo. */
#ifndef PORT_REPO_PRIVATE_H
#define PORT_REPO_PRIVATE_H

#include <git2.h>

#include "port/repo.h"

/* The first-parent history of a tip, as far as it has been read (repo_walk.c). */
struct line {
	git_oid *ids;
	size_t count;
	bool whole; /* the last one has no parent */
};

struct repo {
	git_repository *git;
	const char *dir; /* the argument of repo_open */
	char *overrides; /* "KEY\nVALUE\0" or "KEY\0", see repo_read_overrides; NULL: none */
	size_t overrides_length;
	int live[2]; /* by enum repo_live */
	struct line **lines;
	size_t line_count;
};

DEFINE_CLEANUP(git_reference *, git_reference_free)
DEFINE_CLEANUP(git_object *, git_object_free)
DEFINE_CLEANUP(git_tree *, git_tree_free)
DEFINE_CLEANUP(git_tree_entry *, git_tree_entry_free)
DEFINE_CLEANUP(git_blob *, git_blob_free)
DEFINE_CLEANUP(git_commit *, git_commit_free)
DEFINE_CLEANUP(git_config *, git_config_free)
DEFINE_CLEANUP(git_config_entry *, git_config_entry_free)
DEFINE_CLEANUP(git_index *, git_index_free)
DEFINE_CLEANUP(git_odb *, git_odb_free)
DEFINE_CLEANUP(git_diff *, git_diff_free)
DEFINE_CLEANUP(git_treebuilder *, git_treebuilder_free)
DEFINE_CLEANUP(git_reference_iterator *, git_reference_iterator_free)

/* Wraps the last error of libgit2. */
struct error *repo_error(const char *fmt, ...) __attribute__((format(printf, 1, 2))) MUST_CHECK;
char *repo_oid_text(const void *ctx, const git_oid *oid);
/*
 * Makes the environment of "git -c", GIT_CONFIG_COUNT, GIT_CONFIG_GLOBAL and the like count, which
 * libgit2 does not know. Runs git only if one of the first two is set.
 */
struct error *repo_read_overrides(struct repo *repo) MUST_CHECK;
/* The tree of a commit, tag or tree, given by its ID. */
struct error *repo_peel_tree(git_tree **out, struct repo *repo, const char *treeish) MUST_CHECK;

#endif
