#!/bin/bash
# Roles that may little, and databases that are not to be touched.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

plain=$(pg_name plain)
maker=$(pg_name maker)
own=$(pg_name own)

tables() {
	pg_query "$1" "select relname from pg_class where relkind = 'r'
		and relnamespace = 'public'::regnamespace order by 1" | tr '\n' ' '
}

role_of() {
	pg_query "$1" "select role from hop.project"
}

{
	pg_create_role "$plain" && pg_create_role "$maker" createdb &&
	pg_create_db "$own" "$plain" &&
	hop_project a --test="sh test.sh" && cd a && echo "exit 0" >test.sh && git add test.sh &&
	git commit -qm Test --no-verify && git push -q --no-verify &&
	git hop release create minor &&
	hop_patch 1-users "create table users (id int primary key);" && git hop patch merge &&
	hop_patch 2 "create table two (id int references users);"
} >/dev/null 2>&1 || exit 99

test_expect_success 'neither superuser nor CREATEDB: hop.resetDatabase is asked for, by name' '
	git config hop.database "$(pg_conninfo "$own" "$plain")" &&
	test_expect_code 1 git hop patch apply 2>../err &&
	test_grep "^error: role .$plain. cannot create databases" ../err &&
	test_grep "^hint: .*git config hop.resetDatabase true" ../err &&
	test_expect_code 1 git hop patch merge && [ -z "$(tables "$own")" ] &&
	eval "$(sed -n "s/^hint: .*: \(git config hop.resetDatabase true\)/\1/p" ../err)" &&
	[ "$(git config hop.resetDatabase)" = true ]
'

test_expect_success 'with it, apply, merge and promote work in that one database' '
	git hop patch apply && [ "$(tables "$own")" = "two users " ] &&
	[ "$(role_of "$own")" = development ] &&
	echo "create table more (i int);" >Patches/2/02.sql && git hop patch apply &&
	[ "$(tables "$own")" = "more two users " ] && git add Patches && git commit -qm More &&
	echo "test \"\$(psql -XAtc \"select count(*) from more, two, users\")\" = 0" >test.sh &&
	git commit -qam "Test" && git hop patch merge && git hop release promote prod &&
	git rev-parse --verify v0.1.0 &&
	grep "CREATE TABLE public.more" .hop/model/schema.sql &&
	[ "$(pg_query postgres "select count(*) from pg_database where datname like '\''hop\\_%'\''
		and pg_get_userbyid(datdba) = '\''$plain'\''")" = 0 ]
'

test_expect_success 'all kinds of objects are dropped before the next build' '
	git hop release create patch && hop_patch 3 "create extension if not exists plpgsql;
		create schema s; create type s.e as enum ('\''a'\''); create domain s.d as int;
		create table s.t (e s.e, d s.d) partition by list (e);
		create table s.p partition of s.t for values in ('\''a'\'');
		create materialized view s.m as select * from s.t; create sequence s.q;
		create function s.f() returns trigger language plpgsql as \$\$ begin return new; \
			end \$\$;
		create trigger g before insert on s.p for each row execute function s.f();
		create aggregate s.agg (int) (sfunc = int4pl, stype = int);
		create operator s.||| (leftarg = int, rightarg = int, function = int4pl);
		create collation s.c (locale = '\''C'\''); create text search configuration s.ts \
			(copy = simple);
		create rule r as on insert to users do also select 1; alter default privileges in \
			schema s
		grant select on tables to public; select lo_create(4711);" &&
	git hop patch apply && git hop patch apply && git hop patch merge &&
	git hop release promote prod
'

test_expect_success 'a file that fails: exit 1, and the next build is whole' '
	git hop release create patch && hop_patch 4 "selec" &&
	test_expect_code 1 git hop patch apply 2>../err &&
	test_grep "Patches/4/01.sql:1:1" ../err && [ "$(role_of "$own")" = development ] &&
	hop_sql 01.sql "create table four (i int);" && git hop patch apply && git hop patch merge
'

test_expect_success 'a database of that role that is not there: said how to get one' '
	git switch -q ho-release/0.1.2 && hop_patch 5 "select 5;" &&
	test_expect_code 1 git hop patch apply \
		--database="$(pg_conninfo "$(pg_name none)" "$plain")" 2>../err &&
	test_grep "cannot create databases, and database .$(pg_name none). does not exist" ../err &&
	test_grep "^hint: ask an administrator to create it with owner .$plain." ../err
'

test_expect_success 'objects of somebody else in it: refused, and not half emptied' '
	pg_create_db "$(pg_name mixed)" "$plain" &&
	pg_query "$(pg_name mixed)" "create schema closed;
		create table closed.theirs (i int)" &&
	test_expect_code 1 git hop patch apply \
		--database="$(pg_conninfo "$(pg_name mixed)" "$plain")" 2>../err &&
	test_grep "contains objects that git hop did not create" ../err &&
	test_must_fail git hop patch apply --take-over="$(pg_name mixed)" \
		--database="$(pg_conninfo "$(pg_name mixed)" "$plain")" 2>../err &&
	test_grep "closed" ../err && pg_query "$(pg_name mixed)" "select * from closed.theirs"
'

test_expect_success 'CREATEDB and nothing else: built aside, swapped in, dropped' '
	git config --unset hop.resetDatabase &&
	git config hop.database "$(pg_conninfo "$(pg_name made)" "$maker")" &&
	git hop patch apply && [ "$(tables "$(pg_name made)")" = "four more two users " ] &&
	pg_query "$(pg_name made)" "create table by_superuser (i int)" &&
	{ pg_query "$(pg_name made)" "select pg_sleep(600)" >/dev/null 2>&1 & } &&
	sleeper=$! && until [ "$(pg_query postgres "select count(*) from pg_stat_activity
		where datname = '\''$(pg_name made)'\'' and query like '\''%sleep%'\''")" = 1 ]; \
			do sleep 0.1; done &&
	test_when_finished "kill $sleeper || :" &&
	test_expect_code 75 git hop patch apply 2>../err &&
	test_grep "other sessions keep connecting to database .$(pg_name made)." ../err &&
	[ "$(tables "$(pg_name made)")" = "by_superuser four more two users " ] &&
	pg_query postgres "select pg_terminate_backend(pid) from pg_stat_activity
		where datname = '\''$(pg_name made)'\''" && git hop patch apply &&
	[ "$(tables "$(pg_name made)")" = "four more two users " ] && git hop patch merge
'

test_expect_success 'a production database is refused by what it says of itself' '
	db=$(pg_name prod) && pg_create_db "$db" && pg_query "$db" "create table kept (i int)" &&
	git init -q ../legacy &&
	git -C ../legacy hop init --test= --as=production --database="$(pg_conninfo "$db")" &&
	[ "$(role_of "$db")" = production ] && pg_dump_schema "$db" >../before &&
	cd ../legacy && git hop release create minor && hop_patch 1 "create table one (i int);" &&
	for command in "patch apply" "patch apply --take-over=$db" restore \
		"restore --take-over=$db"; do
		test_expect_code 1 git hop $command --database="$(pg_conninfo "$db")" 2>../err &&
		test_grep "^error: .$db. is a production database of project .legacy." ../err ||
		return
	done &&
	git config hop.resetDatabase true &&
	pg_query postgres "alter database \"$db\" owner to \"$plain\"" &&
	pg_query "$db" \
		"grant all on schema hop to \"$plain\";
		grant all on all tables in schema hop to \"$plain\"" &&
	pg_dump_schema "$db" >../before &&
	test_expect_code 1 git hop patch apply --database="$(pg_conninfo "$db" "$plain")" 2>../err \
		&&
	test_grep "^error: .$db. is a production database" ../err &&
	pg_dump_schema "$db" >../after && test_cmp ../before ../after && cd ../a
'
cd "$TRASH/a" || exit 99

test_expect_success 'tests on the server of production: it is left alone' '
	cd ../legacy && git hop patch merge --database="$(pg_conninfo "$(pg_name prod)")" &&
	pg_dump_schema "$(pg_name prod)" >../after && test_cmp ../before ../after
'
cd "$TRASH/a" || exit 99

test_expect_success 'a database of another project is refused, --take-over or not' '
	git init -q ../other && hop_database ../other other && cd ../other &&
	git hop init --test= &&
	git hop release create minor && hop_patch 1 "create table theirs (i int);" &&
	git hop patch apply &&
	cd ../a && git switch -q ho-release/0.1.2 && hop_patch 6 "select 6;" &&
	for option in "" "--take-over=$(pg_name other)"; do
		test_expect_code 1 git hop patch apply $option \
			--database="$(pg_conninfo "$(pg_name other)")" 2>../err &&
		test_grep "belongs to another project, .other." ../err || return
	done && [ "$(tables "$(pg_name other)")" = "theirs " ]
'
cd "$TRASH/a" || exit 99

test_expect_success 'a database with objects of nobody: refused, taken over by its very name' '
	db=$(pg_name foreign) && pg_create_db "$db" &&
	pg_query "$db" "create table foreign_table (i int)" &&
	test_expect_code 1 git hop patch apply --database="$(pg_conninfo "$db")" 2>../err &&
	test_grep "contains objects that git hop did not create" ../err &&
	test_grep "take-over=$db" ../err &&
	test_expect_code 1 git hop patch apply --take-over=yes --database="$(pg_conninfo "$db")" &&
	[ "$(tables "$db")" = "foreign_table " ] &&
	git hop patch apply --take-over="$db" --database="$(pg_conninfo "$db")" &&
	[ "$(tables "$db")" = "four more two users " ] && [ "$(role_of "$db")" = development ] &&
	git hop patch apply --database="$(pg_conninfo "$db")"
'

test_expect_success 'a schema hop of another program is not ours' '
	db=$(pg_name imposter) && pg_create_db "$db" && pg_query "$db" "create schema hop;
		create table hop.project (id text); insert into hop.project values \
			('\''mine'\'')" &&
	test_must_fail git hop patch apply --database="$(pg_conninfo "$db")" &&
	pg_query "$db" "select id from hop.project" >../out && echo mine >../expect &&
	test_cmp ../expect ../out
'

test_expect_success 'an empty database is used as it is' '
	db=$(pg_name fresh) && pg_create_db "$db" &&
	git hop patch apply --database="$(pg_conninfo "$db")" &&
	[ "$(tables "$db")" = "four more two users " ]
'

test_expect_success 'a production clone develops nothing' '
	git config hop.production true &&
	for command in "patch apply" "patch create 9" "patch merge" "release create minor" \
		"release promote prod" restore; do
		test_expect_code 1 git hop $command 2>../err &&
		test_grep "^error: this is a production clone" ../err || return
	done && git hop status && git hop release list && git config --unset hop.production
'

test_expect_success 'no scratch database is left on the server' '
	id=$(sed -n "s/^id = //p" .hop/config) &&
	pg_query postgres "select datname from pg_database
		where starts_with(datname, '\''hop_$(echo "$id" | cut -c 1-8)_s_'\'')" >../out &&
	test_must_be_empty ../out
'

test_done
