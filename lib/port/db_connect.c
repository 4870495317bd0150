/* Connections. */
#include "port/db.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "port/db_private.h"

#define DEFAULT_TIMEOUT 30 /* seconds for each host */
#define OPTIONS                                                                     \
	"-c search_path=public -c datestyle=ISO -c standard_conforming_strings=on " \
	"-c client_min_messages=warning"

/*
 * The server finds a client whose machine is gone within half a minute, also while it has something
 * to send to it: then keepalives say nothing. The user's options win. The client has no such limit,
 * for the server may be long in taking the rows of COPY.
 */
#define ALIVE                                                                               \
	"-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 " \
	"-c tcp_user_timeout=30000"

/*
 * What a database or role may be set to, for applications, would cancel, end or refuse hop's own
 * work.
 */
#define OWN_SETTINGS                                                         \
	DB_OWN_PATH " SET default_transaction_read_only = off; "             \
		    "SET default_transaction_isolation = 'read committed'; " \
		    "SET default_transaction_deferrable = off;"
#define OWN_SETTINGS_14 OWN_SETTINGS " SET idle_session_timeout = 0;"
#define OWN_SETTINGS_17 OWN_SETTINGS_14 " SET transaction_timeout = 0;"

static const char *application = "git hop";

void db_set_application(const char *command)
{
	application = command;
}

/* Keywords and values for libpq; if one is repeated, the last one counts. */
struct words {
	const char *names[12];
	const char *values[12];
	size_t count;
};

static void add_word(struct words *words, const char *name, const char *value)
{
	words->names[words->count] = name;
	words->values[words->count++] = value;
}

/* Keepalives of the client, unless the user has set them otherwise. */
static const struct {
	const char *name, *value;
} keepalives[] = {
	{"keepalives_idle", "10"},
	{"keepalives_interval", "5"},
	{"keepalives_count", "3"},
};
#define KEEPALIVES (sizeof(keepalives) / sizeof(*keepalives))

/* What libpq makes of connection string, service file and environment, without connecting. */
struct place {
	char *host, *options, *timeout, *dbname;
	bool keepalive[KEEPALIVES]; /* is set */
};

static char *option_value(void *ctx, const PQconninfoOption *options, const char *name)
{
	for (; options && options->keyword; options++) {
		if (strcmp(options->keyword, name) == 0)
			return options->val ? mem_dup(ctx, options->val) : NULL;
	}
	return NULL;
}

static struct error *find_place(struct place *place, void *ctx, const struct words *given)
{
	struct words words = *given;
	PQconninfoOption *options;
	PGconn *conn;

	/* An invalid sslmode makes libpq stop after it has combined all sources. */
	add_word(&words, "sslmode", "none");
	conn = PQconnectStartParams(words.names, words.values, 1);
	options = conn ? PQconninfo(conn) : NULL;
	place->host = option_value(ctx, options, "host");
	place->options = option_value(ctx, options, "options");
	place->timeout = option_value(ctx, options, "connect_timeout");
	place->dbname = option_value(ctx, options, "dbname");
	for (size_t i = 0; i < KEEPALIVES; i++)
		place->keepalive[i] = option_value(ctx, options, keepalives[i].name) != NULL;
	PQconninfoFree(options);
	PQfinish(conn);
	return db_check_name(place->dbname);
}

/* What is added to words beats the service file, which libpq reads later. */
static void add_keepalives(struct words *words, const struct place *place)
{
	for (size_t i = 0; i < KEEPALIVES; i++) {
		if (!place->keepalive[i])
			add_word(words, keepalives[i].name, keepalives[i].value);
	}
}

static int deadline_of(const struct place *place)
{
	int seconds = place->timeout ? atoi(place->timeout) : 0;
	int hosts = 1;

	for (const char *p = place->host; p && *p; p++)
		hosts += *p == ',';
	return (seconds > 0 ? seconds : DEFAULT_TIMEOUT) * hosts;
}

/* Like PQconnectdb, but a signal ends it. *TIMED_OUT: there was no answer. */
static struct error *dial(bool *timed_out, PGconn *conn, int seconds)
{
	PostgresPollingStatusType status = PGRES_POLLING_WRITING;
	double end = log_clock() + seconds;

	*timed_out = false;
	while (PQstatus(conn) != CONNECTION_BAD && status != PGRES_POLLING_OK &&
	       status != PGRES_POLLING_FAILED) {
		struct pollfd door = {
			.fd = PQsocket(conn),
			.events = status == PGRES_POLLING_READING ? POLLIN : POLLOUT,
		};
		struct error *err = signals_check();

		if (err)
			return err;
		if (log_clock() > end) {
			*timed_out = true;
			return NULL;
		}
		if (poll(&door, 1, 250) > 0)
			status = PQconnectPoll(conn);
	}
	return NULL;
}

/* Does the message end in an error message of the system? Both are in the same language. */
static bool says_errno(const char *message, const char *host)
{
	static const int refused[] = {ECONNREFUSED, ETIMEDOUT, ECONNRESET, EAGAIN};

	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		if (strstr(message, strerror(refused[i])))
			return true;
	}
	/* The socket does not exist: the server is not running. */
	return host && *host == '/' && strstr(message, strerror(ENOENT));
}

/*
 * Finds "28P01: message" in an error printed with PQERRORS_VERBOSE; NULL if it is not from a
 * server.
 */
static const char *find_sqlstate(const char *message)
{
	for (const char *p = message; (p = strstr(p, ":  ")); p++) {
		size_t n = strspn(p + 3, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");

		if (n == 5 && p[8] == ':' && p[9] == ' ')
			return p + 3;
	}
	return NULL;
}

/* libpq has a line for each host, and explains some of them in lines that begin with a tab. */
static struct error *no_host(enum error_code code, const struct place *place, const char *text)
{
	SCOPE(tmp, NULL);
	struct error *err;
	char *list = NULL;

	for (const char *end; *text; text = *end ? end + 1 : end) {
		end = text + strcspn(text, "\n");
		if (*text != '\t')
			mem_append(&list, tmp, "%.*s\n", (int)(end - text), text);
	}
	err = error_new(code, "cannot connect to any of the hosts %s", place->host);
	return list ? error_detail(err, "%s", list) : err;
}

static struct error *refused(struct db *db, const struct place *place, bool timed_out)
{
	SCOPE(tmp, NULL);
	const char *text = PQerrorMessage(db->conn);
	const char *state = find_sqlstate(text);
	const char *where = db_describe(tmp, db);
	enum error_code code;
	struct error *err;

	if (timed_out)
		return error_new(ERROR_AGAIN, "cannot connect to %s: no answer", where);
	if (!state) {
		code = says_errno(text, PQhost(db->conn)) ? ERROR_AGAIN : ERROR_FAIL;
		if (place->host && strchr(place->host, ','))
			return no_host(code, place, text);
		return error_new(code, "cannot connect to %s: %s", where, db_first_line(tmp, text));
	}
	err = error_new(ERROR_FAIL, "cannot connect to %s as '%s': %s", where, db_user(db),
			db_first_line(tmp, state + 7));
	if (strstr(text, "unsupported startup parameter"))
		err = error_hint(err, "a pooler refuses the settings of the session: connect to "
				      "the server itself, or set ignore_startup_parameters = "
				      "options in pgbouncer.ini");
	snprintf(err->sqlstate, sizeof(err->sqlstate), "%.5s", state);
	return error_recode(err, db_code(err->sqlstate));
}

static struct error *no_password(struct db *db)
{
	SCOPE(tmp, NULL);

	return error_hint(error_new(ERROR_FAIL,
				    "cannot connect to %s: the server asks for a password",
				    db_describe(tmp, db)),
			  "git hop never prompts for one; put it into ~/.pgpass or a service file, "
			  "or set PGPASSWORD");
}

static struct error *after_dial(struct db *db, const struct place *place, bool timed_out)
{
	int version;

	if (!timed_out && PQconnectionNeedsPassword(db->conn))
		return no_password(db);
	if (timed_out || PQstatus(db->conn) != CONNECTION_OK)
		return refused(db, place, timed_out);
	version = PQserverVersion(db->conn);
	if (version / 10000 < DB_OLDEST_MAJOR)
		return error_new(ERROR_FAIL,
				 "the server is PostgreSQL %d; git hop requires %d "
				 "or later",
				 version / 10000, DB_OLDEST_MAJOR);
	db->own_settings = version >= 170000   ? OWN_SETTINGS_17
			   : version >= 140000 ? OWN_SETTINGS_14
					       : OWN_SETTINGS;
	/* Only connection errors need the SQLSTATE in the text; results have a field for it. */
	PQsetErrorVerbosity(db->conn, PQERRORS_DEFAULT);
	db->cancel = PQgetCancel(db->conn);
	return NULL;
}

static int db_free(struct db *db)
{
	db_forget(db);
	PQfreeCancel(db->cancel);
	PQfinish(db->conn);
	return 0;
}

struct error *db_connect(struct db **out, void *ctx, const char *conninfo, const char *dbname)
{
	SCOPE(tmp, ctx);
	struct words words = {0};
	struct place place;
	struct error *err = db_check_conninfo(conninfo);
	double began = log_clock();
	bool timed_out;
	struct db *db;

	if (err)
		return err;
	/* libpq would let these override our options. */
	unsetenv("PGDATESTYLE");
	unsetenv("PGTZ");
	unsetenv("PGGEQO");
	/* libpq expands only the first dbname, so add it even if it is empty. */
	add_word(&words, "dbname", conninfo);
	add_word(&words, "dbname", dbname);
	err = find_place(&place, tmp, &words);
	if (err)
		return err;
	add_keepalives(&words, &place);
	add_word(&words, "application_name", application);
	add_word(&words, "client_encoding", "UTF8");
	add_word(&words, "options",
		 mem_printf(tmp, ALIVE " %s " OPTIONS, place.options ? place.options : ""));

	db = mem_new(tmp, struct db);
	db->user_options = place.options ? mem_dup(db, place.options) : NULL;
	db->conn = mem_check(PQconnectStartParams(words.names, words.values, 1));
	talloc_set_destructor(db, db_free);
	PQsetErrorVerbosity(db->conn, PQERRORS_VERBOSE);
	/* Before dialling: libpq prints what the server says until then as it is. */
	PQsetNoticeReceiver(db->conn, db_notice, db);
	err = dial(&timed_out, db->conn, deadline_of(&place));
	if (!err)
		err = after_dial(db, &place, timed_out);
	trace("connect %.3f ms: %s", (log_clock() - began) * 1000, db_describe(tmp, db));
	if (err)
		return err;
	*out = talloc_steal(ctx, db);
	return NULL;
}

struct error *db_target(char **dbname, void *ctx, const char *conninfo)
{
	static const char nobody[] = "no user has this name";
	SCOPE(tmp, ctx);
	struct words words = {0};
	struct place place;
	struct error *err = db_check_conninfo(conninfo);

	if (err)
		return err;
	add_word(&words, "dbname", conninfo);
	/*
	 * libpq fills in the user's name as if it had been requested; a user name of our own
	 * reveals this.
	 */
	add_word(&words, "user", nobody);
	err = find_place(&place, tmp, &words);
	if (err)
		return err;
	*dbname = NULL;
	if (place.dbname && strcmp(place.dbname, nobody) != 0)
		*dbname = mem_dup(ctx, place.dbname);
	return NULL;
}

const char *db_name(const struct db *db)
{
	return PQdb(db->conn);
}

const char *db_host(const struct db *db)
{
	return PQhost(db->conn);
}

const char *db_user(const struct db *db)
{
	return PQuser(db->conn);
}

int db_server_version(const struct db *db)
{
	return PQserverVersion(db->conn);
}

int db_backend_pid(const struct db *db)
{
	return PQbackendPID(db->conn);
}

bool db_in_transaction(const struct db *db)
{
	return PQtransactionStatus(db->conn) == PQTRANS_INTRANS;
}

bool db_idle(const struct db *db)
{
	return PQtransactionStatus(db->conn) == PQTRANS_IDLE;
}
