/* The recipe of a patch, read from its tree. */
#ifndef PROJECT_RECIPE_READ_H
#define PROJECT_RECIPE_READ_H

#include "core/recipe.h"
#include "port/repo.h"

/* TREE: the object name of the folder Patches/ID. The texts of its files live as long as *OUT. */
struct error *recipe_read(struct recipe **out, void *ctx, struct repo *repo, const char *id,
			  const char *tree) MUST_CHECK;

#endif
