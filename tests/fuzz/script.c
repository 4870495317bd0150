/* Fuzzes the reader of SQL files: pieces lie in order, and hold the statements of the file. */
#include "fuzz.h"

#include "core/script.h"

/* Every statement lies behind the one before, and has an excerpt and a position. */
static void check_statements(void *ctx, const struct script *s)
{
	size_t end = 0;

	for (size_t n = 0; n < s->count && n < 20; n++) {
		const struct script_statement *st = &s->statements[n];
		const char *excerpt = script_excerpt(ctx, s, n);
		int line, column;

		must(st->start >= end && st->length > 0 && st->length <= s->length - st->start);
		end = st->start + st->length;
		must(*excerpt && !strpbrk(excerpt, "\n\r\t\x1b"));
		must(script_offset(excerpt, strlen(excerpt), 73) == strlen(excerpt));
		script_position(&line, &column, s->text, st->start);
		must(line >= 1 && column >= 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPE(tmp, NULL);
	const char *text = mem_dup_bytes(tmp, data, size);
	size_t pos = 0, statements = 0;
	struct script *s;
	struct error *err = script_read(&s, tmp, "f", text, size);

	if (err) {
		must(err->code == ERROR_NO && strncmp(err->message, "f:", 2) == 0);
		error_free(err);
		return 0;
	}
	check_statements(tmp, s);
	for (size_t i = 0; i < s->piece_count; i++) {
		const struct script_piece *p = &s->pieces[i];

		must(p->start >= pos && p->length > 0 && p->length <= size - p->start);
		must(p->first == statements && p->count > 0);
		statements += p->count;
		pos = p->start + p->length;
		must(script_statement_at(s, p, pos) == statements - 1);
		must(p->copy || i + 1 == s->piece_count);
		if (!p->copy)
			continue;
		must(text[pos - 1] == ';' && p->data_start > pos);
		must(p->data_length <= size - p->data_start);
		must(text[p->data_start - 1] == '\n');
		pos = p->data_start + p->data_length;
		must(strncmp(text + pos, "\\.", 2) == 0);
		pos += 2;
	}
	must(statements == s->count);
	return 0;
}
