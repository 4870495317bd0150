/* The private server: where it lives, that it starts, stops and tells. */
#include "port/server.h"

#include <sys/stat.h>

#include "base/file.h"
#include "base/path.h"
#include "cluster.h"

/* A repository's common directory as far as the server cares; BASE is removed by the test. */
static char *make_common(void *ctx, char **base, const char *name)
{
	char *common;

	ck_good(file_make_temp_dir(base, ctx, "unit server"));
	ck_assert_int_eq(chmod(*base, 0755), 0);
	common = path_join(ctx, *base, name);
	ck_good(file_make_dirs(common, 0755));
	return common;
}

static struct server *locate(void *ctx, const char *common)
{
	struct server *server;

	ck_good(server_locate(&server, ctx, common, 0));
	return server;
}

START_TEST(place)
{
	static const char *const names[] = {
		"r",
		"a b",
		"it's",
		"a,b",
		"back\\slash",
		"x/y/z",
		"01234567890123456789012345678901234567890123456789012345678901234567890123456789",
	};
	SCOPE(tmp, NULL);
	char *base, *common = make_common(tmp, &base, names[_i]);
	struct server *server = locate(tmp, common);
	struct server *again = locate(tmp, mem_printf(tmp, "%s/", common));

	ck_assert_str_eq(server->common, common);
	ck_assert_str_eq(again->dir, server->dir);
	ck_assert_str_eq(again->conninfo, server->conninfo);
	ck_assert_int_eq(server->dir[0], '/');
	ck_assert_int_le(strlen(server->socket) + strlen("/.s.PGSQL." SERVER_PORT), 107);
	ck_assert_ptr_null(strchr(server->socket, ','));
	ck_assert_ptr_nonnull(strstr(server->conninfo, " user=hop_build"));
	ck_assert(!file_exists(path_join(tmp, common, "hop")));
	ck_good(file_remove_tree(base));
}
END_TEST

START_TEST(two_repositories_two_places)
{
	SCOPE(tmp, NULL);
	char *one, *two;
	struct server *first = locate(tmp, make_common(tmp, &one, "r,1"));
	struct server *second = locate(tmp, make_common(tmp, &two, "r,1"));

	ck_assert_str_ne(first->dir, second->dir);
	ck_assert_str_ne(first->socket, second->socket);
	ck_good(file_remove_tree(one));
	ck_good(file_remove_tree(two));
}
END_TEST

START_TEST(no_such_folder)
{
	SCOPE(tmp, NULL);
	struct server *server;

	ck_error(server_locate(&server, tmp, "/nowhere/at/all", 0), ERROR_FAIL);
}
END_TEST

START_TEST(life)
{
	SCOPE(tmp, NULL);
	char *base, *common = make_common(tmp, &base, "it's");
	struct server *server = locate(tmp, common);
	struct server_status status;
	bool started, stopped;
	struct db *db;

	ck_good(server_status(&status, tmp, server));
	ck_assert(!status.made && !status.running && !status.version);
	ck_good(server_stop(&stopped, server));
	ck_assert(!stopped);

	ck_good(server_start(&started, server));
	ck_assert(started);
	ck_good(server_start(&started, server));
	ck_assert(!started);
	ck_good(server_status(&status, tmp, server));
	ck_assert(status.made && status.running && status.pid > 1 && status.started > 0);

	ck_good(db_connect(&db, tmp, server->conninfo, "postgres"));
	ck_assert_int_eq(db_server_version(db) / 10000, atoi(status.version));
	ck_assert_str_eq(cluster_value(tmp, db, "show fsync"), "off");
	ck_assert_str_eq(cluster_value(tmp, db, "show server_encoding"), "UTF8");

	ck_good(server_stop(&stopped, server));
	ck_assert(stopped);
	ck_good(server_status(&status, tmp, server));
	ck_assert(status.made && !status.running && status.pid == 0);
	ck_good(file_remove_tree(server->dir));
	ck_good(file_remove_tree(base));
}
END_TEST

/* Its loop, in this process: there is no server, so it ends. */
START_TEST(watch_without_server)
{
	SCOPE(tmp, NULL);
	char *base, *common = make_common(tmp, &base, "r");
	struct server *server = locate(tmp, common);

	ck_good(file_make_dirs(server->dir, 0700));
	ck_good(server_watch(server));
	ck_good(file_remove_tree(server->dir));
	ck_good(file_remove_tree(base));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, place, 0, 7);
	tcase_add_test(tc, two_repositories_two_places);
	tcase_add_test(tc, no_such_folder);
	tcase_add_test(tc, life);
	tcase_add_test(tc, watch_without_server);
}

int main(void)
{
	return run_suite("port-server", add);
}
