/*
 * Builds in the development database itself, for roles without CREATEDB: finds what was there
 * before and does not belong to the build.
 */
#ifndef BUILD_IN_PLACE_H
#define BUILD_IN_PLACE_H

#include "base/error.h"
#include "build/build.h"
#include "build/dev_server.h"
#include "core/recipe.h"

struct in_place {
	/* Of the model, about privileges and comment of the database: which keeps its own. */
	char *database;
	char **without; /* extensions of an administrator that nothing lists or creates */
	char *mark;     /* when privileges and comment of the database were written last */
	bool changed;   /* they were during the build */
};

/* Once the base is there, before the patches run. */
struct error *in_place_begin(struct in_place **out, void *ctx, struct dev_server *dev,
			     struct db *db, const struct build *b) MUST_CHECK;

/*
 * After the build: ERROR_NO when something in it depends on what was in the database before and is
 * not of hop's making, such as an extension that an administrator installed and .hop/config does
 * not list: no patch makes it, so production would lack it. An extension that a file creates if it
 * does not exist is a patch's. RECIPES are those of the patches.
 */
struct error *in_place_end(struct in_place *p, struct dev_server *dev, struct db *db,
			   const struct conf *conf, const struct build *b,
			   struct recipe *const *recipes) MUST_CHECK;

#endif
