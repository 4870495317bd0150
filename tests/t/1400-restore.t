#!/bin/bash
# git hop restore: the development database at a production version.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"
# shellcheck source=tests/lib/restore-lib.sh
. "$(dirname "$0")/../lib/restore-lib.sh"

dev=$(pg_name p)

test_expect_success 'a project with three production versions' '
	hop_project p &&
	cd p &&
	production 1.0.0 "CREATE TABLE public.item (id integer);" &&
	production 1.1.0 "CREATE TABLE public.item (id integer, name text);
		CREATE VIEW public.names AS SELECT name FROM public.item;"
'

test_expect_success 'the newest version is the default' '
	hop_state . >../before &&
	git hop restore 2>../err &&
	test_grep "^database .$dev. is at version 1.1.0 (" ../err &&
	is_at "$dev" 1.1.0 &&
	pg_query "$dev" "select name from names" &&
	hop_state . >../after &&
	test_cmp ../before ../after
'

test_expect_success 'the schema is that of the file, and says whose it is' '
	plain=$(pg_name plain) &&
	pg_create_db "$plain" &&
	pg_psql "$plain" -f .hop/model/schema.sql &&
	pg_dump_schema "$plain" >expect &&
	pg_dump_schema "$dev" -N hop >actual &&
	test_cmp expect actual &&
	pg_query "$dev" "select name, role, id from hop.project" >who &&
	echo "shop|development|$(git config -f .hop/config hop.id)" >expect &&
	sed -i "s/^[a-z]*/shop/" who &&
	test_cmp expect who
'

test_expect_success 'an older version takes what is newer away' '
	pg_query "$dev" "create table mine (id int); insert into item values (1)" &&
	git hop restore -q 1.0.0 2>err &&
	test_must_be_empty err &&
	is_at "$dev" 1.0.0 &&
	pg_query "$dev" "table item" >rows &&
	test_must_be_empty rows &&
	test_must_fail pg_query "$dev" "table mine"
'

test_expect_success 'version 0.0.0 of a project that began empty is empty' '
	git hop restore 0.0.0 &&
	pg_query "$dev" "select count(*) from pg_tables where schemaname = \$\$public\$\$" >n &&
	echo 0 >expect &&
	test_cmp expect n
'

test_expect_success 'a fetch of long ago is said where no version is named' '
	git hop restore 2>err && ! grep fetch err &&
	find .git -name fetched -o -name FETCH_HEAD | xargs touch -d "3 hours ago" &&
	git hop restore 2>err && test_grep "newest version as of the last fetch, 3 hours ago" err &&
	git hop restore 1.0.0 2>err && ! grep fetch err
'

test_expect_success 'unknown and malformed versions are refused' '
	git hop restore 1.0.0 &&
	test_expect_code 1 git hop restore 1.2.0 2>err &&
	test_grep "error: there is no production version 1.2.0" err &&
	test_grep "hint: production versions: 0.0.0 1.0.0 1.1.0" err &&
	test_expect_code 1 git hop restore 1.1.0-rc1 &&
	test_expect_code 129 git hop restore 1.1 &&
	test_expect_code 129 git hop restore 1.0.0 1.1.0 &&
	test_expect_code 129 git hop restore "1.0.0; drop" &&
	is_at "$dev" 1.0.0
'

# sleeper: a session in the development database that would stay; waits until it is there.
sleeper() {
	pg_psql "$dev" -c "select pg_sleep(600)" >/dev/null 2>&1 &
	until pg_query postgres "select pid from pg_stat_activity
		where datname = '$dev'" | grep -q .; do
		sleep 0.1
	done
}

test_expect_success 'sessions of others end, the owner stays' '
	role=$(pg_name owner) &&
	pg_create_role "$role" &&
	pg_query postgres "alter database \"$dev\" owner to \"$role\"" &&
	sleeper &&
	git hop restore 1.1.0 &&
	test_must_fail wait $! &&
	is_at "$dev" 1.1.0 &&
	pg_query postgres "select pg_get_userbyid(datdba) from pg_database
		where datname = \$\$$dev\$\$" >owner &&
	echo "$role" >expect &&
	test_cmp expect owner &&
	pg_query postgres "alter database \"$dev\" owner to postgres" &&
	pg_query postgres "drop role \"$role\""
'

test_expect_success 'nothing is left but templates and a spare' '
	only_templates
'

test_expect_success 'a broken schema leaves the database as it was' '
	production 1.2.0 "CREATE TABLE public.item (id integer);
		CREATE TABLE public.other (id nosuchtype);" &&
	pg_query "$dev" "create table mine (id int)" &&
	test_must_fail git hop restore 2>err &&
	test_grep "schema.sql:2:.*nosuchtype" err &&
	is_at "$dev" 1.1.0 &&
	pg_query "$dev" "table mine" &&
	only_templates &&
	git push -q -f --no-verify origin ho-prod~1:ho-prod &&
	git reset -q --hard ho-prod~1
'

test_expect_success 'names that have to be quoted' '
	odd="$(pg_name "o\"d d; --")" &&
	git hop restore --database="$(pg_conninfo "'\''$odd'\''")" 2>err &&
	test_grep "database .*d d; --. is at version" err &&
	(pg_env && PGDATABASE=$odd "$HOP_TEST_PGBIN/psql" -Xqc "table item")
'

test_expect_success 'the option goes before the variable, the variable before the setting' '
	a=$(pg_name a) && b=$(pg_name b) &&
	HOP_DATABASE=$(pg_conninfo "$b") git hop restore &&
	is_at "$b" 1.1.0 &&
	HOP_DATABASE=$(pg_conninfo "$b") git hop restore --database="$(pg_conninfo "$a")" 1.0.0 &&
	is_at "$a" 1.0.0 &&
	is_at "$b" 1.1.0 &&
	test_expect_code 129 git hop restore --database="host=x password=secret nonsense" 2>err &&
	! grep secret err
'

test_expect_success 'PG* variables name the server, project and user the database' '
	git config --unset hop.database &&
	test_when_finished "hop_database . p" &&
	name=$(git config -f .hop/config hop.name)_$(id -un) &&
	(pg_env && git hop restore 1.0.0) 2>err &&
	test_when_finished "pg_query postgres \"drop database \\\"$name\\\"\"" &&
	is_at "$name" 1.0.0 &&
	(pg_env && PGDATABASE=$dev git hop restore 1.0.0) &&
	is_at "$dev" 1.0.0
'

test_expect_success 'no database named: the private server' '
	git config --unset hop.database &&
	test_when_finished "git hop server stop; hop_database . p" &&
	git hop restore &&
	git hop server psql -XqAt -c "select name from names" &&
	git hop restore 1.0.0 &&
	git hop server psql -XqAt -c "select viewname from pg_views
		where schemaname = \$\$public\$\$" >views &&
	test_must_be_empty views
'

all_at_once() {
	local version pid pids=
	for version; do
		git hop restore "$version" &
		pids="$pids $!"
	done
	for pid in $pids; do
		wait "$pid" || return
	done
}

test_expect_success 'six at once, and the database is whole' '
	all_at_once 1.0.0 1.1.0 1.0.0 1.1.0 0.0.0 1.1.0 &&
	git hop restore 1.0.0 &&
	is_at "$dev" 1.0.0 &&
	only_templates
'

test_expect_success 'templates beyond hop.templates go, the one used last stays' '
	git config hop.templates 1 &&
	test_when_finished "git config --unset hop.templates" &&
	git hop restore 1.1.0 &&
	settled 1
'

# templates: their names.
templates() {
	local id
	id=$(git config -f .hop/config hop.id) &&
	pg_query postgres "select datname from pg_database where datname ~ '^hop_[0-9a-f]{8}_t_'
		and shobj_description(oid, 'pg_database') like '%$id%'"
}

# aged DAYS: all templates were of use that many days ago.
aged() {
	local template
	for template in $(templates); do
		pg_query postgres "do \$\$ begin
			execute format('comment on database %I is %L', '$template', regexp_replace(
				(select shobj_description(oid, 'pg_database')
					from pg_database where datname = '$template'),
				'used [0-9]+',
				'used ' || extract(epoch from now())::bigint - $1 * 86400));
			end \$\$" || return
	done
}

test_expect_success 'templates that were of no use for hop.templateAge days go' '
	git hop restore 1.0.0 && git hop restore 0.0.0 && git hop restore 1.1.0 &&
	all=$(templates | wc -l) && [ "$all" -ge 3 ] && aged 13 &&
	git hop restore 1.1.0 && settled "$all" && aged 15 &&
	git hop restore 1.1.0 && settled 1 &&
	git config hop.templateAge 2 && git hop restore 1.0.0 && settled 2 && aged 1 &&
	git hop restore 1.0.0 && settled 2 && aged 3 && git hop restore 1.0.0 && settled 1 &&
	git config --unset hop.templateAge
'

test_done
