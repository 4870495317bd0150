#!/bin/bash
# Who may create objects in schema public gains nothing when a superuser runs git hop: none of its
# own statements calls them.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"
# shellcheck source=tests/lib/prod-lib.sh
. "$(dirname "$0")/../lib/prod-lib.sh"

mallory=$(pg_name mallory)

# words: what the statements of a trace consist of; a trace has the beginning of the long ones only.
words() {
	grep -h ' sql ' "$1" | cat - "$HOP_SRCDIR"/lib/sql/*.sql | sed 's/-- .*//' |
		tr '[:upper:]' '[:lower:]' |
		grep -oE '[a-z_][a-z0-9_]*|[-+*/<>=~!@#%^&|?]+' | sort -u | tr '\n' ' '
}

# plant DATABASE: hostile objects of mallory's for all that the trace has.
plant() {
	pg_query "$1" "grant usage, create on schema public to \"$mallory\"" &&
	"$HOP_TEST_PGBIN/psql" -XqAt -v ON_ERROR_STOP=1 -d "$(pg_conninfo "$1" "$mallory")" \
		-v words="$(words "$TRASH/trace")" -v role="$mallory" \
		-f "$HOP_SRCDIR/tests/lib/hostile.sql"
}

# called DATABASE: which of them was called last, if any; and it is forgotten again.
called() {
	pg_psql "$1" <<-END
		set search_path = pg_catalog;
		select object from public.planted, public.witness where number = last_value;
		select setval('public.witness', 0) \g /dev/null
		select 'superuser' from pg_roles where rolname = '$mallory' and rolsuper;
		alter role "$mallory" nosuperuser;
	END
}

nothing_called() {
	called "$1" >"$HOME/called" && test_must_be_empty "$HOME/called"
}

# database NAME: with a table, and with all that is planted from the second test on.
database() {
	pg_query postgres "create database \"$1\" template \"$(pg_name from)\""
}

# produce DATABASE DIR: all that is run on a production database, one after another. The project is
# put together by hand, so check finds something to say.
produce() {
	database "$1" && git hop clone --production --database="$(pg_conninfo "$1")" --at=0.1.0 \
		--yes "$TRASH/shop.git" "$2" &&
	(
		cd "$2" && git hop update && git hop status && test_expect_code 1 git hop check &&
		git hop upgrade --to-release=0.2.0 --yes --accept-drift &&
		git hop upgrade --atomic --yes --accept-drift &&
		git hop status && git hop update && test_expect_code 1 git hop check
	) && [ "$(prod_versions "$1" | tr " " "\n" | tail -1)" = 0.3.0 ]
}

# adopt DATABASE DIR: a new project begins with it.
adopt() {
	database "$1" && mkdir "$2" && git -C "$2" init -q -b ho-prod &&
	(
		cd "$2" && git config hop.database "$(pg_conninfo "$1")" &&
		git hop init --database="$(pg_conninfo "$1")" --as=development --test= &&
		git hop status && git hop check
	)
}

# develop: the commands that look at a development database, and replace it.
develop() {
	(cd dev && git hop status && git hop check && git hop restore)
}

test_expect_success 'a project with releases, and all commands on databases without a stranger' '
	pg_create_role "$mallory" && : >trace && chmod 666 trace &&
	HOP_TRACE=$TRASH/trace && export HOP_TRACE &&
	pg_create_db "$(pg_name from)" && pg_query "$(pg_name from)" "create table a (i int)" &&
	prod_project shop && prod_file shop 1-a 01.sql "create table a (i int);" &&
	printf "%s\n" "COPY hop.release (version, hop_version, duration_ms) FROM stdin;" \
		"0.1.0	0.1.0	0" "\." >shop/.hop/model/metadata.sql &&
	prod_release shop 0.1.0 1-a &&
	prod_file shop 2-b 01.sql "create table b (i int);" && prod_release shop 0.2.0 2-b &&
	prod_file shop 3-c 01.sql "create view c as select i from b;" &&
	prod_release shop 0.3.0 3-c &&
	produce "$(pg_name before)" before && adopt "$(pg_name taken)" taken &&
	hop_project dev && (
		cd dev && git hop release create minor &&
		hop_patch 1 "create table b (i int);" && git hop patch apply
	) && develop
'

test_expect_success 'what is planted works: a careless query makes its role a superuser' '
	plant "$(pg_name from)" && nothing_called "$(pg_name from)" &&
	pg_query "$(pg_name from)" "select datname !~ datname from pg_database limit 1" &&
	called "$(pg_name from)" >out &&
	printf "an operator for name and name\nsuperuser\n" >expect && test_cmp expect out
'

test_expect_success 'clone --production, update, status, check, upgrade and its backup call none' '
	produce "$(pg_name prod)" prod && nothing_called "$(pg_name prod)"
'

test_expect_success 'nor do init of that database, status and check' '
	adopt "$(pg_name hostile)" hostile && nothing_called "$(pg_name hostile)"
'

test_expect_success 'nor do status, check and restore where the development database has them' '
	plant "$(pg_name dev)" && develop && nothing_called "$(pg_name from)"
'

test_done
