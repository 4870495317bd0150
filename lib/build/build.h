/*
 * The description of a build: the production version in a tree, followed by patches in order.
 * build/scratch.h runs it.
 */
#ifndef BUILD_BUILD_H
#define BUILD_BUILD_H

#include <stdbool.h>

#include "base/error.h"
#include "core/version.h"
#include "build/dev_server.h"
#include "run/watch.h"

struct build_patch {
	char *id;
	char *tree; /* hash of the tree Patches/ID, an object in the repository */
	/* Not merged into the commit: its data scripts are not in bootstrap/ there. */
	bool loose;
};

/* Is told about the transactions in which patches run. */
struct build_look {
	/* At the beginning of one, and at its end (ENDS), before it is committed. */
	struct error *(*look)(void *arg, struct db *db, bool ends);
	const struct run_watch *watch; /* is told about statements, too; NULL: nobody */
	void *arg;
};

/* The description of a build. */
struct build {
	char *commit;           /* commit or tree that contains .hop/model */
	struct version base;    /* the production version of that model */
	struct version release; /* release of the patches, for hop's rows; base if there are none */
	struct build_patch *patches;
	size_t count;
	/*
	 * Run all patches in one transaction, as an upgrade does. This finds what only fails there,
	 * such as the use of a new enum value in a later patch. Only the template of the base can
	 * be used then.
	 */
	bool as_upgrade;
	/*
	 * The configuration that lists the roles and extensions needed; NULL: .hop/config of
	 * COMMIT.
	 */
	const struct conf *conf;
	/*
	 * The commit or tree whose files programs of patches see; NULL: COMMIT. ROOT: the working
	 * tree in which they run, with its own files; NULL: a private copy of those.
	 */
	const char *files;
	const char *root;
	const struct build_look *look; /* NULL: nobody looks */
	/* A dump to load instead of the production version; NULL: none. */
	const char *dump;
};

/*
 * The build of a release branch at COMMIT: its production version and its staged patches, which
 * belong to RELEASE or, if RELEASE is in production there, to its next hotfix.
 */
struct error *build_of_release(struct build **out, void *ctx, struct project *p, const char *commit,
			       const struct version *release) MUST_CHECK;
/*
 * The build of production VERSION according to COMMIT of ho-prod, without patches. ERROR_NO if
 * COMMIT does not contain that version.
 */
struct error *build_of_version(struct build **out, void *ctx, struct project *p, const char *commit,
			       const struct version *version) MUST_CHECK;

/* Appends a patch that is merged into the commit, or (loose) one that is not. */
void build_add(struct build *b, const char *id, const char *tree);
void build_add_loose(struct build *b, const char *id, const char *tree);

#endif
