/*
 * The model of a production version: its schema, the rows that patches wrote, and the rows of hop's
 * own tables, as the files of .hop/model that every build starts from.
 */
#ifndef BUILD_MODEL_H
#define BUILD_MODEL_H

#include "base/error.h"
#include "core/version.h"
#include "build/dev_server.h"
#include "publish/commit.h"

struct model {
	char *schema;   /* text of PATH_SCHEMA */
	char *data;     /* text of PATH_DATA */
	char *metadata; /* text of PATH_METADATA */
};

/* The files of a commit or tree; ERROR_FAIL when one is missing. */
struct error *model_read(struct model **out, void *ctx, struct repo *repo,
			 const char *treeish) MUST_CHECK;

/*
 * Adds to EDITS what makes M the model of VERSION in the tree TREEISH ("" for the empty one): the
 * files, the links of this version, and that the links of other versions are gone.
 */
struct error *model_write(struct edits *edits, void *ctx, struct project *p, const char *treeish,
			  const struct version *version, const struct model *m) MUST_CHECK;

/*
 * Loads M into the empty database DB, in the transaction of the caller: schema, rows, hop's tables
 * and their rows; not who the database is (dev_server_mark). A statement that fails is ERROR_NO
 * with file and line.
 */
struct error *model_load(struct db *db, const struct model *m) MUST_CHECK;

/* The model of database DBNAME. The same state gives the same bytes. */
struct error *model_dump(struct model **out, void *ctx, struct dev_server *dev,
			 const char *dbname) MUST_CHECK;

/* What a content hash has of the model in TREEISH: a line of object names. */
struct error *model_names(char **out, void *ctx, struct repo *repo, const char *treeish) MUST_CHECK;

#endif
