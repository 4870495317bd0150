/* Shared by the files of build.h. */
#ifndef BUILD_BUILD_PRIVATE_H
#define BUILD_BUILD_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "build/build.h"
#include "core/recipe.h"

/* build.c: the configuration that lists the roles and extensions needed. */
struct error *build_conf(const struct conf **out, void *ctx, struct dev_server *dev,
			 const struct build *b) MUST_CHECK;
/* build.c: KEYS[i] is the content hash of the base and the first i patches; there are count + 1. */
struct error *build_keys(char ***keys, void *ctx, struct dev_server *dev, const struct conf *conf,
			 const struct build *b) MUST_CHECK;

/*
 * The key of a database that contains only the model with these object names (model_names_of).
 * On the private server, it depends also on the extensions that CONF lists.
 */
struct error *build_base_key(char **key, void *ctx, struct dev_server *dev, const struct conf *conf,
			     const char *model) MUST_CHECK;

/*
 * build_extensions.c: on the private server, creates in the empty database DB the extensions that
 * CONF lists, as superuser. No code of the repository has run in it yet, so none can interfere.
 * Those in the text *SCHEMA of a model are created as it says, and *SCHEMA becomes what is left of
 * it. Does nothing on other servers.
 */
struct error *extensions_make(char **schema, void *ctx, struct dev_server *dev, struct db *db,
			      const struct conf *conf) MUST_CHECK;

struct model;
/*
 * build_play.c: loads the model into an empty database with the extensions of CONF, marks the
 * database, and commits.
 */
struct error *play_model(struct dev_server *dev, struct db *db, const struct conf *conf,
			 const struct model *m) MUST_CHECK;
/* Loads the production version into an empty database, including hop's tables and their rows. */
struct error *play_base(struct dev_server *dev, struct db *db, const struct conf *conf,
			const struct build *b) MUST_CHECK;
/*
 * The same for a database loaded from a dump, which must be at the production version or lack hop's
 * tables.
 */
struct error *play_dump(struct dev_server *dev, struct db *db, const struct build *b) MUST_CHECK;
/*
 * The recipes of the patches from FROM on, indexed like the patches of B. ERROR_NO with everything
 * that is refused in their files, before any of them runs.
 */
struct error *play_read(struct recipe ***out, void *ctx, struct dev_server *dev,
			const struct build *b, size_t from) MUST_CHECK;
struct scratch;
/* Runs the patches from FROM up to, but not including, TO. */
struct error *play_patches(struct scratch *s, const struct build *b, struct recipe *const *recipes,
			   size_t from, size_t to) MUST_CHECK;

/*
 * build_bootstrap.c: runs the data scripts that have not run in the database, after all patches.
 * *ANY: there were some, so the database is not the state that its key names.
 */
struct error *play_bootstrap(bool *any, struct dev_server *dev, struct db *db,
			     const struct build *b) MUST_CHECK;

struct templates;
/* scratch_take.c: makes S the state KEY, if a spare or template of it exists. */
struct error *scratch_take(bool *taken, struct scratch *s, struct templates *templates,
			   const char *key) MUST_CHECK;

#endif
