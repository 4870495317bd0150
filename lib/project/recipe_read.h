/* The recipe of a patch, read from its tree. */
#ifndef PROJECT_RECIPE_READ_H
#define PROJECT_RECIPE_READ_H

#include "core/recipe.h"
#include "port/repo.h"

/* TREE: the ID of the tree Patches/ID. The texts of its files are allocated under *OUT. */
struct error *recipe_read(struct recipe **out, void *ctx, struct repo *repo, const char *id,
			  const char *tree) MUST_CHECK;
/* The same for any directory; DIR is its path. */
struct error *recipe_read_dir(struct recipe **out, void *ctx, struct repo *repo, const char *dir,
			      const char *tree) MUST_CHECK;

#endif
