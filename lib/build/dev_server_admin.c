/* What the superuser of the private server does for builds, which run as another role. */
#include "build/dev_server.h"

#include "port/server.h"
#include "run/as_superuser.h"
#include "run/requirements.h"

#define CONSENT "hop.buildAsSuperuser"

struct error *dev_server_connect_admin(struct db **out, void *ctx, struct dev_server *dev,
				       const char *dbname)
{
	SCOPE(tmp, ctx);
	struct server *server;
	struct error *err = server_locate(&server, tmp, dev->project->common, 0);
	char *conninfo;

	if (!err)
		err = server_admin(&conninfo, tmp, server);
	if (!err)
		err = db_connect(out, ctx, conninfo, dbname);
	return error_wrap(err, "cannot become superuser of the private server");
}

static struct error *exec_as_admin(struct dev_server *dev, const char *sql)
{
	SCOPE(tmp, dev);
	struct db *admin;
	struct error *err = dev_server_connect_admin(&admin, tmp, dev, db_name(dev->db));

	return err ? err : db_exec_simple(admin, sql);
}

struct error *dev_server_set_rights(struct dev_server *dev)
{
	bool wanted = false, super;
	struct error *err;

	if (!dev->private_server)
		return NULL;
	err = repo_config_bool(&wanted, dev->project->repo, CONSENT, false);
	if (!err)
		err = as_superuser_is(&super, dev->db);
	if (err || super == wanted)
		return err;
	return exec_as_admin(dev, wanted ? "ALTER ROLE " SERVER_ROLE " SUPERUSER"
					 : "ALTER ROLE " SERVER_ROLE " NOSUPERUSER");
}

struct error *dev_server_make_roles(struct dev_server *dev, const struct conf *conf)
{
	SCOPE(tmp, dev);
	struct error *err;
	struct db *admin;
	bool missing;

	if (!dev->private_server)
		return requirements_make_roles(dev->db, conf, db_user(dev->db));
	err = requirements_lack_roles(&missing, dev->db, conf);
	if (err || !missing)
		return err;
	err = dev_server_connect_admin(&admin, tmp, dev, db_name(dev->db));
	return err ? err : requirements_make_roles(admin, conf, db_user(dev->db));
}

struct error *dev_server_explain(struct error *err, const struct dev_server *dev)
{
	if (!dev->private_server || !db_error_is(err, "42501"))
		return err;
	err = error_add_hint(err, "builds on the private server run as '" SERVER_ROLE "', which "
				  "owns the database, but is not a superuser; in production, the "
				  "owner of the database could not do this either");
	err = error_add_hint(err, "extensions that need a superuser are listed in .hop/config:\n"
				  "  extensions = NAME");
	return error_add_hint(err, "to let all files of the repository do whatever the user "
				   "of the server may do: git config " CONSENT " true");
}
