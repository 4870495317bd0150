#!/bin/bash
# git hop patch create, apply, list and show.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

list_of() {
	git show "origin/ho-release/$1:.hop/releases/$1-patches.toml"
}

# tables: those of the development database.
tables() {
	pg_query "$(pg_name a)" "select relname from pg_class
		where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1" |
		tr '\n' ' '
}

test_expect_success 'create: a line in the list, a branch, a README, one push' '
	hop_project a && cd a && git hop patch list >../out 2>../err &&
	test_grep "^no release is in preparation" ../err && test_must_be_empty ../out &&
	git hop release create minor && git hop patch list 2>../err &&
	test_grep "^no release in preparation lists any patches" ../err &&
	git hop patch list --porcelain 2>../err && test_must_be_empty ../err &&
	git hop patch create 12-users -d "Who they are; \$HOME \"x\"" 2>../err &&
	[ "$(git symbolic-ref --short HEAD)" = ho-patch/12-users ] &&
	[ -z "$(git status --porcelain)" ] &&
	[ "$(list_of 0.1.0)" = "$(printf "[patches]\n\"12-users\" = \"candidate\"")" ] &&
	printf "# 12-users\n\nWho they are; \$HOME \"x\"\n" >../expect &&
	test_cmp ../expect Patches/12-users/README.md &&
	[ "$(git -C ../origin.git rev-parse ho-patch/12-users)" = "$(git rev-parse HEAD)" ] &&
	git -C ../origin.git rev-parse --verify refs/hop/patch/12 &&
	[ "$(git rev-parse --abbrev-ref @{upstream})" = origin/ho-patch/12-users ] &&
	git hop patch show --porcelain | grep "^patch" | cut -f 2-4 >../out &&
	[ "$(cat ../out)" = "$(printf "12-users\t0.1.0\tcandidate")" ]
'
cd "$TRASH/a" || exit 99

test_expect_success 'IDs: zeros are dropped, what is no ID is refused with what is expected' '
	git hop patch create --release 0.1.0 0007-x-2 2>../err &&
	[ "$(git symbolic-ref --short HEAD)" = ho-patch/7-x-2 ] &&
	git switch -q ho-release/0.1.0 &&
	hop_state . >../before &&
	for id in 0 00 x -1 1- 1--a 1-A 1-é "1 2" "" 1/2 ../1 "1-a;b" "1-\$(id)" "1-a
b" 1234567890 99999999999999999999 12.lock "1-$(printf "%0100d" 1)" 1_a @ HEAD; do
		test_expect_code 129 git hop patch create -- "$id" 2>../err &&
		test_grep "^fatal: " ../err && test_grep "^hint: .*[Nn]" ../err || return
	done &&
	hop_state . >../after && test_cmp ../before ../after
'

test_expect_success 'a number is taken once: who has it is said' '
	test_expect_code 1 git hop patch create 12 2>../err &&
	test_grep "number 12 is taken by patch .12-users. of release 0.1.0" ../err &&
	test_expect_code 1 git hop patch create 012-other-words &&
	(cd .. && hop_clone b) &&
	test_expect_code 1 git -C ../b hop patch create --release 0.1.0 7 &&
	hop_state . >../after && test_cmp ../before ../after
'

test_expect_success 'two clones, one number, one origin: one of them is told' '
	git -C ../b switch -q ho-release/0.1.0 &&
	git -C ../b hop patch create 20-theirs &&
	test_expect_code 1 git hop patch create 20-ours 2>../err &&
	test_grep "20-theirs" ../err
'

test_expect_success 'listed last; --before is of merge; a release that is not there is refused' '
	git switch -q ho-release/0.1.0 &&
	git hop patch create 21-late --release 0.1.0 &&
	git fetch -q && list_of 0.1.0 | tail -n 1 >../out &&
	echo "\"21-late\" = \"candidate\"" >../expect && test_cmp ../expect ../out &&
	hop_state . >../before &&
	test_expect_code 129 git hop patch create 22 --before=12-users 2>../err &&
	test_grep "^hint: .*git hop patch merge --before=ID" ../err &&
	test_expect_code 1 git hop patch create 22 --release 7.7.7 2>../err &&
	test_grep "0\.1\.0" ../err &&
	test_expect_code 129 git hop patch create 22 --release 0.1 &&
	hop_state . >../after && test_cmp ../before ../after
'

test_expect_success 'from any branch or none: the only release; of several, one has to be named' '
	git switch -q ho-prod && git hop patch create -n 22 >../out &&
	test_grep "would move   refs/heads/ho-release/0.1.0" ../out &&
	git switch -q --detach && git hop patch create -n 22 >../again &&
	test_cmp ../out ../again &&
	git hop release create major && git switch -q ho-prod &&
	test_expect_code 1 git hop patch create 22 2>../err &&
	test_grep "^error: 2 releases are in preparation; choose one for .22." ../err &&
	test_grep "^hint: git hop patch create --release 0.1.0 22$" ../err &&
	git hop patch create -n --release 0.1.0 22 >../again && test_cmp ../out ../again &&
	git push -q --no-verify origin :ho-release/1.0.0 && git branch -D ho-release/1.0.0 &&
	git fetch -q --prune && git switch -q --detach &&
	test_expect_code 1 git hop patch apply 2>../err && test_grep "detached" ../err &&
	test_expect_code 1 git hop patch merge 2>../err && test_grep "detached" ../err &&
	git switch -q ho-prod &&
	test_expect_code 1 git hop patch apply 2>../err &&
	test_grep "^error: .ho-prod. is not a patch branch" ../err &&
	test_expect_code 1 git hop patch merge
'

test_expect_success 'work that is under way goes along; what is in the way is kept and said' '
	git switch -q ho-release/0.1.0 && git pull -q &&
	echo mine >note && mkdir -p Patches/23 && echo mine >Patches/23/README.md &&
	git hop patch create 23 2>../err &&
	[ "$(cat Patches/23/README.md)" = mine ] &&
	[ "$(git symbolic-ref --short HEAD)" = ho-release/0.1.0 ] &&
	test_grep "^hint: .*git switch ho-patch/23" ../err &&
	git -C ../origin.git rev-parse --verify ho-patch/23 &&
	rm -r Patches/23 && git switch -q ho-patch/23 && [ "$(cat note)" = mine ] && rm note
'

test_expect_success 'apply: what is on disk, committed or not; again and again' '
	git switch -q ho-patch/12-users &&
	echo "create table users (id int primary key);" >Patches/12-users/01_users.sql &&
	git hop patch apply 2>../err &&
	[ "$(tables)" = "users " ] &&
	test_grep "production 0.0.0, 0 staged patches of 0.1.0, and .12-users." ../err &&
	echo "create table more (id int references users);" >Patches/12-users/02_more.sql &&
	git hop patch apply && [ "$(tables)" = "more users " ] &&
	git add Patches && git commit -qm "Add users" &&
	rm Patches/12-users/02_more.sql &&
	git hop patch apply && [ "$(tables)" = "users " ] &&
	git checkout -q . &&
	git status --porcelain >../out && test_must_be_empty ../out
'

test_expect_success 'apply: files run in byte order, README and folders do not, others are named' '
	cd Patches/12-users &&
	echo "insert into o values (2);" >10.sql && echo "create table o (i int);" >09_.sql &&
	echo "insert into o values (1);" >1.sql && mv 1.sql 09a.sql &&
	echo "this is no SQL" >readme.txt && mkdir sub && echo "nor this" >sub/x.sql &&
	echo "insert into o values (3);" >Z.sql && echo "insert into o values (4);" >a.SQL &&
	git hop patch apply 2>../../../err &&
	rm -r 10.sql 09*.sql readme.txt sub Z.sql a.SQL && cd ../.. &&
	pg_query "$(pg_name a)" "select i from o order by ctid" >../out &&
	seq 3 >../expect && test_cmp ../expect ../out &&
	test_grep "readme.txt" ../err && test_grep "a.SQL" ../err && ! grep README ../err
'

test_expect_success 'apply: files that this version does not run are refused, not passed over' '
	printf -- "-- @HOP:nonsense\nselect 1;\n" >Patches/12-users/50.sql &&
	test_expect_code 1 git hop patch apply 2>../err && test_grep "50.sql" ../err &&
	rm Patches/12-users/50.sql && [ "$(tables)" = "more o users " ]
'

test_expect_success 'apply: a link is refused, wherever it leads' '
	ln -s /etc/passwd Patches/12-users/03.sql &&
	ln -s ../../.hop Patches/12-users/04.sql &&
	test_expect_code 1 git hop patch apply 2>../err &&
	rm Patches/12-users/0[34].sql &&
	test_grep "03.sql: a symbolic link" ../err && test_grep "04.sql: a symbolic link" ../err
'

test_expect_success 'apply: an error leaves the database as it was, and names the place' '
	git hop patch apply && pg_query "$(pg_name a)" "insert into users values (42)" &&
	printf "create table good (i int);\n\n  insert into users values (1), (1);\n" \
		>Patches/12-users/05.sql &&
	hop_state . >../before && pg_databases >../dbs.before &&
	test_expect_code 1 git hop patch apply 2>../err &&
	test_grep "^error: Patches/12-users/05.sql:3:3: duplicate key" ../err &&
	test_grep "23505" ../err &&
	[ "$(pg_query "$(pg_name a)" "select * from users")" = 42 ] &&
	hop_state . >../after && test_cmp ../before ../after &&
	rm Patches/12-users/05.sql
'

# watching N: apply --watch has built the patch N times.
watching() {
	local try
	for ((try = 0; try < 300; try++)); do
		[ "$(grep -c "^[0-9][0-9]:[0-9][0-9]:[0-9][0-9]: watching" ../err)" = "$1" ] &&
			return
		sleep 0.1
	done
	return 1
}

test_expect_success 'apply --watch: builds again when a file is saved, ends with Ctrl-C' '
	{ (trap - INT; exec git-hop-patch apply --watch 2>../err) & } &&
	watcher=$! && watching 1 &&
	echo "create table watched (i int)" >Patches/12-users/06.sql && watching 2 &&
	[ "$(pg_query "$(pg_name a)" "select count(*) from watched")" = 0 ] &&
	echo "nonsense" >Patches/12-users/06.sql && watching 3 &&
	test_grep "06.sql:1:1: syntax error" ../err &&
	rm Patches/12-users/06.sql && watching 4 &&
	kill -INT $watcher && wait $watcher && ! grep fatal ../err
'

test_expect_success 'apply: the folder is gone, or is a file' '
	mv Patches/12-users ../kept &&
	test_expect_code 1 git hop patch apply 2>../err &&
	test_grep "no directory .Patches/12-users." ../err &&
	echo x >Patches/12-users &&
	test_expect_code 1 git hop patch apply 2>../err &&
	test_grep "no directory .Patches/12-users." ../err &&
	rm Patches/12-users && mv ../kept Patches/12-users && git hop patch apply
'

test_expect_success 'apply: sessions in the old database are ended, the owner stays' '
	{ pg_query "$(pg_name a)" "select pg_sleep(600)" >../sleep 2>&1 & } &&
	sleeper=$! &&
	until [ "$(pg_query postgres "select count(*) from pg_stat_activity
		where datname = '\''$(pg_name a)'\'' and query like '\''%sleep%'\''")" = 1 ]; do
		sleep 0.1
	done &&
	git hop patch apply &&
	! wait $sleeper
'

test_expect_success 'apply: staged patches are in, candidates of others are not' '
	git switch -q ho-patch/21-late && hop_sql 1.sql "create table early (i int);" &&
	git switch -q ho-patch/7-x-2 && hop_sql 1.sql "create table seven (i int);" &&
	git hop patch merge &&
	git switch -q ho-patch/12-users && git hop patch apply 2>../err &&
	test_grep "1 staged patch of 0.1.0" ../err && [ "$(tables)" = "more seven users " ]
'

test_expect_success 'list: in order, each once, in each form' '
	git hop patch list --porcelain >../out &&
	[ "$(head -n 1 ../out)" = "# git-hop patch list 1" ] &&
	sed 1d ../out | cut -f 2-5 >../records &&
	printf "%s\t0.1.0\t%s\t%s\n" 7-x-2 staged 1 12-users candidate 2 20-theirs candidate 3 \
		21-late candidate 4 23 candidate 5 >../expect &&
	test_cmp ../expect ../records &&
	git hop patch list --json >../json &&
	[ "$(hop_json ../json "[p[\"position\"] for p in d[\"patch\"]]")" = "[1, 2, 3, 4, 5]" ] &&
	git hop patch list >../text && test_line_count = 5 ../text
'

test_expect_success 'show: of any patch from any branch, in each form' '
	git hop patch show --json 7-x-2 >../json &&
	[ "$(hop_json ../json "d[\"patch\"][0][\"state\"], d[\"patch\"][0][\"branch\"]")" = \
		"('\''staged'\'', '\''ho-staged/7-x-2'\'')" ] &&
	[ "$(hop_json ../json "[f[\"name\"] for f in d[\"file\"]]")" = "['\''1.sql'\'']" ] &&
	git switch -q ho-prod &&
	git hop patch show 012-users >../text && test_grep "^state *candidate" ../text &&
	test_grep "^created  20[0-9-]* by $(git config user.name)" ../text &&
	test_grep "01_users.sql" ../text &&
	test_expect_code 1 git hop patch show 2>../err && test_grep "not a patch branch" ../err &&
	test_expect_code 1 git hop patch show 999 2>../err && test_grep "999" ../err &&
	test_expect_code 129 git hop patch show nonsense &&
	test_expect_code 129 git hop patch list extra &&
	test_expect_code 129 git hop patch
'

test_done
