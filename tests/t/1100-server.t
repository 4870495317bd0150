#!/bin/bash
# git hop server: one private PostgreSQL for a repository.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"

git init -q r
git -C r commit -q --allow-empty -m Begin
cd r || exit 99

field() {
	git hop server status --porcelain 2>/dev/null | sed 1d | cut -f "$1"
}

test_expect_success 'a server that was never made: status exits with 1, stop does nothing' '
	test_expect_code 1 git hop server status >out 2>err &&
	test_grep "^not created yet" out &&
	test_grep "error: the private server is not running" err &&
	test_grep "hint: .*git hop server start" err &&
	git hop server stop 2>err &&
	test_grep "was not running" err &&
	test_path_is_missing .git/hop
'

test_expect_success 'start returns though its output is a pipe, prints nothing but a note' '
	out=$(git hop server start 2>err) &&
	[ -z "$out" ] &&
	test_grep "^started the private server in .*" err &&
	out=$(git hop server start 2>&1) &&
	[ -z "$out" ]
'

test_expect_success 'status as text' '
	git hop server status >out 2>err &&
	test_must_be_empty err &&
	test_grep "^running: PostgreSQL [1-9][0-9]*, pid [0-9]*, since 20" out &&
	test_grep "^directory: " out &&
	test_grep "^socket: " out &&
	test_grep "^stops after: 1800 seconds" out
'

test_expect_success 'status --porcelain' '
	git hop server status --porcelain >out &&
	test_line_count = 2 out &&
	[ "$(sed -n 1p out)" = "# git-hop server status 1" ] &&
	[ "$(field 1,2)" = "server	running" ] &&
	[ -S "$(field 4)/.s.PGSQL.5432" ] &&
	[ "$(field 5)" = "$(cat "$(field 3)/data/PG_VERSION")" ] &&
	kill -0 "$(field 6)" &&
	[ "$(field 7)" -gt 1700000000 ] &&
	[ "$(field 8)" = 1800 ]
'

test_expect_success 'status --json has the same fields' '
	git hop server status --json >out &&
	python3 -c "
import json
s = json.load(open(\"out\"))
assert s[\"version\"] == 1 and s[\"command\"] == \"server status\"
r, = s[\"server\"]
print(\"server\", *r.values(), sep=\"\\t\")
" >actual &&
	git hop server status --porcelain | sed 1d >expect &&
	test_cmp expect actual &&
	test_expect_code 129 git hop server status --json --porcelain
'

test_expect_success 'there is no TCP port and nobody else can open the socket' '
	[ "$(git hop server psql -Atc "show listen_addresses")" = "" ] &&
	[ "$(stat -c %a "$(field 4)")" = 700 ] &&
	[ "$(stat -c %a "$(field 3)/data")" = 700 ]
'

test_expect_success 'psql: arguments, input and exit status are those of psql' '
	git hop server psql -Atc "select current_user, current_database()" >out &&
	[ "$(cat out)" = "hop_build|postgres" ] &&
	[ "$(echo "select 6 * 7" | git hop server psql -At)" = 42 ] &&
	test_expect_code 3 git hop server psql -v ON_ERROR_STOP=1 -f - <<-END &&
	select 1 / 0;
	END
	git hop server psql --version >out &&
	test_grep "^psql (PostgreSQL)" out
'

test_expect_success 'psql goes to the database of the project, whatever the environment says' '
	mkdir .hop && test_when_finished "rm -r .hop" &&
	printf "%s\n" "[hop]" "format = 1" "name = shop" "id = 0123456789abcdef0123456789abcdef" \
		>.hop/config &&
	git hop server psql -d postgres -c "create database shop" &&
	(
		export PGHOST=/nowhere PGHOSTADDR=192.0.2.1 PGSERVICE=none &&
		export PGDATABASE=x PGPORT=1 PGUSER=y &&
		git hop server psql -Atc "select current_database()" >out
	) &&
	[ "$(cat out)" = shop ]
'

test_expect_success 'a broken .hop/config is warned about' '
	mkdir .hop && test_when_finished "rm -r .hop" &&
	echo nonsense >.hop/config &&
	git hop server psql -Atc "select current_database()" >out 2>err &&
	[ "$(cat out)" = postgres ] &&
	test_grep "^warning: .hop/config" err
'

test_expect_success 'env leads other programs there' '
	(
		export PGHOSTADDR=192.0.2.1 PGSERVICE=none &&
		eval "$(git hop server env)" &&
		"$HOP_TEST_PGBIN/psql" -Atc "select current_user, current_database()" >../out
	) &&
	[ "$(cat ../out)" = "hop_build|postgres" ]
'

test_expect_success 'a linked worktree shares the server, a clone does not' '
	git worktree add -q --detach ../linked &&
	(cd ../linked && git hop server status --porcelain) >actual &&
	git hop server status --porcelain >expect &&
	test_cmp expect actual &&
	git clone -q . ../clone &&
	(cd ../clone && test_expect_code 1 git hop server status)
'

test_expect_success 'in a subfolder, and in a bare repository' '
	mkdir -p sub/folder &&
	(cd sub/folder && git hop server status --porcelain) >actual &&
	git hop server status --porcelain >expect &&
	test_cmp expect actual &&
	git init -q --bare ../bare.git &&
	test_when_finished "git -C ../bare.git hop server stop" &&
	git -C ../bare.git hop server start &&
	[ "$(git -C ../bare.git hop server psql -Atc "select 1")" = 1 ]
'

test_expect_success 'the descriptors of the caller are not kept open' '
	git hop server stop &&
	exec 7>held && flock 7 &&
	git hop server start &&
	exec 7>&- &&
	flock -n held true
'

test_expect_success 'stop keeps the databases, and start finds them' '
	git hop server stop 2>err &&
	test_grep "^stopped the private server" err &&
	test_expect_code 1 git hop server status >out &&
	test_grep "^not running: PostgreSQL" out &&
	[ "$(field 2)" = stopped ] &&
	[ "$(field 6,7)" = "-	-" ] &&
	git hop server psql -Atc "select datname from pg_database" >out &&
	grep -x shop out
'

test_expect_success 'settings of the user go before those of git hop' '
	test_expect_code 1 git hop server psql -c "alter system set max_connections = 40" &&
	PGPASSWORD=no git hop server psql -U postgres -c "alter system set max_connections = 50" &&
	git hop server stop &&
	[ "$(git hop server psql -Atc "show max_connections")" = 50 ] &&
	[ "$(git hop server psql -Atc "show fsync")" = off ]
'

test_expect_success 'no repository, no verb, wrong words' '
	(cd .. && test_expect_code 128 git hop server start 2>err && test_grep "^fatal: " err) &&
	test_expect_code 129 git hop server &&
	test_expect_code 129 git hop server run &&
	test_expect_code 129 git hop server start now &&
	test_expect_code 129 git hop server stop --all &&
	git config hop.serverIdle soon &&
	test_expect_code 128 git hop server start 2>err &&
	grep -i "hop.serveridle" err
'

git config --unset hop.serverIdle
git hop server stop -q
test_done
