#!/bin/bash
# Schema public dropped, renamed, or with other privileges, in every way to a version.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"
# shellcheck source=tests/lib/equal-lib.sh
. "$(dirname "$0")/../lib/equal-lib.sh"

test_expect_success 'schema public dropped, and made again' '
	equal_project dropped &&
	promoted prod "drop schema public cascade; create schema app;
		create table app.one (i int);" &&
	git hop release create minor && git hop patch create 90 &&
	echo "create table public.two (i int);" >Patches/90/01.sql && git add . &&
	git commit -q -m "Two" && test_expect_code 1 git hop patch apply &&
	test_expect_code 1 git hop patch merge 2>../err &&
	test_grep "schema .public. does not exist" ../err &&
	git hop patch detach 90 && git switch -q -f ho-release/0.2.0 &&
	promoted prod "create extension cube schema app; create table app.two (c app.cube);" &&
	promoted hotfix "alter table app.one add j int;" &&
	promoted prod "create schema public; create table public.two (i int);" \
		"create table three (i int);" &&
	promoted prod "drop table public.two, three; drop schema public;" &&
	promoted prod "alter schema app rename to public; create table four (c cube);" &&
	equal_everywhere
'

sql public1 <<'END'
REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO pg_monitor;
COMMENT ON SCHEMA public IS 'ours';
END

sql public2 <<'END'
ALTER SCHEMA public OWNER TO CURRENT_USER; COMMENT ON SCHEMA public IS NULL;
ALTER SCHEMA public RENAME TO before; CREATE SCHEMA public; CREATE TABLE t (i int);
END

test_expect_success 'schema public with other privileges, comment, owner or name' '
	equal_project public &&
	promoted prod @public1 && promoted prod "create table one (i int);" &&
	promoted prod @public2 &&
	promoted hotfix "grant usage on schema public to public;" && equal_everywhere
'

test_done
