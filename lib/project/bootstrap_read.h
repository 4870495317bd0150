/* The data scripts of a commit. */
#ifndef PROJECT_BOOTSTRAP_READ_H
#define PROJECT_BOOTSTRAP_READ_H

#include <stddef.h>

#include "base/error.h"
#include "core/bootstrap.h"
#include "core/script.h"
#include "port/repo.h"

struct bootstrap_file {
	char *name; /* in bootstrap/; identifies it in hop.bootstrap */
	char *hash; /* of its blob */
	const struct script *script;
};

/*
 * The scripts in bootstrap/ of TREEISH, in the order in which they run. ERROR_NO with all that is
 * refused in them, see recipe_check.
 */
struct error *bootstrap_read(struct bootstrap_file **out, size_t *count, void *ctx,
			     struct repo *repo, const char *treeish) MUST_CHECK;

/*
 * Appends the bootstrap files of patch ID, whose files are in TREE, to a list: those of a patch
 * that is not merged, with the names that they would get.
 */
struct error *bootstrap_read_patch(struct bootstrap_file **list, size_t *count, void *ctx,
				   struct repo *repo, const char *id, const char *tree) MUST_CHECK;

#endif
