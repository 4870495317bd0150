/* core/alone: how statements outside a transaction run, and what they name. */
#include "core/alone.h"

#include "unit.h"

/* The names are joined: "name/table/words". */
static const struct {
	const char *text;
	enum alone_way way;
	const char *names;
} statements[] = {
	{"set work_mem = 1", ALONE_SETTING, "//"},
	{"RESET ALL", ALONE_SETTING, "//"},
	{"select 1", ALONE_TIED, "//"},
	{"alter type t add value 'x'", ALONE_TIED, "//"},
	{"create index i on t (x)", ALONE_TIED, "//"},
	{"create index concurrently i on t (x)", ALONE_INDEX, "i/t/concurrently i on t"},
	{"create /* a */ unique index -- b\n"
	 "CONCURRENTLY if not exists \"I j\" on only s . \"T\"(x)",
	 ALONE_INDEX, "\"I j\"/s . \"T\"/CONCURRENTLY if not exists \"I j\" on only s . \"T\""},
	{"create index concurrently on t (x)", ALONE_INDEX, "/t/concurrently on t"},
	{"create index concurrently", ALONE_INDEX, "//"},
	{"drop index concurrently if exists s.i cascade", ALONE_DROP_INDEX, "s.i//"},
	{"drop index i", ALONE_TIED, "//"},
	{"reindex index concurrently s.i", ALONE_REINDEX, "s.i//"},
	{"reindex (verbose, concurrently) table t", ALONE_REINDEX, "t//"},
	{"reindex (concurrently off) table t", ALONE_REPEATABLE, "t//"},
	{"reindex database d", ALONE_REPEATABLE, "d//"},
	{"alter table if exists only s.p detach partition s.q concurrently", ALONE_DETACH,
	 "s.q/s.p/"},
	{"alter table p detach partition q", ALONE_TIED, "q/p/"},
	{"alter table p add column detach int", ALONE_TIED, "/p/"},
	{"vacuum (analyze) t", ALONE_REPEATABLE, "//"},
	{"analyse", ALONE_REPEATABLE, "//"},
	{"cluster", ALONE_REPEATABLE, "//"},
	{"call p()", ALONE_UNKNOWN, "//"},
	{"do $$ begin commit; end $$", ALONE_UNKNOWN, "//"},
	{"do 'begin CALL p(); end'", ALONE_UNKNOWN, "//"},
	{"do $$ begin perform f(committed); end $$", ALONE_TIED, "//"},
};

static char *span(void *ctx, const char *text, struct alone_span s)
{
	return mem_dup_n(ctx, text + s.start, s.length);
}

START_TEST(ways)
{
	SCOPE(tmp, NULL);
	const char *text = statements[_i].text;
	struct script *s;
	struct alone a;

	ck_good(script_read(&s, tmp, "f", text, strlen(text)));
	alone_read(&a, s, 0);
	ck_assert_int_eq(a.way, statements[_i].way);
	ck_assert_str_eq(mem_printf(tmp, "%s/%s/%s", span(tmp, text, a.name),
				    span(tmp, text, a.table), span(tmp, text, a.words)),
			 statements[_i].names);
}
END_TEST

START_TEST(parts)
{
	SCOPE(tmp, NULL);
	static const char text[] =
		"SET a = 1; SELECT 1; RESET a; COPY t FROM stdin;\nx\n\\.\nSELECT 2;";
	static const char *const expect[] = {"SET a = 1|", "SET a = 1|SELECT 1|",
					     "SET a = 1|RESET a|",
					     "SET a = 1|RESET a|COPY t FROM stdin<x\n>|",
					     "SET a = 1|RESET a|SELECT 2|"};
	struct script *s;

	ck_good(script_read(&s, tmp, "f", text, strlen(text)));
	ck_assert_uint_eq(s->count, COUNT(expect));
	for (size_t n = 0; n < s->count; n++) {
		struct script *part = alone_part(tmp, s, n);
		char *out = mem_dup(tmp, "");

		for (size_t i = 0; i < part->piece_count; i++) {
			const struct script_piece *p = &part->pieces[i];

			mem_append(&out, tmp, "%.*s", (int)p->length, text + p->start);
			if (p->copy)
				mem_append(&out, tmp, "<%.*s>", (int)p->data_length,
					   text + p->data_start);
			mem_append(&out, tmp, "|");
		}
		ck_assert_str_eq(out, expect[n]);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("core-alone");
	TCase *tc = tcase_create("alone");

	tcase_add_loop_test(tc, ways, 0, (int)COUNT(statements));
	tcase_add_test(tc, parts);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
