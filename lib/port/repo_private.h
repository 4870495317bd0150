/* What the files of port/repo share; no other file includes it. */
#ifndef PORT_REPO_PRIVATE_H
#define PORT_REPO_PRIVATE_H

#include <git2.h>

#include "port/repo.h"

/* Commits from a tip on by first parents, read as far as somebody asked (repo_walk.c). */
struct line {
	git_oid *ids;
	size_t count;
	bool whole; /* the last one has no parent */
};

struct repo {
	git_repository *git;
	const char *dir; /* that it was opened at; NULL: here */
	int live;        /* 0: none */
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
DEFINE_CLEANUP(git_index *, git_index_free)
DEFINE_CLEANUP(git_treebuilder *, git_treebuilder_free)
DEFINE_CLEANUP(git_reference_iterator *, git_reference_iterator_free)

/* The last error of libgit2, as ours. */
struct error *repo_error(const char *fmt, ...) __attribute__((format(printf, 1, 2))) MUST_CHECK;
char *repo_oid_text(const void *ctx, const git_oid *oid);
/* A commit, tag or tree by its 40 digits, peeled to its tree. */
struct error *repo_peel_tree(git_tree **out, struct repo *repo, const char *treeish) MUST_CHECK;

#endif
