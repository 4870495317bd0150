#!/bin/bash
# Runs the examples of the manual.
#
# In a literal block of a page, a line that starts with "$ " is a command, and lines that start
# with "> " go on with it. The lines after it are its output, standard output and error together;
# a line "..." stands for any number of lines, and a command with no lines after it may say
# anything. It must end with status 0, or N where the command ends in "# exit status N".
# All commands of a page run in one shell, from top to bottom, in a folder that the function
# before_PAGE has filled.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"

PATH=$HOP_TEST_PGBIN:$PATH
export PGSERVICEFILE="$HOME/.pg_service.conf"

# service NAME [FILE]: a new database, with the statements of FILE, that service=NAME leads to.
service() {
	pg_query postgres "drop database if exists \"$(pg_name "$1")\" with (force)" &&
	pg_create_db "$(pg_name "$1")" &&
	pg_psql "$(pg_name "$1")" -f "${2-/dev/null}" &&
	cat >>"$PGSERVICEFILE" <<-END
		[$1]
		host=$HOP_TEST_PGHOST
		port=$HOP_TEST_PGPORT
		dbname=$(pg_name "$1")
		user=postgres
	END
}

# What is prepared is built on the cluster of the run: the private server is for the examples.
on_cluster() {
	HOP_DATABASE=$(pg_conninfo "$(pg_name dev)") "$@"
}

# candidate ID [SQL]: a patch of the release that is checked out, committed; its branch is left.
# What it is for is in $about, if it is set.
candidate() {
	local release
	release=$(git symbolic-ref --short HEAD) &&
	git hop patch create ${about:+-d "$about"} "$1" &&
	printf '%s\n' "${2-select 1;}" >"Patches/$1/01_tables.sql" &&
	git add Patches &&
	git commit -q -m "Add $1" &&
	git switch -q "$release"
}

# days_ago N COMMAND...: the commits that it makes are as old as that.
days_ago() {
	local time
	time=$(date -d "$1 days ago" +%s)
	shift
	GIT_AUTHOR_DATE="@$time +0000" GIT_COMMITTER_DATE="@$time +0000" "$@"
}

# staged ID [SQL]
staged() {
	candidate "$@" && on_cluster git hop patch merge "$1"
}

promote() {
	on_cluster git hop release promote prod
}

accounts='create table account (id bigint primary key);'
orders='create table orders (id bigint primary key, account bigint references account);'

# In a folder shop of its own, made once: production is at 1.0.0, with one patch.
make_shop() {
	git init -q --bare shop.git &&
	git hop init --git-origin=shop.git --test='' shop &&
	cd shop &&
	git hop release create major &&
	staged 1-accounts "$accounts" &&
	promote
}

# shop.git and its clone shop, in which one stands: copies of those.
shop() {
	if [ ! -d "$HOME/shop" ]; then
		mkdir "$HOME/shop" && (cd "$HOME/shop" && make_shop) || return
	fi
	cp -a "$HOME/shop/shop.git" "$HOME/shop/shop" . &&
	git -C shop remote set-url origin "$PWD/shop.git" &&
	cd shop || return
}

before_git_hop() {
	shop && cd ..
	mkdir work && cd work || return
}

before_git_hop_init() {
	git init -q accounts &&
	printf 'check:\n\ttrue\n' >accounts/Makefile &&
	git -C accounts add Makefile &&
	git -C accounts commit -q -m 'Begin' &&
	echo 'create table book (id int); create table loan (id int);' >tables.sql &&
	service library tables.sql
}

before_git_hop_check() {
	shop &&
	git hop release create minor &&
	candidate 2-orders "$orders" &&
	rm .git/hooks/pre-commit &&
	git config hop.bakupDir /srv/backups &&
	git push -q origin :ho-patch/2-orders &&
	git fetch -q --prune
}

before_git_hop_clone() {
	shop && cd .. && mv shop seed &&
	echo 'alter table public.account add name text' >drift.sql &&
	service shop &&
	service shop_old seed/.hop/model/schema.sql &&
	cat seed/.hop/model/schema.sql drift.sql >drifted.sql &&
	service shop_drifted drifted.sql
}

# The lock that a command of Ann's would hold, until long after this test.
before_git_hop_lock() {
	local tree lock
	shop && git hop release create minor &&
	tree=$(git mktree </dev/null) &&
	lock=$(printf "%s\n" Lock "" "command: git hop patch merge 2-orders" "host: build7" \
		"clone: /srv/shop/" "process: 4711 1" "since: 2026-07-01T10:00:00Z" \
		"until: 2126-07-01T10:10:00Z" |
		GIT_AUTHOR_NAME="Ann Lee" git commit-tree "$tree") &&
	git push -q origin "$lock:refs/hop/lock/ho-release/1.1.0"
}

before_git_hop_patch() {
	shop &&
	git hop release create minor &&
	echo 'insert into public.account values (1), (2), (3);' |
		cat .hop/model/schema.sql - >../production.sql &&
	service shop ../production.sql
}

before_git_hop_release() {
	shop &&
	git hop release create minor &&
	about="Orders of our customers" staged 2-orders "$orders" &&
	days_ago 12 candidate 3-invoices
}

before_git_hop_hook() {
	shop &&
	git hop release create minor
}

before_git_hop_restore() {
	shop
}

before_git_hop_server() {
	shop && git hop restore
}

before_git_hop_status() {
	shop &&
	git hop release create minor &&
	staged 2-orders "$orders" &&
	candidate 3-invoices &&
	git switch -q ho-patch/3-invoices &&
	echo 'create table invoice (id bigint primary key);' >Patches/3-invoices/01_tables.sql &&
	git hop patch apply
}

# Production is at 1.1.0, and 1.2.0 is there for it.
shop_prod() {
	shop &&
	git hop release create minor &&
	promote &&
	service shop &&
	git hop clone --production --database=service=shop ../shop.git ../shop-prod &&
	git -C ../shop-prod config --unset hop.database &&
	(cd ../shop-prod && git hop upgrade --database=service=shop --yes) &&
	git hop release create minor &&
	git hop patch create 12-users &&
	echo 'create table users (id bigint primary key, name text);
		create index on users (name);
		create view names as select name from users;
		comment on table users is $$people;$$;' >Patches/12-users/01_tables.sql &&
	echo "insert into users values (1, 'admin');" >Patches/12-users/02_rows.sql &&
	git add Patches && git commit -q -m 'Add users' &&
	on_cluster git hop patch merge &&
	staged 13-orders "$orders comment on table orders is 'of an account';" &&
	promote &&
	cd ../shop-prod || return
}

before_git_hop_update() {
	shop_prod
}

before_git_hop_backup() {
	shop_prod && rm -r .hop/backups && git config hop.database service=shop
}

before_git_hop_rollback() {
	shop_prod && rm -r .hop/backups && git config hop.database service=shop &&
		git hop upgrade --yes
}

# A row that somebody inserted is in the way of a data script.
before_git_hop_bootstrap() {
	shop && git hop release create minor && git hop patch create 2-currencies &&
	echo 'create table currency (code text primary key);' \
		>Patches/2-currencies/01_tables.sql &&
	printf -- "-- @HOP:bootstrap\ninsert into currency values ('EUR'), ('USD');\n" \
		>Patches/2-currencies/02_rows.sql &&
	git add Patches && git commit -q -m 'Add currencies' &&
	on_cluster git hop patch merge && promote && service shop &&
	git hop clone --production --database=service=shop ../shop.git ../shop-prod &&
	cd ../shop-prod && HOP_FAIL=upgrade.script:1:kill git-hop-upgrade --yes
	psql -X -q service=shop -c "insert into currency values ('EUR')"
}

before_git_hop_upgrade() {
	shop_prod
}

# steps PAGE DIR: writes DIR/N.command and DIR/N.output.
steps() {
	awk -v dir="$2" '
		/^\.Bd -literal/ { inside = 1; prompt = 0; next }
		/^\.Ed/ { inside = 0 }
		!inside { next }
		{
			gsub(/\\&/, "")
			gsub(/\\-/, "-")
			gsub(/\\e/, "\\")
		}
		/^\$ / {
			prompt = 1
			shown = 0
			command = sprintf("%s/%03d.command", dir, ++n)
			output = sprintf("%s/%03d.output", dir, n)
			print substr($0, 3) >command
			next
		}
		!prompt { next }
		/^> / && !shown { print substr($0, 3) >command; next }
		{ shown = 1; print >output }
	' "$1"
}

# Without what differs each time: durations, ages, days, object names, the prefix of our
# databases, the directory of the page.
constant() {
	sed -E -e 's/[0-9.]+ s\b/N s/' -e 's/last fetched .*/last fetched AGE/' \
		-e "s#$TRASH/[^/]*#/srv#" -e 's/[0-9a-f]{40}/OBJECT/g' \
		-e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}/DAY/g' -e "s/${PG_PREFIX}_//g" \
		-e 's/(last fetched) .*/\1/' -e 's/-[0-9a-f]{8}-([0-9.]+-)/-HASH-\1/' \
		-e 's/[0-9]{8}T[0-9]{6}Z/TIME/g' \
		-e 's/[[:space:]]+$//' "$1" |
		sed -e :a -e '/^\n*$/{$d;N;ba' -e '}'
}

# match EXPECTED ACTUAL: line by line; "..." in EXPECTED is any number of lines.
match() {
	awk '
		NR == FNR { want[++wanted] = $0; next }
		FNR == 1 { i = 1 }
		want[i] == "..." { loose = 1; while (want[i] == "...") i++ }
		i <= wanted && $0 == want[i] { i++; loose = 0; next }
		!loose { print "line " FNR ": " $0 "\nwanted: " want[i]; bad = 1; exit }
		END {
			while (want[i] == "...") i++
			if (!bad && i <= wanted) { print "missing: " want[i]; bad = 1 }
			exit bad
		}
	' "$1" "$2"
}

# run COMMAND_FILE: in the shell that runs the whole page.
run() {
	local want=0 got=0 shown=${1%.command}.output
	want=$(sed -n 's/.*# exit status \([0-9]*\)$/\1/p' "$1")
	eval "$(cat "$1")" >"$HOME/actual" 2>&1 || got=$?
	cat "$HOME/actual"
	if [ "$got" -ne "${want:-0}" ]; then
		echo "exit status $got, expected ${want:-0}"
		return 1
	fi
	[ -f "$shown" ] || return 0
	constant "$shown" >"$HOME/expect.constant"
	constant "$HOME/actual" >"$HOME/actual.constant"
	match "$HOME/expect.constant" "$HOME/actual.constant"
}

# What one page has set, the next does not see.
forget() {
	unset PGHOST PGPORT PGUSER PGDATABASE HOP_DATABASE
	: >"$PGSERVICEFILE"
}

test_expect_success 'the words of the examples mean what this test says' '
	mkdir "$HOME/words" &&
	printf "%s\n" ".Bd -literal" "not run" ".Ed" ".Bd -literal" "$ cat <<\\END" \
		"> a\\eb" "> c" "> END" "a\\eb" "c" "$ false" ".Ed" >page &&
	steps page "$HOME/words" &&
	printf "a\\\\b\nc\n" >expect &&
	test_cmp expect "$HOME/words/001.output" &&
	run "$HOME/words/001.command" &&
	! run "$HOME/words/002.command" &&
	printf "1\n...\n4\n" >want &&
	printf "1\n2\n3\n4\n" >have && match want have &&
	printf "1\n4\n" >have && match want have &&
	printf "1\n2\n" >have && ! match want have &&
	printf "1\n4\n5\n" >have && ! match want have &&
	: >have && ! match want have
'

for page in "$HOP_SRCDIR"/man/*.[1-9]; do
	name=$(basename "$page")
	before=before_$(echo "${name%.*}" | tr - _)
	mkdir "$HOME/$name" && steps "$page" "$HOME/$name"
	ls "$HOME/$name"/*.command >/dev/null 2>&1 || continue
	mkdir "$TRASH/$name" && cd "$TRASH/$name" || exit 99
	forget
	if [ "$name" != git-hop.7 ]; then
		test_expect_success "$name: what its examples start from" "$before"
	else
		test_expect_success "$name: an empty database in production" 'service shop'
	fi
	for file in "$HOME/$name"/*.command; do
		test_expect_success "$name: $(head -n 1 "$file")" "run '$file'"
	done
	cd "$TRASH" || exit 99
done

test_done
