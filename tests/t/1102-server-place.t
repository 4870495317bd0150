#!/bin/bash
# Where the private server lives: folders that the postgres user cannot reach, long and odd paths.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"

# As root, the tests of what a user gets step down; programs and folders must be open to that user.
umask 022
chmod a+rx "$TRASH" "$HOME"
mkdir bin user
cp "$HOP_BUILDDIR/cmd/git-hop" "$HOP_BUILDDIR/cmd/git-hop-server" bin
export PATH="$TRASH/bin:$PATH"
if [ "$(id -u)" = 0 ]; then
	chown postgres: user
fi
mkdir -m 777 home/open && cp home/.gitconfig home/open && chmod 644 home/open/.gitconfig

as_user() {
	if [ "$(id -u)" = 0 ]; then
		set -- setpriv --reuid=postgres --regid=postgres --init-groups "$@"
	fi
	env HOME="$TRASH/home/open" GIT_CONFIG_GLOBAL="$TRASH/home/open/.gitconfig" "$@"
}

# works [COMMAND...]: start, a query and stop in the repository here.
works() {
	"$@" git hop server start &&
	[ "$("$@" git hop server psql -Atc "select 1")" = 1 ] &&
	"$@" git hop server stop
}

# field N [COMMAND...]
field() {
	local n=$1
	shift
	"$@" git hop server status --porcelain 2>/dev/null | sed 1d | cut -f "$n"
}

test_expect_success 'in the repository, for a user' '
	as_user git init -q user/plain && cd user/plain &&
	works as_user &&
	[ "$(field 3 as_user)" = "$PWD/.git/hop/server" ] &&
	[ "$(stat -c %a .git/hop/server)" = 700 ]
'
cd "$TRASH" || exit 99

test_expect_success 'below a folder that is closed to all others' '
	mkdir -m 700 closed && git init -q closed/r && cd closed/r &&
	works &&
	dir=$(field 3) &&
	if [ "$(id -u)" = 0 ]; then
		case $dir in
		/var/lib/git-hop/*) ;;
		*) echo "wrong place: $dir" && return 1 ;;
		esac &&
		test_when_finished "rm -rf $dir" &&
		[ "$(stat -c "%U %a" "$dir")" = "root 711" ] &&
		[ "$(stat -c "%U %a" "$dir/data")" = "postgres 700" ] &&
		[ "$(stat -c "%U %a" "$dir/run")" = "postgres 700" ] &&
		[ "$(cat "$dir/repository")" = "$PWD/.git" ] &&
		test_path_is_missing .git/hop
	else
		[ "$dir" = "$PWD/.git/hop/server" ]
	fi
'
cd "$TRASH" || exit 99

test_expect_success 'a repository that is not the runner'\''s own folder is left alone' '
	as_user git init -q user/theirs &&
	if [ "$(id -u)" = 0 ]; then
		git config --global --add safe.directory "$PWD/user/theirs" &&
		cd user/theirs &&
		works &&
		test_when_finished "rm -rf $(field 3)" &&
		test_path_is_missing .git/hop
	else
		cd user/theirs && works && [ -O .git/hop/server ]
	fi
'
cd "$TRASH" || exit 99

test_expect_success 'names that a shell or a list of hosts would take apart' '
	for name in "a b" "it'\''s" "\$(touch pwned)" "\`touch pwned\`" "a,b" "back\\slash" \
		"\"q\"" "-rf" "x;y"; do
		as_user git init -q "user/./$name" &&
		(cd "user/./$name" && works as_user) || return 1
	done &&
	test_path_is_missing "$(find . -name pwned)"
'

test_expect_success 'env quotes such a name' '
	(
		cd "user/it'\''s" &&
		eval "$(as_user git hop server env)" &&
		[ -S "$PGHOST/.s.PGSQL.5432" ] &&
		as_user git hop server stop
	)
'

long=user/$(printf "%0100d" 0)
test_expect_success 'a path too long for a socket: a short folder, closed to others' '
	as_user git init -q "$long" && cd "$long" &&
	socket=$(field 4 as_user) &&
	case $socket in
	/tmp/hop-[0-9]*-????????????) ;;
	*) echo "wrong place: $socket" && return 1 ;;
	esac &&
	test_path_is_missing "$socket" &&
	as_user git hop server start &&
	[ "$(stat -c %a "$socket")" = 700 ] &&
	as_user env XDG_RUNTIME_DIR=/nowhere TMPDIR=/nowhere \
		git hop server psql -Atc "select 1" &&
	as_user git hop server stop &&
	test_path_is_missing "$socket"
'
cd "$TRASH" || exit 99

test_expect_success 'links and folders of others in the place of that folder are passed over' '
	cd "$long" &&
	socket=$(field 4 as_user) &&
	mkdir -m 777 "$TRASH/trap" &&
	ln -s "$TRASH/trap" "$socket" &&
	if [ "$(id -u)" = 0 ]; then mkdir "$socket-1"; else echo >"$socket-1"; fi &&
	test_when_finished "rm -rf $socket $socket-?" &&
	as_user git hop server start && [ "$(field 4 as_user)" = "$socket-2" ] &&
	[ -z "$(ls "$TRASH/trap" "$socket-1" | grep PGSQL)" ] &&
	rm "$socket" && [ "$(field 4 as_user)" = "$socket-2" ] &&
	[ "$(as_user git hop server psql -Atc "select 1")" = 1 ] &&
	as_user git hop server stop && test_path_is_missing "$socket-2" &&
	for i in "" -1 -2 -3 -4 -5 -6 -7; do
		rm -rf "$socket$i" && ln -s "$TRASH/trap" "$socket$i" || return
	done &&
	test_expect_code 128 as_user git hop server start 2>"$TRASH/err" &&
	test_grep "is not a directory" "$TRASH/err" && [ -z "$(ls "$TRASH/trap")" ]
'
cd "$TRASH" || exit 99

test_expect_success 'a long path, as whoever runs this' '
	mkdir "$(printf "%0120d" 0)" && cd "$(printf "%0120d" 0)" && git init -q &&
	works &&
	if [ "$(id -u)" = 0 ]; then
		rm -rf "$(field 3)"
	else
		test_path_is_missing "$(field 4)"
	fi
'
cd "$TRASH" || exit 99

test_expect_success 'a folder that cannot be written' '
	as_user git init -q user/fixed && chmod 555 user/fixed/.git &&
	test_when_finished "chmod 755 user/fixed/.git" &&
	(
		cd user/fixed &&
		test_expect_code 128 as_user git hop server start 2>"$TRASH/err"
	) &&
	test_grep "^fatal: cannot start the private server: cannot create .*Permission denied" err
'

test_done
