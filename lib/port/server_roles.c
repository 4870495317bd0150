/* The roles of the private server, and who may connect as which. */
#include "port/server.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/machine.h"
#include "base/path.h"
#include "base/proc.h"
#include "port/server_state.h"

#define PASSWORD_BYTES 24

/* The socket is in a directory that only the user of the server can enter. */
static const char access_rules[] = "# git hop: SQL of a repository runs as " SERVER_ROLE
				   ", see git-hop-server(1)\n"
				   "local all " SERVER_ROLE " trust\n"
				   "local all all scram-sha-256\n";

bool server_lacks_roles(const struct server *server)
{
	return file_is_dir(server->data) && !file_exists(server->secret);
}

/* Root writes to a directory of another user here, so do not follow symbolic links. */
static struct error *write_rules(const char *path)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_NOFOLLOW | O_CLOEXEC);
	size_t length = strlen(access_rules);
	struct error *err = NULL;

	if (fd < 0)
		return error_errno("cannot open '%s'", path);
	if (write(fd, access_rules, length) != (ssize_t)length)
		err = error_errno("cannot write '%s'", path);
	if (close(fd) < 0 && !err)
		err = error_errno("cannot write '%s'", path);
	return err;
}

/*
 * Written before the data gets its name: if we are killed in between, both are made again. It is
 * not in the format of ~/.pgpass: libpq in a process of the server could read that, as dblink does.
 */
static struct error *write_password(const struct server *server, const char *password)
{
	SCOPE(tmp, NULL);
	char *line = mem_printf(tmp, "%s\n", password);

	return file_write(server->secret, line, strlen(line), 0600);
}

struct error *server_password(char **out, void *ctx, const struct server *server)
{
	SCOPE(tmp, ctx);
	struct error *err;
	char *text;

	err = file_read(&text, NULL, tmp, server->secret);
	if (!err)
		*out = mem_dup_n(ctx, text, strspn(text, "0123456789abcdef"));
	return err;
}

/* Without a server that others could connect to; a line is a statement. */
static struct error *create_roles(const struct server *server, const char *name, const char *bindir,
				  const char *password)
{
	SCOPE(tmp, NULL);
	struct proc single = {.argv = proc_argv(tmp, path_join(tmp, bindir, "postgres"), "--single",
						"-F", "-c", "exit_on_error=on", "-c",
						"log_checkpoints=off", "-D", name, "postgres",
						NULL),
			      .dir = server->dir,
			      .input = mem_printf(tmp,
						  "SET password_encryption = 'scram-sha-256'\n"
						  "ALTER ROLE " SERVER_ADMIN " PASSWORD '%s'\n"
						  "CREATE ROLE " SERVER_ROLE " LOGIN CREATEDB\n",
						  password),
			      .env = proc_argv(tmp, "LC_ALL=C", "PGDATA", "PGOPTIONS", NULL),
			      .capture = true,
			      .merge = true,
			      .user = server->user};

	return error_wrap(proc_check(tmp, &single), "cannot create the roles of the server");
}

struct error *server_make_roles(const struct server *server, const char *name, const char *bindir)
{
	SCOPE(tmp, NULL);
	char *data = path_join(tmp, server->dir, name), *password;
	struct error *err = machine_random(&password, tmp, PASSWORD_BYTES);

	if (!err)
		err = write_password(server, password);
	if (!err)
		err = write_rules(path_join(tmp, data, "pg_hba.conf"));
	return err ? err : create_roles(server, name, bindir, password);
}
