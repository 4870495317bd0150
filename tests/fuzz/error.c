/* Fuzzes what a hostile server says of an error: it is shown, and drives no terminal. */
#include "server.h"

#include "run/sql_file.h"

static const uint8_t *bytes;
static size_t count;

/* Each piece up to a NUL byte is a field: its type and its text. */
static void answer(int fd, char type, const char *body, size_t length)
{
	static const char begin[] = "SERROR\0VERROR";
	char *message = malloc(sizeof(begin) + count + 2);

	(void)body;
	(void)length;
	must(message != NULL);
	memcpy(message, begin, sizeof(begin));
	memcpy(message + sizeof(begin), bytes, count);
	memcpy(message + sizeof(begin) + count, "\0", 2);
	if (type == 'Q' || type == 'S') {
		server_send(fd, 'N', message, sizeof(begin) + count + 2);
		server_send(fd, 'E', message, sizeof(begin) + count + 2);
		server_ready(fd);
	}
	free(message);
}

static void check_shown(const struct error *err)
{
	char *text = NULL;
	size_t length = 0;
	FILE *stream = open_memstream(&text, &length);

	must(stream != NULL);
	error_print(stream, err);
	fclose(stream);
	for (size_t i = 0; i < length; i++)
		must(text[i] == '\n' || text[i] == '\t' ||
		     ((unsigned char)text[i] >= ' ' && text[i] != 0x7f));
	for (char *line = text; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		must(!*line || strncmp(line, "fatal: ", 7) == 0 ||
		     strncmp(line, "error: ", 7) == 0 || strncmp(line, "hint: ", 6) == 0 ||
		     *line == ' ');
	}
	free(text);
}

static void fail(struct error *err)
{
	must(err != NULL);
	check_shown(err);
	error_free(err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char script[] = "select 1;\nselect '\xc3\xa9 b';\n";

	bytes = data;
	count = size;
	server.answer = answer;
	fail(db_exec_simple(server_connect(), "select 1"));
	fail(db_exec(server_connect(), "select $1", DB_ARGS("1")));
	fail(run_sql_text(server_connect(), "x.sql", script, strlen(script)));
	return 0;
}
