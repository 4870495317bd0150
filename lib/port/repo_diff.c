/* Compares trees. */
#include "port/repo.h"

#include "port/repo_private.h"

struct error *repo_changes(struct repo_change **out, size_t *count, void *ctx, struct repo *repo,
			   const char *old, const char *new)
{
	CLEANUP(git_tree_free) git_tree *from = NULL, *to = NULL;
	CLEANUP(git_diff_free) git_diff *diff = NULL;
	git_diff_options options;
	struct error *err;

	err = old ? repo_peel_tree(&from, repo, old) : NULL;
	if (!err && new)
		err = repo_peel_tree(&to, repo, new);
	if (err)
		return err;
	git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
	options.flags |= GIT_DIFF_INCLUDE_TYPECHANGE;
	if (git_diff_tree_to_tree(&diff, repo->git, from, to, &options) < 0)
		return repo_error("cannot compare trees");
	*count = git_diff_num_deltas(diff);
	*out = mem_array(ctx, struct repo_change, *count);
	for (size_t i = 0; i < *count; i++) {
		const git_diff_delta *d = git_diff_get_delta(diff, i);

		(*out)[i].path = mem_dup(*out, d->new_file.path);
		if (d->status != GIT_DELTA_ADDED)
			(*out)[i].old_mode = d->old_file.mode;
		if (d->status != GIT_DELTA_DELETED)
			(*out)[i].new_mode = d->new_file.mode;
	}
	return NULL;
}
