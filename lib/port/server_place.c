/* The location of the private server of a repository. */
#include "port/server.h"

#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "base/proc.h"
#include "port/server_state.h"

#define ROOT_STORE "/var/lib/git-hop"
#define SOCKET_NAMES 8 /* that are tried in /tmp */

/* A short name for a path: FNV-1a, 64 bits. */
static char *hash_of(void *ctx, const char *text)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (; *text; text++) {
		hash ^= (unsigned char)*text;
		hash *= UINT64_C(1099511628211);
	}
	return mem_printf(ctx, "%016" PRIx64, hash);
}

/* libpq takes a host with a comma for a list of hosts, and the path of a socket must be short. */
static bool can_hold_socket(const char *dir)
{
	struct sockaddr_un address;
	size_t need = strlen(dir) + sizeof("/.s.PGSQL." SERVER_PORT);

	return need <= sizeof(address.sun_path) && !strchr(dir, ',');
}

/* Can USER reach DIR? The only way to find out is to try it as that user. */
static struct error *can_reach(bool *out, const char *user, const char *dir)
{
	SCOPE(tmp, NULL);
	struct proc proc = {.argv = proc_argv(tmp, "test", "-x", dir, NULL), .user = user};
	struct error *err = proc_run(tmp, &proc);

	if (err)
		return error_wrap(err, "cannot become user '%s'", user);
	*out = proc.status == 0;
	return NULL;
}

/* Root's server runs as postgres, and in the repository only if root owns it. */
static struct error *place_for_root(struct server *server)
{
	SCOPE(tmp, NULL);
	char *parent = path_join(tmp, server->common, "hop");
	struct error *err;
	struct stat st;
	bool reached = false;

	if (!getpwnam("postgres"))
		return error_hint(
			error_new(ERROR_FAIL,
				  "there is no user 'postgres' to run the private server as"),
			"PostgreSQL refuses to run as root; install the package 'postgresql', "
			"or run as another user");
	server->user = mem_dup(server, "postgres");
	server->dir = path_join(server, parent, "server");
	server->socket = path_join(server, server->dir, "run");
	if (stat(server->common, &st) == 0 && st.st_uid == 0 && can_hold_socket(server->socket)) {
		err = can_reach(&reached, server->user,
				file_is_dir(parent) ? parent : server->common);
		if (err)
			return err;
	}
	if (!reached) {
		server->dir = path_join(server, ROOT_STORE, hash_of(tmp, server->common));
		server->socket = path_join(server, server->dir, "run");
	}
	return NULL;
}

/*
 * In /tmp, because XDG_RUNTIME_DIR and TMPDIR can differ between sessions of a user. Others can
 * take a name there: the directory is the one that is ours, or else the first that does not exist.
 */
static char *socket_in_tmp(void *ctx, const char *common)
{
	SCOPE(tmp, ctx);
	char *name = mem_printf(tmp, "/tmp/hop-%ld-%.12s", (long)geteuid(), hash_of(tmp, common));
	char *path = mem_dup(tmp, name), *unused = NULL;
	struct stat st;

	for (int i = 1; i <= SOCKET_NAMES; i++) {
		bool there = lstat(path, &st) == 0;

		if (there && S_ISDIR(st.st_mode) && st.st_uid == geteuid())
			return mem_dup(ctx, path);
		if (!there && !unused)
			unused = path;
		path = mem_printf(tmp, "%s-%d", name, i);
	}
	return mem_dup(ctx, unused ? unused : name);
}

static void place_for_user(struct server *server)
{
	server->dir = path_join(server, server->common, "hop/server");
	server->socket = path_join(server, server->dir, "run");
	if (!can_hold_socket(server->socket))
		server->socket = socket_in_tmp(server, server->common);
}

/* A value of a conninfo string. */
static char *conninfo_quote(void *ctx, const char *value)
{
	char *out = mem_dup(ctx, "'");

	for (; *value; value++)
		mem_append(&out, ctx, *value == '\'' || *value == '\\' ? "\\%c" : "%c", *value);
	mem_append(&out, ctx, "'");
	return out;
}

/* An empty hostaddr overrides PGHOSTADDR. */
static char *conninfo_of(void *ctx, const struct server *server, const char *user)
{
	SCOPE(tmp, ctx);

	return mem_printf(ctx, "host=%s hostaddr='' port=" SERVER_PORT " user=%s",
			  conninfo_quote(tmp, server->socket), user);
}

struct error *server_admin(char **conninfo, void *ctx, const struct server *server)
{
	SCOPE(tmp, ctx);
	char *password;
	struct error *err = server_password(&password, tmp, server);

	if (!err)
		*conninfo = mem_printf(ctx, "%s password=%s",
				       conninfo_of(tmp, server, SERVER_ADMIN), password);
	return err;
}

struct error *server_locate(struct server **out, void *ctx, const char *common_dir, int idle)
{
	SCOPE(tmp, NULL);
	struct server *server = mem_new(tmp, struct server);
	struct error *err;

	err = path_real(&server->common, server, common_dir);
	if (err)
		return err;
	if (geteuid() == 0) {
		err = place_for_root(server);
		if (err)
			return err;
	} else {
		place_for_user(server);
	}
	server->data = path_join(server, server->dir, "data");
	server->run = path_join(server, server->dir, "run");
	server->log = path_join(server, server->run, "log");
	server->idle = idle;
	server->secret = path_join(server, server->dir, "password");
	server->conninfo = conninfo_of(server, server, SERVER_ROLE);
	*out = talloc_steal(ctx, server);
	return NULL;
}

static struct error *foreign_folder(const char *path, uid_t owner)
{
	struct passwd *user = getpwuid(owner);
	struct error *err = error_new(ERROR_FAIL, "'%s' belongs to another user (%s)", path,
				      user ? user->pw_name : "unknown");

	return error_hint(err, "run the command as that user, or remove the directory");
}

/*
 * Creates the directory PATH for user UID. An existing one must be a directory, not a link, and
 * keeps its mode.
 */
static struct error *make_folder(const char *path, mode_t mode, uid_t uid, gid_t gid)
{
	struct stat st;
	bool made = mkdir(path, 0700) == 0;

	if (!made && errno != EEXIST)
		return error_errno("cannot create directory '%s'", path);
	if (lstat(path, &st) < 0)
		return error_errno("cannot stat '%s'", path);
	if (!S_ISDIR(st.st_mode))
		return error_new(ERROR_FAIL, "'%s' is not a directory", path);
	if (st.st_uid != uid) {
		/* Root created it, but was killed before changing its owner. */
		if (st.st_uid != geteuid())
			return foreign_folder(path, st.st_uid);
		if (lchown(path, uid, gid) < 0)
			return error_errno("cannot change the owner of '%s' to user %ld", path,
					   (long)uid);
	}
	if (made && chmod(path, mode) < 0)
		return error_errno("cannot set the mode of '%s'", path);
	return NULL;
}

struct error *server_make_own(const struct server *server, const char *path)
{
	struct passwd *user = server->user ? getpwnam(server->user) : NULL;

	if (server->user && !user)
		return error_new(ERROR_FAIL, "there is no user '%s'", server->user);
	return make_folder(path, 0700, user ? user->pw_uid : geteuid(),
			   user ? user->pw_gid : getegid());
}

/* A directory named by a hash records the path of the repository. */
static struct error *leave_name(const struct server *server)
{
	SCOPE(tmp, NULL);
	char *path = path_join(tmp, server->dir, "repository");
	char *text = mem_printf(tmp, "%s\n", server->common);

	return file_exists(path) ? NULL : file_write(path, text, strlen(text), 0644);
}

struct error *server_make_folders(const struct server *server)
{
	SCOPE(tmp, NULL);
	char *parent = path_dir(tmp, server->dir);
	struct error *err;

	/* COMMON/hop is also used by other parts of git hop, which check it themselves. */
	if (!file_is_dir(parent)) {
		err = make_folder(parent, 0755, geteuid(), getegid());
		if (err)
			return err;
	}
	err = make_folder(server->dir, server->user ? 0711 : 0700, geteuid(), getegid());
	if (err)
		return err;
	/*
	 * If a command was killed between mkdir and chmod, the user that runs the server cannot
	 * enter it.
	 */
	if (server->user && chmod(server->dir, 0711) < 0)
		return error_errno("cannot set the mode of '%s'", server->dir);
	err = server_make_own(server, server->run);
	if (!err)
		err = leave_name(server);
	if (!err && strcmp(server->socket, server->run) != 0)
		err = server_make_own(server, server->socket);
	return err;
}
