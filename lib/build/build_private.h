/* What the files of build.h share. */
#ifndef BUILD_BUILD_PRIVATE_H
#define BUILD_BUILD_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "build/build.h"
#include "core/recipe.h"

/* build.c: what the build needs of roles and extensions. */
struct error *build_conf(const struct conf **out, void *ctx, struct dev_server *dev,
			 const struct build *b) MUST_CHECK;
/* build.c: KEYS[i] is the content hash of the base and the first i patches; count + 1 of them. */
struct error *build_keys(char ***keys, void *ctx, struct dev_server *dev,
			 const struct build *b) MUST_CHECK;

/*
 * The key of the database that the model with these object names (model_names) makes. The roles and
 * extensions that it needs are named in it.
 */
struct error *build_base_key(char **key, void *ctx, struct dev_server *dev,
			     const char *model) MUST_CHECK;

struct model;
/* build_play.c: the model into an empty database, and whose it is, committed. */
struct error *play_model(struct dev_server *dev, struct db *db, const struct model *m) MUST_CHECK;
/* Into an empty database, the production schema, hop's tables and their rows. */
struct error *play_base(struct dev_server *dev, struct db *db, const struct build *b) MUST_CHECK;
/* The same into a database that was loaded from a dump: at the production version, or without rows
 * of hop's. */
struct error *play_dump(struct dev_server *dev, struct db *db, const struct build *b) MUST_CHECK;
/*
 * The recipes of the patches from FROM on, by their place in B. ERROR_NO with all that is refused
 * in their files, before any of them runs.
 */
struct error *play_read(struct recipe ***out, void *ctx, struct dev_server *dev,
			const struct build *b, size_t from) MUST_CHECK;
/* The patches from FROM up to, without, TO. */
struct error *play_patches(struct db *db, const struct build *b, struct recipe *const *recipes,
			   size_t from, size_t to) MUST_CHECK;

struct scratch;
struct templates;
/* scratch_take.c: S as the state KEY, when a spare or a template of it is there. */
struct error *scratch_take(bool *taken, struct scratch *s, struct templates *templates,
			   const char *key) MUST_CHECK;

#endif
