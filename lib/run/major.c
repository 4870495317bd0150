/* The major version of PostgreSQL that a project is for. */
#include "run/major.h"

#include "base/log.h"
#include "port/pgtool.h"

static int major_of(const struct db *db)
{
	return db_server_version(db) / 10000;
}

static struct error *refuse(const struct conf *conf, const struct db *db)
{
	struct error *err = error_new(ERROR_NO,
				      "the development server is PostgreSQL %d, but the "
				      "project is for PostgreSQL %d",
				      major_of(db), conf->postgresql);

	return error_hint(
		err,
		"install the package postgresql-%d, or set HOP_PGBIN to the directory of its "
		"programs: the private server is created with them\n"
		"or name a server of that version: git config hop.database \"host=...\"\n"
		"or, if production runs %d, change 'postgresql =' in .hop/config in a patch",
		conf->postgresql, major_of(db));
}

struct error *major_require(const struct conf *conf, const struct db *db)
{
	if (!conf->postgresql || conf->postgresql == major_of(db))
		return NULL;
	return refuse(conf, db);
}

struct error *major_accept(const struct conf *conf, const struct db *db)
{
	if (!conf->postgresql || conf->postgresql == major_of(db))
		return NULL;
	if (major_of(db) < conf->postgresql)
		return refuse(conf, db);
	warn("the development server is PostgreSQL %d, newer than the project's %d: the schema may "
	     "differ from that of production, and merge and promote are refused here",
	     major_of(db), conf->postgresql);
	return NULL;
}

void major_compare(const struct conf *conf, const struct db *db)
{
	if (!conf->postgresql || conf->postgresql == major_of(db))
		return;
	warn("database '%s' runs on PostgreSQL %d, but the project is for PostgreSQL %d",
	     db_name(db), major_of(db), conf->postgresql);
}

void major_check_tools(struct db *db)
{
	SCOPE(tmp, NULL);
	struct error *err;
	char *file;
	int major;

	err = pgtool_dump_program(&file, &major, tmp, db);
	if (err)
		warn_error(err);
	else if (major != major_of(db))
		note("there is no pg_dump of PostgreSQL %d: using that of %d, %s", major_of(db),
		     major, file);
	error_free(err);
}
