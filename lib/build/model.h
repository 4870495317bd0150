/*
 * The model of a production version: its schema, the rows that patches have written, and the rows
 * of hop's own tables, in the files of .hop/model from which every build starts.
 *
 * A model does not contain the name of the role that built it, so it does not depend on who
 * promotes a release.
 */
#ifndef BUILD_MODEL_H
#define BUILD_MODEL_H

#include "base/error.h"
#include "core/version.h"
#include "build/dev_server.h"
#include "port/conf.h"
#include "publish/commit.h"

struct model {
	char *schema;   /* text of PATH_SCHEMA */
	char *data;     /* text of PATH_DATA */
	char *metadata; /* text of PATH_METADATA */
	/* only in models that were dumped */
	char *objects;   /* a line per object; equal for two models with the same objects */
	char *path;      /* the statement that sets the search_path of the database */
	char **roles;    /* roles named, sorted; without anonymous and pg_* ones */
	char **left_out; /* what was left out of an adopted database, a line each */
};

/* Reads the files in a commit or tree; ERROR_FAIL if one is missing. */
struct error *model_read(struct model **out, void *ctx, struct repo *repo,
			 const char *treeish) MUST_CHECK;

/*
 * Adds to EDITS what makes M the model of VERSION in TREEISH ("" for the empty tree): writes the
 * files and links, and removes the links of other versions.
 */
struct error *model_write(struct edits *edits, void *ctx, struct project *p, const char *treeish,
			  const struct version *version, const struct model *m) MUST_CHECK;

/*
 * Loads M into the empty database DB, in the caller's transaction: schema and rows, then hop's
 * tables and their rows. Does not mark the database, see dev_server_mark. If a statement fails,
 * ERROR_NO with file and line.
 */
struct error *model_load(struct db *db, const struct model *m) MUST_CHECK;

enum model_source {
	MODEL_BUILT,    /* of a database built by git hop: everything */
	MODEL_ADOPTED,  /* of another database: no rows, nothing that may contain a secret */
	MODEL_COMPARED, /* for comparisons: the schema, and the privileges of the project's roles */
};

struct model_request {
	enum model_source source;
	const struct conf *conf; /* roles, extensions, limits, schema-only tables */
	/*
	 * The database was not made for this: privileges and comment are its own, and the model
	 * gets these statements, of the model that it was loaded from. NULL: it was made for this.
	 */
	const char *database;
	char *const *without; /* extensions that it has, and the model does not; NULL: none */
	int lock_seconds;     /* to wait for locks on its tables; 0: for ever */
};

/*
 * Dumps the model of the database DB. The same state gives the same bytes. For MODEL_BUILT,
 * ERROR_NO if there is something that a model cannot contain, such as roles that conf does not
 * list, or too many rows.
 */
struct error *model_dump(struct model **out, void *ctx, struct db *db,
			 const struct model_request *request) MUST_CHECK;

/*
 * *DATABASE are the statements of M about privileges and comment of the database; *REST is its
 * schema without them, each line in its place.
 */
void model_split(char **rest, char **database, void *ctx, const struct model *m);

struct scratch;
/*
 * Dumps the model of BUILT (build/scratch.h) and proves it: loads it into a new database and dumps
 * that again. If the second dump is only another form of the same objects, and a third one equals
 * it, that is *OUT. The new database becomes the template for builds that start from this model.
 * Without CREATEDB, BUILT itself is emptied and loaded. ERROR_NO if the model does not load, or
 * does not stay the same.
 */
struct error *model_prove(struct model **out, void *ctx, struct scratch *built,
			  const struct model_request *request) MUST_CHECK;

/*
 * The same for the model *M of an adopted database, of a project with CONF. DEV must be able to
 * create databases.
 */
struct error *model_prove_adopted(struct model **m, void *ctx, struct dev_server *dev,
				  const struct conf *conf) MUST_CHECK;

/* Loads M into a new database of DEV and dumps its schema for comparison (MODEL_COMPARED). */
struct error *model_redump(char **schema, void *ctx, struct dev_server *dev, const struct model *m,
			   const struct model_request *request) MUST_CHECK;

/*
 * Copies what CREATE DATABASE ... TEMPLATE does not copy from database FROM to TO: settings,
 * privileges and comment. DB is connected to another database on that server. *DONE is false if
 * FROM does not exist any more.
 */
struct error *model_apply_database(bool *done, struct db *db, const char *from,
				   const char *to) MUST_CHECK;

/* The users' own part of a database comment, which may be that of a template; NULL: none. */
const char *model_comment_of(const char *comment);

/* The line of object names that identifies a model, in TREEISH or M, in content hashes. */
struct error *model_names_of(char **out, void *ctx, const struct model *m) MUST_CHECK;
struct error *model_names(char **out, void *ctx, struct repo *repo, const char *treeish) MUST_CHECK;

#endif
