/* Fuzzes metadata.sql: what reaches the server is COPY of hop's rows, whatever the file holds. */
#include "server.h"

#include <ctype.h>
#include <strings.h>

#include "run/record.h"

/* Comments become blanks, quoted names become "q". Not the code that is tested, on purpose. */
static char *simplified(const char *sql)
{
	char *out = calloc(1, strlen(sql) + 1), *to = out;

	must(out != NULL);
	while (*sql) {
		if (strncmp(sql, "--", 2) == 0) {
			sql += strcspn(sql, "\n\r");
		} else if (strncmp(sql, "/*", 2) == 0) {
			int depth = 0;

			do {
				bool in = strncmp(sql, "/*", 2) == 0;
				bool end = strncmp(sql, "*/", 2) == 0;

				must(*sql != '\0');
				depth += in - end;
				sql += in || end ? 2 : 1;
			} while (depth > 0);
			*to++ = ' ';
		} else if (*sql == '"') {
			for (sql++; *sql != '"' || sql[1] == '"'; sql++) {
				must(*sql != '\0');
				sql += *sql == '"';
			}
			sql++;
			*to++ = 'q';
		} else {
			*to++ = (char)tolower((unsigned char)*sql++);
		}
	}
	return out;
}

static const char *skip(const char *text)
{
	return text + strspn(text, " \t\n\r\f\v");
}

static const char *expect(const char *text, const char *word)
{
	text = skip(text);
	must(strncmp(text, word, strlen(word)) == 0);
	return text + strlen(word);
}

static void check_sql(const char *sql)
{
	char *simple = simplified(sql);
	const char *p = expect(expect(expect(simple, "copy"), "hop"), ".");

	p = skip(p);
	p = strncmp(p, "patch", 5) == 0 ? p + 5 : expect(p, "release");
	p = expect(p, "(");
	must(!memchr(p, ';', strcspn(p, ")")) && !memchr(p, '\'', strcspn(p, ")")));
	p = expect(p + strcspn(p, ")"), ")");
	p = skip(expect(expect(p, "from"), "stdin"));
	p = skip(*p == ';' ? p + 1 : p);
	must(*p == '\0');
	free(simple);
}

static void answer(int fd, char type, const char *body, size_t length)
{
	(void)length;
	if (type == 'Q') {
		check_sql(body);
		server_send(fd, 'G', "\0\0\1\0\0", 5);
	} else if (type == 'c') {
		server_send(fd, 'C', "COPY 1", 7);
		server_ready(fd);
	} else {
		must(type == 'd');
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPE(tmp, NULL);
	const char *text = mem_dup_bytes(tmp, (const char *)data, size);
	struct error *err;

	server.answer = answer;
	err = record_load(server_connect(), "metadata.sql", text, size);
	must(!err || err->code == ERROR_NO || err->code == ERROR_FAIL);
	error_free(err);
	return 0;
}
