#!/bin/bash
# The private server after crashes, and where it cannot run.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"

git init -q r
cd r || exit 99

field() {
	git hop server status --porcelain 2>/dev/null | sed 1d | cut -f "$1"
}

state_is() {
	[ "$(field 2)" = "$1" ]
}
# wait_until COMMAND...: at most a minute.
wait_until() {
	local i
	for i in $(seq 600); do
		"$@" && return
		sleep 0.1
	done
	echo "waited in vain for: $*"
	return 1
}

busy() {
	[ "$(git hop server psql -Atc "select count(*) from pg_stat_activity
		where query like 'select pg_sleep%'")" = 1 ]
}

dir=$(field 3)

test_expect_success 'of eight that start it at once, one does, and for each it is there' '
	for i in 1 2 3 4 5 6 7 8; do
		{
			git hop server start 2>err.$i &&
			git hop server psql -Atc "select 1" >out.$i
		} &
	done;
	wait &&
	cat err.* >err && test_line_count = 1 err &&
	cat out.* >out && test_line_count = 8 out
'

test_expect_success 'killed with all its children: the stale pid file is no hindrance' '
	git hop server psql -U postgres -c "create table kept (a int)" -c checkpoint &&
	pid=$(field 6) &&
	kill -9 "$pid" &&
	[ -f "$dir/data/postmaster.pid" ] &&
	wait_until state_is stopped &&
	git hop server start 2>err &&
	test_grep "^started" err &&
	[ "$(field 6)" != "$pid" ] &&
	git hop server psql -U postgres -Atc "select * from kept"
'

test_expect_success 'killed while a backend is busy: the backend goes too' '
	{ git hop server psql -c "select pg_sleep(600)" & } &&
	wait_until busy &&
	kill -9 "$(field 6)" &&
	git hop server start &&
	wait &&
	git hop server psql -U postgres -Atc "select * from kept"
'

test_expect_success 'a pid file with the pid of something else' '
	git hop server stop &&
	{ sleep 600 & } &&
	other=$! &&
	test_when_finished "kill $other" &&
	printf "%s\n/x\n1\n5432\n../run\n\n1 2\nready\n" "$other" >"$dir/data/postmaster.pid" &&
	state_is stopped &&
	git hop server start &&
	state_is running &&
	kill -0 "$other"
'

test_expect_success 'starting it was killed while initdb was at work: the next start is whole' '
	git init -q ../killed &&
	cd ../killed &&
	new=$(field 3)/data.new &&
	{ setsid git hop server start & } &&
	starter=$! &&
	wait_until test -s "$new/PG_VERSION" &&
	kill -9 -- -$starter &&
	{ wait $starter; true; } &&
	[ -d "$new" ] &&
	state_is none &&
	git hop server start &&
	test_path_is_missing "$new" &&
	[ "$(git hop server psql -Atc "select 1")" = 1 ] &&
	git hop server stop
'
cd "$TRASH/r" || exit 99

test_expect_success 'data of a version that is not installed: nothing is touched, the hint works' '
	git hop server stop &&
	echo 98 >"$dir/data/PG_VERSION" &&
	(cd "$dir/data" && find . -type f -exec cksum {} + | sort) >before &&
	test_expect_code 128 git hop server start 2>err &&
	(cd "$dir/data" && find . -type f -exec cksum {} + | sort) >after &&
	test_cmp before after &&
	test_grep "^fatal: .*PostgreSQL 98" err &&
	test_grep "^hint: .*postgresql-98" err &&
	test_grep "^hint: .*: mv " err &&
	eval "$(sed -n "s/^hint: .*: mv /mv /p" err)" &&
	git hop server start &&
	[ -d "$dir/data.98" ]
'

test_expect_success 'data of a version that is too old: no package is named, and the hint works' '
	git hop server stop && echo 9 >"$dir/data/PG_VERSION" &&
	test_expect_code 128 git hop server start 2>err &&
	test_grep "^fatal: .*PostgreSQL 9; git hop requires 13" err && ! grep package err &&
	eval "$(sed -n "s/^hint: .*: mv /mv /p" err)" &&
	git hop server start && [ -d "$dir/data.9" ]
'

test_expect_success 'programs that are too old: nothing is made' '
	git init -q ../old && mkdir ../old.bin &&
	printf "#!/bin/sh\necho \"initdb (PostgreSQL) 12.22\"\n" >../old.bin/initdb &&
	chmod +x ../old.bin/initdb &&
	HOP_PGBIN=$PWD/../old.bin test_expect_code 128 git -C ../old hop server start 2>err &&
	test_grep "^fatal: .*PostgreSQL 12; git hop requires 13 or later" err &&
	test_grep "^hint: .*HOP_PGBIN" err && [ -z "$(find ../old/.git -name "data*")" ]
'

test_expect_success 'made by the programs of the version that the project names' '
	major=$(cat "$dir/data/PG_VERSION") && mkdir ../new.bin &&
	printf "#!/bin/sh\necho \"initdb (PostgreSQL) 99.1\"\nexit 1\n" >../new.bin/initdb &&
	chmod +x ../new.bin/initdb &&
	git init -q ../named && mkdir ../named/.hop &&
	printf "[hop]\nformat = 1\nname = named\nid = %032d\npostgresql = $major\n" 7 \
		>../named/.hop/config &&
	(
		PATH=$HOP_TEST_PGBIN:$PATH &&
		HOP_PGBIN=$PWD/../new.bin git -C ../named hop server start
	) &&
	git -C ../named hop server status --porcelain >status &&
	[ "$(tail -n 1 status | cut -f 5)" = "$major" ] && git -C ../named hop server stop
'

test_expect_success 'a server that cannot start shows its log' '
	git hop server stop &&
	echo "no_such_setting = 1" >>"$dir/data/postgresql.conf" &&
	test_expect_code 128 git hop server start 2>err &&
	test_grep "^fatal: cannot start the private server" err &&
	test_grep "no_such_setting" err &&
	test_grep "^hint: .*run/log" err &&
	sed -i /no_such_setting/d "$dir/data/postgresql.conf" &&
	git hop server start
'

test_expect_success 'HOP_PGBIN without the programs is passed over' '
	git hop server stop &&
	(PATH=$HOP_TEST_PGBIN:$PATH && HOP_PGBIN=/nowhere git hop server start) &&
	git hop server stop
'

# without_proc COMMAND...; its status does not count: without /proc, a sanitizer fails at the end.
without_proc() {
	in_namespace sh -c 'mount -t tmpfs none /proc && "$@"' sh "$@" || :
}
in_namespace() {
	local root=
	[ "$(id -u)" = 0 ] || root=--map-root-user
	unshare --mount ${root:+"$root"} "$@"
}

if in_namespace true 2>/dev/null; then
	test_expect_success 'without /proc a server that runs is not said to be down' '
		git hop server start && without_proc git hop server status >status && cat status &&
		test_grep running status && ! grep "not running" status && git hop server stop &&
		without_proc git hop server status >status && test_grep "not running" status
	'
else
	echo "# not run: a server without /proc; there are no mount namespaces here to hide it in"
fi

test_expect_success 'a file, or a link, where the folder belongs' '
	git init -q ../file && touch ../file/.git/hop &&
	git init -q ../link && mkdir ../link/.git/hop ../elsewhere &&
	ln -s ../../../elsewhere ../link/.git/hop/server &&
	test_expect_code 128 git -C ../file hop server start 2>err &&
	test_grep "^fatal: cannot start the private server: .* is not a directory" err &&
	test_expect_code 128 git -C ../link hop server start 2>err &&
	test_grep "^fatal: cannot start the private server: .* is not a directory" err &&
	test_expect_code 1 git -C ../link hop server status &&
	[ -z "$(ls ../elsewhere)" ]
'

test_done
