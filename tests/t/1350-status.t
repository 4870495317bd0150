#!/bin/bash
# git hop status: what it says of releases, checkout and database; it starts and changes nothing.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# field KIND NAME [OPTION...]: of the first record of a kind.
field() {
	local kind=$1 name=$2
	shift 2
	git hop status --json "$@" >"$HOME/json" &&
		hop_json "$HOME/json" "d['$kind'][0]['$name']"
}

test_expect_success 'a new project' '
	hop_project a && cd a &&
	git hop status >../out &&
	test_grep "^project  *a$" ../out && test_grep "^production  *0\.0\.0$" ../out &&
	test_grep "^branch  *ho-prod$" ../out &&
	[ "$(field database problem)" = "does not exist yet" ] &&
	pg_databases >../dbs && test_must_be_empty ../dbs
'
cd "$TRASH/a" || exit 99

test_expect_success 'porcelain: the version first, then records whose fields do not move' '
	git hop status --porcelain >../out &&
	cut -f 1 ../out >../kinds &&
	printf "%s\n" "# git-hop status 1" project remote checkout database >../expect &&
	test_cmp ../expect ../kinds &&
	awk -F "\t" "{ print NF }" ../out >../fields && printf "%s\n" 1 4 3 6 9 >../expect &&
	test_cmp ../expect ../fields &&
	grep "^project" ../out >../line && printf "project\ta\t0.0.0\tfalse\n" >../expect &&
	test_cmp ../expect ../line
'

test_expect_success 'releases, their patches, and what of them is in the database' '
	git hop release create minor && hop_patch 1-users "create table users (i int);" &&
	git hop patch merge && hop_patch 2 "create table two (i int);" && git hop patch apply &&
	git hop status >../out &&
	test_grep "^release  *0.1.0 in preparation: 1 staged, 1 candidate$" ../out &&
	test_grep "^  staged    1-users$" ../out && test_grep "^  candidate 2$" ../out &&
	test_grep "^database  *$(pg_name a) (development) at 0.0.0, with 1-users 2 of 0.1.0$" \
		../out &&
	[ "$(field database role)" = development ] && [ "$(field database version)" = 0.1.0 ] &&
	[ "$(field database patches)" = "1-users 2" ] &&
	[ "$(hop_json "$HOME/json" "[p[\"id\"] for p in d[\"patch\"]]")" = \
		"['\''1-users'\'', '\''2'\'']" ] &&
	[ "$(field checkout branch)" = ho-patch/2 ]
'

test_expect_success 'ahead, behind, changed' '
	git fetch -q && [ "$(field checkout ahead)" = 1 ] && [ "$(field checkout behind)" = 0 ] &&
	[ "$(field checkout changes)" = 0 ] &&
	echo x >>Patches/2/01.sql && echo y >untracked && [ "$(field checkout changes)" = 1 ] &&
	git checkout -q . && rm untracked &&
	git push -q && git reset -q --hard HEAD^ && [ "$(field checkout behind)" = 1 ] &&
	git hop status >../out && test_grep "1 behind" ../out && git pull -q &&
	git switch -q --detach && [ "$(field checkout branch)" = None ] &&
	git hop status >../out && test_grep "HEAD is detached" ../out && git switch -q ho-patch/2
'

test_expect_success 'it asks no remote and changes no ref' '
	mv ../origin.git ../moved.git && git_refs . >../before && git hop status &&
	git_refs . >../after && test_cmp ../before ../after && mv ../moved.git ../origin.git
'

test_expect_success 'another database: none of ours, of another project, out of reach' '
	pg_create_db "$(pg_name x)" &&
	[ "$(field database problem --database="$(pg_conninfo "$(pg_name x)")")" = \
		"is not managed by git hop" ] &&
	(mkdir ../two && cd ../two && git hop init --test= other && cd other &&
		hop_database . other &&
		git hop release create minor && hop_patch 1 "select 1" && git hop patch apply) &&
	[ "$(field database problem --database="$(pg_conninfo "$(pg_name other)")")" = \
		"belongs to another project" ] &&
	git hop status --database="host=/nowhere dbname=x" >../out &&
	test_grep "^database  *x: " ../out
'

test_expect_success 'a project name or database with anything in it survives both forms' '
	db="$(pg_name "a	tab
newline \\ \"quote\"")" && pg_query postgres "create database \"$(pg_name "a	tab
newline \\ \"\"quote\"\"")\" template template0" &&
	conninfo="host=$HOP_TEST_PGHOST port=5432 user=postgres dbname='\''$(echo "$db" |
		sed "s/\\\\/\\\\\\\\/g")'\''" &&
	[ "$(field database name --database="$conninfo")" = "$db" ] &&
	git hop status --porcelain --database="$conninfo" >../out && test_line_count = 8 ../out &&
	test_grep "a.ttab.nnewline .. .\"quote.\"" ../out &&
	pg_query postgres "drop database \"$(pg_name "a	tab
newline \\ \"\"quote\"\"")\""
'

test_expect_success 'wrong command lines' '
	test_expect_code 129 git hop status extra &&
	test_expect_code 129 git hop status --json --porcelain &&
	test_expect_code 129 git hop status --nonsense 2>../err && test_grep "usage" ../err &&
	test_expect_code 128 git hop status >/dev/full
'

test_expect_success 'not a project, and not a repository: said, with what to do' '
	git init -q ../plain && test_expect_code 128 git -C ../plain hop status 2>../err &&
	test_grep "^fatal: this repository is not a git hop project" ../err &&
	test_grep "^hint: .*git hop init" ../err &&
	mkdir ../nothing && test_expect_code 128 git -C ../nothing hop status 2>../err &&
	test_grep "^fatal: " ../err
'

test_expect_success 'a private server: not created, running, stopped; status starts none' '
	git config --unset hop.database && [ "$(field database server)" = "not created" ] &&
	git hop patch apply && [ "$(field database server)" = running ] &&
	[ "$(field database version)" = 0.1.0 ] && git hop server stop &&
	[ "$(field database server)" = stopped ] && [ "$(field database server)" = stopped ]
'

test_done
