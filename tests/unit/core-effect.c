/* core/effect: what statements do, by their first words; files that begin and commit. */
#include "core/script.h"

#include "unit.h"

static struct script *read_text(void *ctx, const char *text)
{
	struct script *script;

	ck_good(script_read(&script, ctx, "f", text, strlen(text)));
	return script;
}

/* A file that begins and commits by itself: TEXT becomes BLANKED, or stays when that is NULL. */
static const struct {
	const char *text, *blanked;
	size_t count;
} wrapped[] = {
	{"BEGIN;\nSELECT 1;\nCOMMIT;\n", "      \nSELECT 1;\n       \n", 1},
	{"begin work; select 1; end", "            select 1;    ", 1},
	{"-- a\nSTART /* \xc3\xa9 */ TRANSACTION; SELECT 1; commit transaction -- b\n;",
	 "-- a\n      /* \xc3\xa9 */              SELECT 1;                    -- b\n ", 1},
	{"\xef\xbb\xbf"
	 "BEGIN; END;",
	 "\xef\xbb\xbf"
	 "           ",
	 0},
	{"BEGIN; COPY t FROM STDIN;\nCOMMIT;\n\\.\nCOMMIT;",
	 "       COPY t FROM STDIN;\nCOMMIT;\n\\.\n       ", 1},
	{"BEGIN; SELECT 1; COMMIT; SELECT 2;", NULL, 4},
	{"SELECT 0; BEGIN; SELECT 1; COMMIT;", NULL, 4},
	{"BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT 1; COMMIT;", NULL, 3},
	{"START TRANSACTION READ ONLY; SELECT 1; COMMIT;", NULL, 3},
	{"BEGIN; SELECT 1; COMMIT AND CHAIN;", NULL, 3},
	{"BEGIN; SELECT 1; ROLLBACK;", NULL, 3},
	{"BEGIN; SELECT 1;", NULL, 2},
	{"BEGIN;", NULL, 1},
};

START_TEST(unwrapped)
{
	SCOPE(tmp, NULL);
	const char *text = wrapped[_i].text;
	struct script *s = read_text(tmp, text);
	const char *want = wrapped[_i].blanked ? wrapped[_i].blanked : text;

	ck_assert_uint_eq(s->count, wrapped[_i].count);
	ck_assert_uint_eq(s->length, strlen(text));
	ck_assert_str_eq(mem_dup_n(tmp, s->text, s->length), want);
	ck_assert_uint_eq(s->piece_count, s->count == 0 ? 0 : 1);
	for (size_t i = 0; i < s->piece_count; i++) {
		ck_assert_uint_eq(s->pieces[i].first, 0);
		ck_assert_uint_eq(s->pieces[i].count, s->count);
	}
}
END_TEST

static const struct {
	const char *text;
	enum effect effect;
} effects[] = {
	{"SELECT 1", EFFECT_NONE},
	{"SAVEPOINT a", EFFECT_NONE},
	{"ROLLBACK WORK TO SAVEPOINT a", EFFECT_NONE},
	{"RELEASE a", EFFECT_NONE},
	{"PREPARE x AS SELECT 1", EFFECT_NONE},
	{"begin", EFFECT_BEGIN},
	{"commit work", EFFECT_COMMIT},
	{"/* now */ End", EFFECT_COMMIT},
	{"COMMIT PREPARED 'x'", EFFECT_CONTROL},
	{"abort", EFFECT_CONTROL},
	{"rollback /* to */ transaction", EFFECT_CONTROL},
	{"prepare -- x\n transaction 'x'", EFFECT_CONTROL},
	{"SET TRANSACTION READ ONLY", EFFECT_MODE},
	{"SET LOCAL TRANSACTION_READ_ONLY = on", EFFECT_MODE},
	{"set session characteristics as transaction read only", EFFECT_MODE},
	{"SET SESSION transaction_isolation = 'serializable'", EFFECT_MODE},
	{"SET LOCAL work_mem = '1MB'", EFFECT_NONE},
	{"SET SESSION AUTHORIZATION x", EFFECT_NONE},
	{"SET default_transaction_read_only = on", EFFECT_NONE},
	{"CREATE ROLE a", EFFECT_ROLE},
	{"create user a", EFFECT_ROLE},
	{"DROP GROUP a", EFFECT_ROLE},
	{"ALTER ROLE postgres NOSUPERUSER", EFFECT_ROLE},
	{"COMMENT ON ROLE a IS 'x'", EFFECT_ROLE},
	{"CREATE USER MAPPING FOR a SERVER s", EFFECT_NONE},
	{"ALTER USER MAPPING FOR a SERVER s OPTIONS (x 'y')", EFFECT_NONE},
	{"DROP OWNED BY a", EFFECT_NONE},
	{"GRANT a TO b", EFFECT_MEMBERSHIP},
	{"REVOKE ADMIN OPTION FOR a, b, c, d, e FROM f", EFFECT_MEMBERSHIP},
	{"GRANT SELECT (a, b), UPDATE (c, d) ON t TO b", EFFECT_NONE},
	{"ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO b", EFFECT_NONE},
	{"CREATE DATABASE a", EFFECT_DATABASE},
	{"ALTER DATABASE a RENAME TO b", EFFECT_DATABASE},
	{"ALTER DATABASE a SET TABLESPACE b", EFFECT_DATABASE},
	{"ALTER DATABASE a SET search_path = b", EFFECT_NONE},
	{"ALTER DATABASE a RESET ALL", EFFECT_NONE},
	{"COMMENT ON DATABASE a IS 'x'", EFFECT_NONE},
	{"CREATE TABLESPACE a LOCATION 'b'", EFFECT_TABLESPACE},
	{"DROP SUBSCRIPTION a", EFFECT_SUBSCRIPTION},
	{"ALTER SYSTEM SET a = b", EFFECT_SYSTEM},
	{"UPDATE hop.project SET role = 'development'", EFFECT_HOP},
	{"insert into \"hop\" . release values (1)", EFFECT_HOP},
	{"DELETE FROM ONLY hop.patch", EFFECT_HOP},
	{"TRUNCATE TABLE hop.patch", EFFECT_HOP},
	{"ALTER TABLE IF EXISTS ONLY hop.patch ADD x int", EFFECT_HOP},
	{"CREATE OR REPLACE FUNCTION hop.f() RETURNS int", EFFECT_HOP},
	{"DROP SCHEMA IF EXISTS hop CASCADE", EFFECT_HOP},
	{"ALTER SCHEMA hop RENAME TO hip", EFFECT_HOP},
	{"UPDATE hops hop SET a = hop.b", EFFECT_NONE},
	{"CREATE TABLE hop (a int)", EFFECT_NONE},
	{"INSERT INTO public.hop VALUES (1)", EFFECT_NONE},
	{"SELECT * FROM hop.project", EFFECT_NONE},
};

START_TEST(effect_is)
{
	SCOPE(tmp, NULL);
	const char *text = effects[_i].text;
	struct script *s = read_text(tmp, text);

	ck_assert_uint_eq(s->count, 1);
	ck_assert_msg(s->statements[0].effect == effects[_i].effect, "%s", effects[_i].text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("core-effect");
	TCase *tc = tcase_create("effect");

	tcase_add_loop_test(tc, unwrapped, 0, (int)COUNT(wrapped));
	tcase_add_loop_test(tc, effect_is, 0, (int)COUNT(effects));
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
