#!/bin/bash
# Words, settings and names that are malformed or mean harm: said what is expected, nothing is run.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

{
	hop_project a && cd a && git hop release create minor &&
	hop_patch 1-users "create table users (i int)"
} >/dev/null 2>&1 || exit 99

# wrong STATUS PATTERN COMMAND...: fails so, says PATTERN, runs no word and changes nothing.
wrong() {
	local status=$1 pattern=$2
	shift 2
	hop_state . >"$HOME/before" &&
	test_expect_code "$status" "$@" 2>"$HOME/err" && test_grep "$pattern" "$HOME/err" &&
	! grep "s3cret" "$HOME/err" &&
	hop_state . >"$HOME/after" && test_cmp "$HOME/before" "$HOME/after" &&
	[ -z "$(find "$TRASH" -name pwned)" ]
}

# set_conf SED...: the project's config at origin, changed.
set_conf() {
	git switch -q ho-prod && sed -i "$@" .hop/config &&
	git commit -qam "Change the config" --no-verify &&
	git push -q --no-verify && git switch -q ho-patch/1-users
}

undo_conf() {
	git switch -q ho-prod && git revert --no-edit HEAD >/dev/null &&
	git push -q --no-verify &&
	git switch -q ho-patch/1-users
}

test_expect_success 'IDs and versions of every command' '
	for word in "1;id" "\$(touch pwned)" "\`touch pwned\`" "../../etc" \
		"--upload-pack=touch pwned" \
		"1-a b" "HEAD" "refs/heads/x" "1..2" "%s%s%n" "1
2" "-1" "1-ü"; do
		wrong 129 "^fatal: " git hop patch create --release 0.1.0 -- "$word" &&
		wrong 129 "^fatal: " git hop patch merge -- "$word" &&
		wrong 129 "^fatal: " git hop patch show -- "$word" &&
		wrong 129 "^fatal: " git hop release show -- "$word" &&
		wrong 129 "^fatal: " git hop patch create --release "$word" 9 &&
		wrong 129 "^fatal: " git hop patch merge --before "$word" 9 &&
		wrong 129 "^fatal: " git hop restore -- "$word" &&
		wrong 129 "^fatal: " git hop release create -- "$word" || return
	done
'

test_expect_success 'versions: what is not one' '
	wrong 129 "^hint: .*write the version: 1.2.3$" git hop release show -- v1.2.3 &&
	for word in 1 1.2 1.2.3.4 01.2.3 1.2.3-rc 1.2.3-rc0 1.2.3-rc01 1.2.3-beta1 1.2.x \
		"1.2.3 " \
		1000000.0.0 99999999999999999999.0.0 -1.0.0 1.-2.3 ""; do
		wrong 129 "^fatal: .*X.Y.Z\|^hint: .*X.Y.Z" git hop release show -- "$word" ||
		return
	done
'

test_expect_success 'URLs: options, commands, transports that run something, what is not there' '
	cd .. &&
	for url in "ext::sh -c touch% pwned" "--upload-pack=touch pwned" \
		"-oProxyCommand=touch pwned" \
		"ssh://-oProxyCommand=touch%20pwned/x" "/nowhere/x.git" "" "file:///nowhere" \
		"\$(touch pwned)" "x;touch pwned" "http://127.0.0.1:1/x.git"; do
		test_must_fail git hop clone -- "$url" target 2>err &&
		test_grep "^fatal: \|^error: " err &&
		test_path_is_missing pwned && test_path_is_missing target &&
		[ -z "$(ls -d target* 2>/dev/null)" ] || return
	done &&
	test_must_fail git hop init --git-origin="ext::sh -c touch% pwned" target &&
	test_path_is_missing pwned && [ -z "$(ls -d target* 2>/dev/null)" ] && cd a
'
cd "$TRASH/a" || exit 99

test_expect_success 'connection strings: malformed, of unknown words, with a password' '
	for text in "dbname" "nosuch=1" "dbname=x port=abc" "=x" "postgresql://[::1" \
		"dbname='\''x" \
		"host=a,b port=1,2,3" "postgresql:///x?nosuch=1" "dbname=x port=0" \
			"port=99999 dbname=x"; do
		test_must_fail git hop patch apply --database="$text" 2>../err &&
		test_grep "^fatal: " ../err || return
	done &&
	wrong 129 "^fatal: " git hop patch apply --database="nosuch=1 password=s3cret" &&
	wrong 129 "^fatal: " git hop patch apply \
		--database="postgresql://u:s3cret@h:x:y/d?nosuch=1" &&
	wrong 75 "^fatal: " git hop patch apply --database="password=s3cret dbname=x host=/nowhere"
'

test_expect_success 'a password works and is not shown: not in errors, traces, or what is started' '
	db="$(pg_conninfo "$(pg_name a)") password=s3cret" &&
	HOP_TRACE="$TRASH/trace" git hop patch apply -v --database="$db" >../out 2>&1 &&
	git hop status --database="$db" --json >>../out 2>&1 &&
	git switch -q ho-release/0.1.0 &&
	git hop patch create 2 &&
	cat >show <<-\END &&
	env
	for file in /proc/[0-9]*/cmdline; do
		tr "\0" " " <"$file"
		echo
	done 2>/dev/null
	END
	sed -i "s/^command.*/command = sh show/" .hop/config &&
	git add show && git commit -qam "Show" && git push -q &&
	HOP_TRACE="$TRASH/trace" git hop patch merge -v --allow-empty --database="$db" \
		>>../out 2>&1 &&
	! grep s3cret ../trace && sed "/^ *PGPASSWORD=/d; / --database=/d" ../out >../shown &&
	! grep s3cret ../shown &&
	! grep -r s3cret .git && git switch -q ho-patch/1-users
'

test_expect_success 'names of databases are names: spaces, quotes, SQL, options, 63 bytes' '
	for name in "a b" "a\"b" "a'\''b" "x; drop database postgres" "-rf" "--help" "é" "%s" \
		"a=b" \
		"template0 " "$(printf "%063d" 1)"; do
		quoted=$(pg_name "$name" | sed "s/[\\\\$(printf "\047")]/\\\\&/g") &&
		case $name in 0*) quoted=$(echo "$quoted" | cut -c 1-63) ;; esac &&
		git hop patch apply --database="$(pg_conninfo x) dbname='\''$quoted'\''" &&
		git hop patch apply --database="$(pg_conninfo x) dbname='\''$quoted'\''" || return
	done &&
	pg_query postgres \
		"select count(*) from pg_database where datname like '\''${PG_PREFIX}%'\''" \
		>../out &&
	pg_query postgres "select format('\''drop database %I;'\'', datname) from pg_database
		where datname like '\''${PG_PREFIX}%'\''" >../drop && pg_psql postgres -f ../drop &&
	[ "$(cat ../out)" -ge 11 ]
'

test_expect_success 'databases that are nobody s: template0, template1, postgres' '
	pg_query postgres "create table if not exists hop_test_guard (i int)" &&
	test_when_finished "pg_query postgres \"drop table hop_test_guard\"" &&
	wrong 1 "^error: " git hop patch apply --database="$(pg_conninfo postgres)" &&
	test_must_fail git hop patch apply --database="$(pg_conninfo template0)" &&
	test_must_fail git hop patch apply --database="$(pg_conninfo template1)" &&
	pg_query postgres "select * from hop_test_guard" && pg_query template1 "select 1" &&
	[ \
		"$(pg_query postgres "select count(*) from pg_database where datistemplate
		and datname like
		'\''template_'\''")" = 2 ]
'

test_expect_success '.hop/config: unknown keys and sections, twice, too long, NUL: file and line' '
	set_conf "\$a [hop]\\nnonsense = 1" &&
	wrong 128 "^fatal: ho-prod:.hop/config:[0-9]*: .*nonsense" git hop status &&
	undo_conf && set_conf "\$a [nonsense]\\nx = 1" &&
	wrong 128 "^fatal: ho-prod:.hop/config:[0-9]*: .*nonsense" git hop patch apply &&
	undo_conf && set_conf "s/^name = .*/&\\n&/" &&
	wrong 128 "^fatal: .*config:[0-9]*: " git hop patch list &&
	undo_conf && set_conf "s/^command.*/command = $(printf "%0300d" 1)/" &&
	wrong 128 "^fatal: .*config:[0-9]*: .*bytes" git hop release list &&
	undo_conf && set_conf "s/^name = .*/name = ..\/x/" &&
	wrong 128 "^fatal: .*config:[0-9]*: " git hop status &&
	undo_conf && set_conf "s/^name = .*/name = a\\x00b/" &&
	wrong 128 "^fatal: .*NUL" git hop status &&
	undo_conf && set_conf "s/^id = .*/id = 1; drop/" &&
	wrong 128 "^fatal: .*config:[0-9]*: " git hop status &&
	undo_conf && set_conf d && wrong 128 "^fatal: .*config" git hop status && undo_conf &&
	git hop status
'

test_expect_success 'a project of a newer or older format is refused by every command, and named' '
	for format in 2 0 17 x "" 99999999999; do
		set_conf "s/^format = .*/format = $format/" &&
		for command in status "patch list" "patch apply" "patch merge" "patch create 9" \
			"release create patch" "release list" "release promote prod" restore \
				update upgrade; do
			wrong 128 "^fatal: .*format" git hop $command || return
		done && undo_conf || return
	done
'

test_expect_success 'settings of git: garbage is named with what is expected' '
	git config hop.database "nonsense=1" &&
	wrong 129 "^fatal: malformed .*: invalid connection option .nonsense.$" \
		git hop patch apply &&
	git config hop.database "=" && wrong 129 "^fatal: " git hop patch apply &&
	git config --unset hop.database &&
	for value in x -1 1h 99999999999999999999 "5 minutes" "\$(touch pwned)"; do
		git config hop.serverIdle "$value" &&
		wrong 128 "hop.serverIdle\|hop.serveridle" git hop server start &&
		wrong 128 "hop.serverIdle\|hop.serveridle" git hop patch apply || return
	done && git config --unset hop.serverIdle && hop_database . a &&
	git config hop.production maybe && wrong 128 "hop.production" git hop status &&
	git config --unset hop.production &&
	git config hop.resetDatabase maybe && git hop patch apply &&
	git config --unset hop.resetDatabase &&
	for value in "--upload-pack=touch pwned" "no such" "../x" "ext::sh -c touch% pwned"; do
		git config hop.remote "$value" &&
		wrong 128 "^fatal: " git hop patch create 9 --release 0.1.0 || return
	done && git config --unset hop.remote
'

test_expect_success 'a version with the prefix of its tag: the version is named' '
	wrong 129 "^hint: .*write the version: 0.1.0$" git hop restore v0.1.0
'

test_expect_success 'settings of git that are too small, or too large for a number' '
	git config hop.serverIdle 99999999999 &&
	wrong 128 "^fatal: hop.serverIdle is .9*., not between 0 and 2147483647" \
		git hop server status &&
	git config --unset hop.serverIdle &&
	for value in 0 -1 4G; do
		git config hop.backupKeep $value && git hop check >../out || : &&
		test_grep "hop.backupKeep is .$value., not between 1 and" ../out || return
	done && git config --unset hop.backupKeep
'

test_expect_success 'settings of git from the command line, the environment and other files' '
	wrong 128 "^fatal: hop.production is .a b., neither" \
		git -c hop.production="a b" hop status &&
	wrong 1 "production clone" git -c HOP.Production hop patch create 9 --release 0.1.0 &&
	wrong 1 "production clone" env GIT_CONFIG_COUNT=2 GIT_CONFIG_KEY_0=hop.production \
		GIT_CONFIG_VALUE_0=no GIT_CONFIG_KEY_1=hop.production GIT_CONFIG_VALUE_1=1 \
		git hop patch create 9 --release 0.1.0 &&
	printf "[hop]\n\tproduction\n" >../config &&
	for variable in GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM; do
		wrong 1 "production clone" env -u GIT_CONFIG_NOSYSTEM $variable="$PWD/../config" \
			git hop patch create 9 --release 0.1.0 || return
	done &&
	GIT_CONFIG_SYSTEM="$PWD/../config" git hop status &&
	wrong 128 "^fatal: cannot read the configuration of git" \
		env GIT_CONFIG_PARAMETERS="no quotes" git-hop status &&
	rm -f ../trace && HOP_TRACE="$PWD/../trace" git hop status &&
	! grep "config --list" ../trace
'

test_expect_success 'what a database and a role are set to for others does not stop hop' '
	role=$(pg_name limited) && pg_create_role "$role" createdb &&
	while read -r setting; do
		pg_query postgres "alter role \"$role\" set $setting" || return
	done <<-END &&
	statement_timeout = 40
	idle_in_transaction_session_timeout = 10
	default_transaction_read_only = on
	default_transaction_isolation = serializable
	default_transaction_deferrable = on
	search_path = nowhere
	END
	git config hop.database "$(pg_conninfo "$(pg_name limited)" "$role")" &&
	git switch -q ho-release/0.1.0 && hop_patch 50 "set statement_timeout = 0;
		create table seen as select name, setting from pg_settings
		where name in ('\''default_transaction_isolation'\'', '\''search_path'\'')
		and current_setting('\''transaction_read_only'\'') = '\''off'\'';
		do \$\$ begin
		execute format('\''alter database %I set default_transaction_read_only = on'\'',
			current_database());
		execute format('\''alter database %I set statement_timeout = 40'\'',
			current_database());
		end \$\$;" &&
	git hop patch apply && git hop patch apply &&
	pg_query "$(pg_name limited)" "select * from public.seen order by 1" >../out &&
	printf "default_transaction_isolation|serializable\nsearch_path|public\n" >../expect &&
	test_cmp ../expect ../out && git hop restore && git hop patch merge &&
	hop_patch 51 "set statement_timeout = 0; select 1;" && git hop patch apply &&
	git hop patch merge && hop_database . a && git switch -q ho-patch/1-users
'

test_expect_success 'what a server says while it lets someone in is quoted' '
	esc=$(printf "\\033[31m") && pg_create_db "$(pg_name says)" &&
	pg_query postgres "insert into pg_db_role_setting
		select oid, 0, array['\''work_mem=forged
fatal: $esc'\''] from pg_database where datname = '\''$(pg_name says)'\''" &&
	git hop status -v --database="$(pg_conninfo "$(pg_name says)")" >../out 2>&1 &&
	test_grep "^server: WARNING: .*forged.nfatal: .033.31m" ../out &&
	! grep "$esc" ../out && ! grep "^fatal" ../out
'

test_expect_success 'the environment: garbage in HOP_* and PG*' '
	HOP_DATABASE="nonsense=1" wrong 129 "^fatal: " git hop patch apply &&
	HOP_DATABASE="host=/nowhere dbname=x" wrong 75 "^fatal: " git hop patch apply &&
	HOP_DATABASE="" git hop patch apply && HOP_TRACE=/nowhere/x git hop status &&
	PGOPTIONS="-c search_path=nosuch -c standard_conforming_strings=off" \
	PGAPPNAME="x; y" PGCLIENTENCODING=LATIN1 PGDATESTYLE=German git hop patch apply &&
	PGSERVICE=nosuch wrong 128 "^fatal: .*nosuch" git hop patch apply \
		--database="service=nosuch" &&
	PGPORT=abc PGDATABASE=nosuch PGUSER=nosuch git hop patch apply &&
	TMPDIR=/nowhere git hop patch apply && test_expect_code 0 env -u HOME git hop status
'

test_expect_success 'git is not there: said by name' '
	test_expect_code 128 env PATH=/nowhere "$HOP_BUILDDIR/cmd/git-hop" patch create 9 \
		--release 0.1.0 \
		2>../err && test_grep "^fatal: .*git" ../err
'

test_expect_success 'branches and tags that look like ours and are not are passed over' '
	{ git hop release list --porcelain && git hop patch list --porcelain; } >../want &&
	for branch in ho-release/1.0 ho-release/x ho-release/1.0.0-rc1 ho-release/01.0.0 \
		ho-patch/x \
		ho-patch/01 ho-patch/1-A ho-staged/none ho-release/1.0.0/x ho-prod-old \
			ho-patch/7/8 ho-x; do
		git push -q origin "HEAD:refs/heads/$branch" && git branch -q "$branch" || return
	done && git push -q origin HEAD:refs/heads/HO-PROD HEAD:refs/tags/v9 HEAD:refs/tags/v1.0 &&
	git fetch -q && git hop status &&
	{ git hop release list --porcelain && git hop patch list --porcelain; } >../out &&
	test_cmp ../want ../out &&
	git hop patch create 30 --release 0.1.0 && git switch -q ho-patch/1-users &&
	git hop patch apply &&
	git rev-parse --verify ho-patch/x && git rev-parse --verify ho-release/1.0 &&
	git switch -q ho-patch/x && wrong 1 "is not a patch branch" git hop patch merge &&
	git switch -q ho-release/1.0 && git hop patch create 31 && git hop patch list >../out &&
	test_grep "31" ../out &&
	git switch -q ho-patch/1-users
'

test_expect_success 'a release branch of ours in name that has no list, or no history in common' '
	git push -q --no-verify origin ho-prod:refs/heads/ho-release/7.0.0 &&
	git fetch -q && git hop release list 2>../err &&
	test_grep "^warning: skipping .ho-release/7.0.0.: .* has no .hop/releases/7" ../err &&
	wrong 128 "ho-release/7.0.0. has no" git hop patch create 41 --release 7.0.0 &&
	git push -q --no-verify origin :ho-release/7.0.0 &&
	git fetch -q --prune && git hop release list 2>../err && ! grep passed ../err
'

test_expect_success 'refs/hop at origin that are garbage do not matter' '
	git push -q origin HEAD:refs/hop/patch/x HEAD:refs/hop/patch/007 HEAD:refs/hop/nonsense/x &&
	git hop patch create 40 --release 0.1.0 && git hop status && git switch -q ho-patch/1-users
'

test_expect_success 'unknown commands, options, and none' '
	wrong 129 "not a git hop command" git hop nonsense && wrong 129 "" git hop &&
	wrong 129 "" git hop patch nonsense && wrong 129 "" git hop patch apply extra &&
	wrong 129 "" git hop patch create && wrong 129 "" git hop patch create 1 2 &&
	wrong 129 "" git hop patch apply --take-over && wrong 129 "" git hop status --database &&
	wrong 129 "" git hop init a b && wrong 129 "" git hop clone && wrong 129 "" git hop -C &&
	wrong 128 "" git hop -C /nowhere status && wrong 129 "" git hop ../../bin/sh
'

test_done
