/*
 * The model of a production version: its schema, the rows that patches wrote, and the rows of hop's
 * own tables, as the files of .hop/model that every build starts from.
 *
 * The role that builds is anonymous: no model says its name. So whoever promotes a release writes
 * the same bytes.
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
	/* only in one that was dumped */
	char *objects;   /* one line an object: two models of the same objects have the same */
	char *path;      /* the statement that sets the search_path of the database */
	char **roles;    /* that it names, sorted; without the anonymous and pg_* ones */
	char **left_out; /* what was not taken from an adopted database, one line each */
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
 * Loads M into the empty database DB, in the transaction of the caller: schema and rows, then hop's
 * tables and their rows; not who the database is (dev_server_mark). A statement that fails is
 * ERROR_NO with file and line.
 */
struct error *model_load(struct db *db, const struct model *m) MUST_CHECK;

enum model_source {
	MODEL_BUILT,    /* by hop: everything */
	MODEL_ADOPTED,  /* by others: no rows, nothing that may hold a secret */
	MODEL_COMPARED, /* to be compared: the schema, and the privileges of the project's roles */
};

struct model_request {
	enum model_source source;
	const struct conf *conf; /* its roles, limits and schema-only tables; not for ADOPTED */
	/*
	 * The database was not made for this: privileges and comment are its own, and the model
	 * gets these statements, of the model that it was loaded from. NULL: it was made for this.
	 */
	const char *database;
	char *const *without; /* extensions that it has, and the model does not; NULL: none */
};

/*
 * The model of the database DB. The same state gives the same bytes. Of MODEL_BUILT, ERROR_NO says
 * what a model cannot have: roles that are not in conf, too many rows, large objects with
 * privileges.
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
 * The model of what BUILT (build/scratch.h) was built to, proven: loaded into a new database, and
 * dumped there again. *OUT is what that gave, when it is not the same but only another form of it
 * that stays as it is. The database so loaded is the template of the next build that starts from
 * this model. Without CREATEDB it is BUILT itself that is emptied and loaded. ERROR_NO when it does
 * not load, or does not stay the same.
 */
struct error *model_prove(struct model **out, void *ctx, struct scratch *built,
			  const struct model_request *request) MUST_CHECK;

/* The same for the model *M of an adopted database; DEV may create databases. */
struct error *model_prove_adopted(struct model **m, void *ctx, struct dev_server *dev) MUST_CHECK;

/* The schema, to be compared (MODEL_COMPARED), of a new database of DEV that M is loaded into. */
struct error *model_redump(char **schema, void *ctx, struct dev_server *dev, const struct model *m,
			   const struct model_request *request) MUST_CHECK;

/*
 * Gives database TO what FROM has and CREATE DATABASE ... TEMPLATE does not copy: settings,
 * privileges, the comment. DB is a connection to another database of that server. *DONE is false
 * when there is no FROM (any more).
 */
struct error *model_apply_database(bool *done, struct db *db, const char *from,
				   const char *to) MUST_CHECK;

/* The comment that database has of its users, in one that may be a template's; NULL: none. */
const char *model_comment_of(const char *comment);

/* What a content hash has of a model, that in TREEISH or M: a line of object names. */
struct error *model_names_of(char **out, void *ctx, const struct model *m) MUST_CHECK;
struct error *model_names(char **out, void *ctx, struct repo *repo, const char *treeish) MUST_CHECK;

#endif
