/* The pieces, statements and places of an SQL file. */
#include "core/script.h"

#include "unit.h"

/* Each statement starts with the word "s" or is counted by hand. */
static const struct {
	const char *text;
	size_t count;
} counts[] = {
	{"", 0},
	{" \n\t\r\f", 0},
	{";", 0},
	{";;; ;\n;", 0},
	{"-- only a comment; really", 0},
	{"/* a; /* nested; */ b; */", 0},
	{"\xef\xbb\xbf", 0},
	{"\xef\xbb\xbfSELECT 1;", 1},
	{"SELECT 1", 1},
	{"SELECT 1;", 1},
	{"SELECT 1;;SELECT 2;", 2},
	{"SELECT 1; -- SELECT 2;\nSELECT 3", 2},
	{"SELECT 1; -- one\rSELECT 2;", 2},
	{"SELECT 1 --x;\r\n; SELECT 2;", 2},
	{"SELECT 'a;b', 'c''d;e'; SELECT 2;", 2},
	{"SELECT 'a\\'; SELECT 2;", 2},
	{"SELECT E'a\\'; SELECT 2;'; SELECT 3;", 2},
	{"SELECT e'\\\\'; SELECT 2;", 2},
	{"SELECT E'a'';b\\';c'; SELECT 2;", 2},
	{"SELECT E'a'\n  -- more\n '\\';'; SELECT 2;", 2},
	{"SELECT E'a' '\\'; SELECT 2;", 2},
	{"SELECT E'a' -- x\n;SELECT '\\'; SELECT 3;", 3},
	{"SELECT namee'\\'; SELECT 2;", 2},
	{"SELECT U&'\\0041;', N'a;\\', B'01', X'1F', B'01'';'; SELECT 2;", 2},
	{"SELECT U&\"\\0041;\" FROM t; SELECT 2;", 2},
	{"SELECT \"a;b\"\"c;\", \"d\\\"; SELECT 2;", 2},
	{"SELECT \"it's\"; SELECT 2;", 2},
	{"SELECT $$a;b$$; SELECT 2;", 2},
	{"SELECT $a$ ; $b$ ; $$ ; $a $ $a$; SELECT 2;", 2},
	{"SELECT $\xc3\xa9$;$\xc3\xa9$; SELECT 2;", 2},
	{"SELECT $_1$;$_1$; SELECT 2;", 2},
	{"SELECT $A$;$a$;$A$; SELECT 2;", 2},
	{"SELECT $1, $2; SELECT $3$a$;$a$;", 2},
	{"SELECT a$b$; SELECT c$b$;", 2},
	{"SELECT 1$a$;$a$; SELECT 2", 2},
	{"SELECT $a; SELECT $b;", 2},
	{"SELECT $-$; SELECT 2;", 2},
	{"SELECT 1/* ; */; SELECT 2;", 2},
	{"SELECT 2*/* ; */3; SELECT 2;", 2},
	{"SELECT 1 +-- ;\n1; SELECT 2;", 2},
	{"/* 'a */ SELECT 1; /* $$ */ SELECT 2;", 2},
	{"/*/* ; */ ; */ SELECT 1", 1},
	{"/***; ***/ SELECT 1", 1},
	{"CREATE RULE r AS ON INSERT TO t DO ALSO (UPDATE a SET b = 1; DELETE FROM c;); SELECT 2;",
	 2},
	{"SELECT ')'; SELECT (2); SELECT 3);", 3},
	{"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END; SELECT 3;", 2},
	{"create or replace procedure p() begin atomic\nselect case when true then 1 else 2 end;\n"
	 "select 2; end; select 3;",
	 2},
	{"CREATE PROCEDURE p() BEGIN ATOMIC SELECT CASE WHEN CASE WHEN a THEN b END THEN 1. END; "
	 "SELECT 2; END; SELECT 3;",
	 2},
	{"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1 AS end; SELECT t.case FROM t; END; "
	 "SELECT 3;",
	 2},
	{"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT (CASE WHEN a THEN 1 END); END;"
	 "SELECT 3;",
	 2},
	{"CREATE FUNCTION begin() RETURNS int LANGUAGE sql AS 'SELECT 1;'; SELECT 2;", 2},
	{"CREATE FUNCTION f(atomic int) RETURNS int RETURN atomic; SELECT 2;", 2},
	{"CREATE FUNCTION f() RETURNS int AS $$ BEGIN RETURN 1; END $$ LANGUAGE plpgsql; SELECT 2;",
	 2},
	{"CREATE /* or */ FUNCTION f() BEGIN ATOMIC; END; SELECT 2;", 2},
	{"CREATE TABLE function (begin int); BEGIN; SELECT 1; END;", 4},
	{"SELECT 0; BEGIN; SELECT CASE WHEN true THEN 1 END; COMMIT;", 4},
	{"CREATE VIEW v AS SELECT 1; SELECT BEGIN ATOMIC; SELECT 2;", 3},
	{"COPY t FROM STDIN;\n\\.\n", 1},
	{"SELECT 1; COPY t FROM STDIN;\na;b\n\\.\nSELECT 2;", 3},
};

static struct script *read_text(void *ctx, const char *text)
{
	struct script *script;

	ck_good(script_read(&script, ctx, "f", text, strlen(text)));
	return script;
}

START_TEST(counted)
{
	SCOPE(tmp, NULL);
	struct script *s = read_text(tmp, counts[_i].text);
	size_t end = 0;

	ck_assert_uint_eq(s->count, counts[_i].count);
	for (size_t n = 0; n < s->count; n++) {
		const struct script_statement *st = &s->statements[n];

		ck_assert_uint_ge(st->start, end);
		ck_assert_uint_gt(st->length, 0);
		end = st->start + st->length;
		ck_assert_uint_le(end, s->length);
		ck_assert_ptr_null(strchr(" \t\r\n;", s->text[st->start]));
	}
}
END_TEST

/* PIECES: "SQL|" for each piece, "SQL{ROWS}|" for one with COPY. */
static const struct {
	const char *text, *pieces;
} cuts[] = {
	{"", ""},
	{"\xef\xbb\xbf", ""},
	{"-- nothing\n;\n/* at all */", ""},
	{"SELECT 1", "SELECT 1|"},
	{"\xef\xbb\xbfSELECT 1;\r\n", "SELECT 1;\r\n|"},
	{"-- a\nSELECT 1;\nSELECT 2;\n-- b", "-- a\nSELECT 1;\nSELECT 2;\n-- b|"},
	{"COPY t FROM STDIN;\n1\n2\n\\.\n", "COPY t FROM STDIN;{1\n2\n}|"},
	{"COPY t FROM STDIN;\n\\.", "COPY t FROM STDIN;{}|"},
	{"COPY t FROM STDIN;\r\n1\r\n\\.\r\nSELECT 1;", "COPY t FROM STDIN;{1\r\n}|SELECT 1;|"},
	{"SELECT 1;\ncopy t(a, b) from stdin with (format csv) ; -- rows\n;'\n \\.\n\\.x\n\\.\n;\n",
	 "SELECT 1;\ncopy t(a, b) from stdin with (format csv) ;{;'\n \\.\n\\.x\n}|"},
	{"COPY t FROM STDIN; /* x */ \n\\.\nCOPY u FROM stdin;\na\n\\.\nSELECT 2;\n",
	 "COPY t FROM STDIN;{}|COPY u FROM stdin;{a\n}|SELECT 2;\n|"},
	{"COPY \"from stdin\" FROM STDOUT\nBINARY;\nx\n\\.\n",
	 "COPY \"from stdin\" FROM STDOUT\nBINARY;{x\n}|"},
	{"COPY s.t FROM /* x */ stdin -- y\n;\nx\n\\.\n",
	 "COPY s.t FROM /* x */ stdin -- y\n;{x\n}|"},
	{"COPY s.from FROM STDIN WHERE a = (1);\nx\n\\.\n",
	 "COPY s.from FROM STDIN WHERE a = (1);{x\n}|"},
	{"COPY t TO STDOUT; SELECT 1", "COPY t TO STDOUT; SELECT 1|"},
	{"COPY (SELECT a FROM stdin) TO STDOUT; SELECT 1",
	 "COPY (SELECT a FROM stdin) TO STDOUT; SELECT 1|"},
	{"COPY t FROM 'f' WHERE a IS DISTINCT FROM stdin; SELECT 1",
	 "COPY t FROM 'f' WHERE a IS DISTINCT FROM stdin; SELECT 1|"},
	{"COPY t FROM \"stdin\"; SELECT 1", "COPY t FROM \"stdin\"; SELECT 1|"},
	{"SELECT copy FROM stdin; SELECT 1", "SELECT copy FROM stdin; SELECT 1|"},
	{"SELECT $$COPY t FROM STDIN;\n\\.\n$$;", "SELECT $$COPY t FROM STDIN;\n\\.\n$$;|"},
	{"SELECT 'a\\b', \"c\\d\" /* \\e */ -- \\f\n;",
	 "SELECT 'a\\b', \"c\\d\" /* \\e */ -- \\f\n;|"},
};

START_TEST(cut)
{
	SCOPE(tmp, NULL);
	const char *text = cuts[_i].text;
	struct script *s = read_text(tmp, text), *split = script_split(tmp, s);
	char *got = mem_dup(tmp, "");
	size_t statements = 0, bytes = 0;

	for (size_t i = 0; i < s->piece_count; i++) {
		struct script_piece *p = &s->pieces[i];

		mem_append(&got, tmp, "%.*s", (int)p->length, text + p->start);
		if (p->copy)
			mem_append(&got, tmp, "{%.*s}", (int)p->data_length, text + p->data_start);
		mem_append(&got, tmp, "|");
		ck_assert_uint_eq(p->first, statements);
		ck_assert_uint_gt(p->count, 0);
		statements += p->count;
		bytes += p->length + (p->copy ? p->data_length : 0);
		ck_assert_uint_eq(script_statement_at(s, p, p->start), p->first);
		ck_assert_uint_eq(script_statement_at(s, p, p->start + p->length), statements - 1);
	}
	ck_assert_str_eq(got, cuts[_i].pieces);
	ck_assert_uint_eq(statements, s->count);
	ck_assert_uint_eq(split->piece_count, s->count);
	for (size_t i = 0; i < s->count; i++) {
		struct script_piece *p = &split->pieces[i];

		ck_assert_uint_eq(script_statement_at(split, p, p->start + p->length), i);
		bytes -= p->length + (p->copy ? p->data_length : 0);
	}
	ck_assert_uint_eq(bytes, 0);
}
END_TEST

static const struct {
	const char *text, *message;
} refusals[] = {
	{"SELECT 1;\n\\connect x\n", "f:2:1: '\\connect' is a command of psql, not SQL"},
	{"\\restrict abc\nSELECT 1;", "f:1:1: '\\restrict' is a command of psql, not SQL"},
	{"SELECT 1 \\gset\n", "f:1:10: '\\gset' is a command of psql, not SQL"},
	{"SELECT '\xc3\xa9' \\g it's", "f:1:12: '\\g' is a command of psql, not SQL"},
	{"\\", "f:1:1: '\\' is a command of psql, not SQL"},
	{"SELECT 1;\n\\.\n", "f:2:1: '\\.' is a command of psql, not SQL"},
	{"SELECT 1\\;", "f:1:9: '\\;' is a command of psql, not SQL"},
	{"SELECT 'abc;\nSELECT 2;\n", "f:1:8: unterminated quoted string"},
	{"SELECT E'abc\\';\n", "f:1:8: unterminated quoted string"},
	{"SELECT E'abc\\", "f:1:8: unterminated quoted string"},
	{"SELECT '''", "f:1:8: unterminated quoted string"},
	{"SELECT \"abc;\n", "f:1:8: unterminated quoted name"},
	{"SELECT 1;\n  $x$abc$y$", "f:2:3: unterminated dollar quote"},
	{"SELECT 1; /* /* */", "f:1:11: unterminated comment"},
	{"/*/", "f:1:1: unterminated comment"},
	{"SELECT (1, (2);\nSELECT 2;", "f:1:8: unterminated parenthesis"},
	{"INSERT (1;\nCOPY t FROM STDIN;\n\\.\n", "f:1:8: unterminated parenthesis"},
	{"COPY t FROM STDIN", "f:1:1: unterminated rows of COPY ... FROM STDIN"},
	{"\nCOPY t FROM STDIN;", "f:2:1: unterminated rows of COPY ... FROM STDIN"},
	{"COPY t FROM STDIN;\n1\n\\.x\n", "f:1:1: unterminated rows of COPY ... FROM STDIN"},
	{"COPY t FROM STDIN; SELECT 1;\n\\.\n", "f:1:20: text after COPY ... FROM STDIN"},
	{"COPY t FROM STDIN;;\n\\.\n", "f:1:19: text after COPY ... FROM STDIN"},
	{"COPY t FROM STDIN; /*\n*/\n\\.\n", "f:1:20: text after COPY ... FROM STDIN"},
	{"\xef\xbb\xbfSELECT 1;\xe9", "f:1:10: byte 0xe9 is not valid UTF-8"},
	{"SELECT '\xe9t\xe9';", "f:1:9: byte 0xe9 is not valid UTF-8"},
	{"\xc0\x80", "f:1:1: byte 0xc0 is not valid UTF-8"},
	{"\xc3", "f:1:1: byte 0xc3 is not valid UTF-8"},
	{"\xe0\x80\x80", "f:1:1: byte 0xe0 is not valid UTF-8"},
	{"\xed\xa0\x80", "f:1:1: byte 0xed is not valid UTF-8"},
	{"\xf0\x80\x80\x80", "f:1:1: byte 0xf0 is not valid UTF-8"},
	{"\xf4\x90\x80\x80", "f:1:1: byte 0xf4 is not valid UTF-8"},
	{"\xf5\x80\x80\x80", "f:1:1: byte 0xf5 is not valid UTF-8"},
	{"\xff\xfe", "f:1:1: the file is UTF-16, not UTF-8"},
	{"\xff\xfd", "f:1:1: byte 0xff is not valid UTF-8"},
	{"\n\n \x80", "f:3:2: byte 0x80 is not valid UTF-8"},
};

START_TEST(refused)
{
	SCOPE(tmp, NULL);
	struct script *s = NULL;
	struct error *err;

	err = script_read(&s, tmp, "f", refusals[_i].text, strlen(refusals[_i].text));
	ck_assert_ptr_nonnull(err);
	ck_assert_str_eq(err->message, refusals[_i].message);
	ck_assert_ptr_null(s);
	ck_error(err, ERROR_NO);
}
END_TEST

START_TEST(hints)
{
	static const char nul[] = "SELECT 1;\n\0";
	SCOPE(tmp, NULL);
	struct script *s;
	struct error *err;

	err = script_read(&s, tmp, "f", nul, sizeof(nul) - 1);
	ck_assert_str_eq(err->message, "f:2:1: a NUL byte");
	error_free(err);
	err = script_read(&s, tmp, "f", "\\restrict x", 11);
	ck_assert_ptr_nonnull(strstr(err->hint, "'\\restrict' and '\\unrestrict'"));
	ck_assert_ptr_nonnull(strstr(err->hint, ".psql"));
	error_free(err);
	err = script_read(&s, tmp, "f", "\\i x", 4);
	ck_assert_ptr_nonnull(strstr(err->hint, ".psql"));
	error_free(err);
}
END_TEST

START_TEST(characters)
{
	/* Each legal character of every length survives. */
	static const char text[] = "SELECT '\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80"
				   "\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf';";
	SCOPE(tmp, NULL);
	struct script *s;

	ck_good(script_read(&s, tmp, "f", text, strlen(text)));
	ck_assert_uint_eq(s->piece_count, 1);
	ck_assert_uint_eq(s->pieces[0].length, strlen(text));
}
END_TEST

START_TEST(places)
{
	static const char text[] = "\xef\xbb\xbf"
				   "a\xc3\xa9"
				   "b\r\n\n\xf0\x9f\x90\x98x";
	static const struct {
		size_t offset;
		int line, column;
	} want[] = {{0, 1, 1}, {3, 1, 1}, {4, 1, 2}, {6, 1, 3}, {9, 2, 1}, {10, 3, 1}, {14, 3, 2}};
	size_t length = strlen(text);
	int line, column;

	for (size_t i = 0; i < COUNT(want); i++) {
		script_position(&line, &column, text, want[i].offset);
		ck_assert_int_eq(line, want[i].line);
		ck_assert_int_eq(column, want[i].column);
	}
	ck_assert_uint_eq(script_offset(text, length, 0), 0);
	ck_assert_uint_eq(script_offset(text, length, 1), 0);
	ck_assert_uint_eq(script_offset(text, length, 2), 3);
	ck_assert_uint_eq(script_offset(text, length, 3), 4);
	ck_assert_uint_eq(script_offset(text, length, 4), 6);
	ck_assert_uint_eq(script_offset(text, length, 9), 14);
	ck_assert_uint_eq(script_offset(text, length, 10), length);
	ck_assert_uint_eq(script_offset(text, length, 4000), length);
	ck_assert_uint_eq(script_offset("", 0, 1), 0);
}
END_TEST

#define TEN "abcdefghij"
#define SIXTY TEN TEN TEN TEN TEN TEN

static const struct {
	const char *text;
	size_t n;
	const char *excerpt;
} excerpts[] = {
	{"SELECT 1;", 0, "SELECT 1"},
	{"  -- c\n commit ; x", 0, "commit"},
	{"  -- c\n commit ; x", 1, "x"},
	{"\xef\xbb\xbf"
	 "commit;",
	 0, "commit"},
	{"SELECT 1;\nCREATE\r\n\tTABLE a (\n  b int);", 1, "CREATE TABLE a ( b int)"},
	{"(SELECT 1)", 0, "(SELECT 1)"},
	{"'commit'", 0, "'commit'"},
	{"SELECT '\x1b[2J'", 0, "SELECT '?[2J'"},
	{SIXTY TEN "kl", 0, SIXTY TEN "kl"},
	{SIXTY TEN "klm", 0, SIXTY "abcdefghi..."},
	{"SELECT '" SIXTY "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9'", 0,
	 "SELECT '" SIXTY "\xc3\xa9..."},
};

START_TEST(excerpted)
{
	SCOPE(tmp, NULL);
	struct script *s = read_text(tmp, excerpts[_i].text);

	ck_assert_str_eq(script_excerpt(tmp, s, excerpts[_i].n), excerpts[_i].excerpt);
}
END_TEST

/* A statement of megabytes is not read to its end for an excerpt. */
START_TEST(excerpt_of_large)
{
	SCOPE(tmp, NULL);
	size_t length = (size_t)4 << 20;
	char *text = mem_array(tmp, char, length + 1);

	memset(text, ' ', length);
	memcpy(text, "SELECT", 6);
	text[length - 1] = '1';
	ck_assert_str_eq(script_excerpt(tmp, read_text(tmp, text), 0), "SELECT...");
	for (size_t i = 6; i + 1 < length; i += 2)
		memcpy(text + i, "\xc3\xa9", 2);
	ck_assert_uint_eq(strlen(script_excerpt(tmp, read_text(tmp, text), 0)), 6 + 2 * 63 + 3);
}
END_TEST

/* A step that is not linear would not come to its end here. */
START_TEST(large)
{
	static const char *const lines[] = {"SELECT 1;\n",
					    "COPY t FROM STDIN;\n\\.\n",
					    "$a SELECT E'x'\n;",
					    "COPY t FROM STDIN;\n",
					    "/*",
					    "(",
					    "CREATE FUNCTION f() BEGIN ATOMIC\n"};
	const size_t many = unit_many(200000);
	const size_t statements[] = {many, many, many, 0, 0, 0, 1};
	const size_t pieces[] = {1, many, 1, 0, 0, 0, 1};
	SCOPE(tmp, NULL);
	size_t n = strlen(lines[_i]);
	size_t length = n * many;
	char *text = mem_array(tmp, char, length + 1);
	struct script *s;
	struct error *err;

	for (size_t i = 0; i < many; i++)
		memcpy(text + i * n, lines[_i], n);
	err = script_read(&s, tmp, "f", text, length);
	ck_assert((err == NULL) == (statements[_i] > 0));
	if (!err) {
		ck_assert_uint_eq(s->count, statements[_i]);
		ck_assert_uint_eq(s->piece_count, pieces[_i]);
	}
	error_free(err);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("core-script");
	TCase *tc = tcase_create("script");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, counted, 0, (int)COUNT(counts));
	tcase_add_loop_test(tc, cut, 0, (int)COUNT(cuts));
	tcase_add_loop_test(tc, refused, 0, (int)COUNT(refusals));
	tcase_add_test(tc, hints);
	tcase_add_test(tc, characters);
	tcase_add_test(tc, places);
	tcase_add_loop_test(tc, excerpted, 0, (int)COUNT(excerpts));
	tcase_add_test(tc, excerpt_of_large);
	tcase_add_loop_test(tc, large, 0, 7);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
