/* A development server of the project's major version of PostgreSQL. */
#include "build/dev_server.h"

#include "port/server.h"
#include "run/major.h"

/* All that it has can be built again. */
static struct error *make_anew(struct error *err, struct dev_server *dev, const struct conf *conf)
{
	SCOPE(tmp, dev);
	struct server *server;
	struct error *lost;
	char *version;

	if (!err || !dev->private_server)
		return err;
	lost = server_locate(&server, tmp, dev->project->common, 0);
	if (lost) {
		error_free(lost);
		return err;
	}
	version = mem_printf(tmp, "%d", db_server_version(dev->db) / 10000);
	return error_add_hint(err,
			      "then create the private server again, with PostgreSQL %d:\n"
			      "git hop server stop\n"
			      "%s",
			      conf->postgresql, server_move_aside(tmp, server, version));
}

struct error *dev_server_require_major(struct dev_server *dev, const struct conf *conf)
{
	return make_anew(major_require(conf, dev->db), dev, conf);
}

struct error *dev_server_accept_major(struct dev_server *dev)
{
	const struct conf *conf = dev->project->conf;

	return make_anew(major_accept(conf, dev->db), dev, conf);
}
