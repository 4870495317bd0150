/* Fuzzes the reader of SQL files: pieces lie in order, and hold the statements of the file. */
#include "fuzz.h"

#include "core/script.h"

/* Every statement starts where a keyword, excerpt and position can be had. */
static size_t check_statements(void *ctx, const char *text, size_t length)
{
	size_t count = script_statements(text, length);
	size_t last = 0;

	for (size_t n = 0; n < count && n < 20; n++) {
		size_t start = script_statement_start(text, length, n);
		char keyword[16];
		int line, column;
		const char *excerpt;

		must(start < length && (n == 0 || start > last));
		last = start;
		script_keyword(keyword, text, length, start);
		must(strlen(keyword) < 16);
		excerpt = script_excerpt(ctx, text, length, start);
		must(*excerpt && !strpbrk(excerpt, "\n\r\t\x1b"));
		must(script_offset(excerpt, strlen(excerpt), 73) == strlen(excerpt));
		script_position(&line, &column, text, start);
		must(line >= 1 && column >= 1);
	}
	must(script_statement_start(text, length, count) == length);
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPE(tmp, NULL);
	const char *text = mem_dup_bytes(tmp, data, size);
	struct script_piece *pieces;
	size_t count, pos = 0, statements = 0;
	size_t all = check_statements(tmp, text, size);
	struct error *err = script_pieces(&pieces, &count, tmp, "f", text, size);

	if (err) {
		must(err->code == ERROR_NO && strncmp(err->message, "f:", 2) == 0);
		error_free(err);
		return 0;
	}
	for (size_t i = 0; i < count; i++) {
		const struct script_piece *p = &pieces[i];

		must(p->start >= pos && p->length > 0 && p->length <= size - p->start);
		statements += check_statements(tmp, text + p->start, p->length);
		pos = p->start + p->length;
		must(p->copy || i + 1 == count);
		if (!p->copy)
			continue;
		must(text[pos - 1] == ';' && p->data_start > pos);
		must(p->data_length <= size - p->data_start);
		must(text[p->data_start - 1] == '\n');
		pos = p->data_start + p->data_length;
		must(strncmp(text + pos, "\\.", 2) == 0);
		pos += 2;
	}
	/* A BOM that is not the file's own is a name there, but would be passed over in a piece. */
	must(statements == all || memmem(text + 1, size - 1, "\xef\xbb\xbf", 3));
	return 0;
}
