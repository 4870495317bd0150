/* A server that answers as a fuzzer wants, in a thread, on a socket in a temporary directory. */
#ifndef FUZZ_SERVER_H
#define FUZZ_SERVER_H

#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "fuzz.h"

#include "port/db.h"

static struct {
	char dir[64];
	int listener;
	/* Answers a message of type TYPE: calls server_send, and server_ready at the end. */
	void (*answer)(int fd, char type, const char *body, size_t length);
} server;

static bool server_read(int fd, void *bytes, size_t length)
{
	for (char *p = bytes; length > 0;) {
		ssize_t n = read(fd, p, length);

		if (n <= 0)
			return false;
		p += n;
		length -= (size_t)n;
	}
	return true;
}

static void server_send(int fd, char type, const void *body, size_t length)
{
	uint32_t n = __builtin_bswap32((uint32_t)length + 4);
	char *text = malloc(length + 5);

	must(text != NULL);
	text[0] = type;
	memcpy(text + 1, &n, 4);
	if (length > 0)
		memcpy(text + 5, body, length);
	/* The client may have given up. */
	if (send(fd, text, length + 5, MSG_NOSIGNAL) < 0)
		shutdown(fd, SHUT_RDWR);
	free(text);
}

static void server_ready(int fd)
{
	server_send(fd, 'Z', "I", 1);
}

static void server_greet(int fd)
{
	static const char version[] = "server_version\0"
				      "15.0";
	static const char encoding[] = "client_encoding\0UTF8";
	static const char strings[] = "standard_conforming_strings\0on";

	server_send(fd, 'R', "\0\0\0\0", 4);
	server_send(fd, 'S', version, sizeof(version));
	server_send(fd, 'S', encoding, sizeof(encoding));
	server_send(fd, 'S', strings, sizeof(strings));
	server_send(fd, 'K', "\0\0\0\1\0\0\0\1", 8);
	server_ready(fd);
}

static void server_talk(int fd)
{
	uint32_t n;
	char *body, type;

	if (!server_read(fd, &n, 4))
		return;
	n = __builtin_bswap32(n) - 4;
	body = malloc(n + 1);
	must(body && server_read(fd, body, n));
	free(body);
	server_greet(fd);
	while (server_read(fd, &type, 1) && server_read(fd, &n, 4)) {
		n = __builtin_bswap32(n) - 4;
		body = malloc((size_t)n + 1);
		must(body != NULL);
		body[n] = '\0';
		if (server_read(fd, body, n) && type != 'X')
			server.answer(fd, type, body, n);
		free(body);
	}
}

static void *server_loop(void *arg)
{
	(void)arg;
	for (;;) {
		int fd = accept(server.listener, NULL, NULL);

		if (fd >= 0) {
			server_talk(fd);
			close(fd);
		}
	}
	return NULL;
}

static void server_remove(void)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/.s.PGSQL.5432", server.dir);
	unlink(path);
	rmdir(server.dir);
}

static void server_start_thread(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	pthread_t thread;

	strcpy(server.dir, "/tmp/hop-fuzz-XXXXXX");
	must(mkdtemp(server.dir) != NULL);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/.s.PGSQL.5432", server.dir);
	server.listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	must(bind(server.listener, (struct sockaddr *)&address, sizeof(address)) == 0);
	must(listen(server.listener, 8) == 0);
	must(pthread_create(&thread, NULL, server_loop, NULL) == 0);
	atexit(server_remove);
}

/* A connection, which is used until it breaks. */
static struct db *server_connect(void)
{
	static struct db *db;
	char conninfo[128];

	if (db && db_idle(db))
		return db;
	if (!*server.dir)
		server_start_thread();
	talloc_free(db);
	snprintf(conninfo, sizeof(conninfo), "host=%s user=u dbname=d", server.dir);
	must(!db_connect(&db, NULL, conninfo, NULL));
	return db;
}

#endif
