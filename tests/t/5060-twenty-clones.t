#!/bin/bash
# Twenty people write patches for two releases, while a release manager promotes candidates,
# releases and hotfixes, for HOP_TEST_SECONDS; afterwards everything is looked at.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

people=${HOP_TEST_PEOPLE-20}
seconds=${HOP_TEST_SECONDS-30}
open="refs/remotes/origin/ho-release/*"

# try LOG COMMAND...: the exit status, where it is one that rules and races explain; what else comes
# out ends up in the file "bad".
try() {
	local log=$1 status=0
	shift
	echo "== $SECONDS s: git hop $*" >>"$log"
	git hop "$@" >"$log.now" 2>&1 || status=$?
	cat "$log.now" >>"$log" && echo "== $SECONDS s: status $status" >>"$log"
	case $status in
	0 | 1 | 75) ;;
	*)
		{
			echo "== status $status in $PWD: git hop $*"
			cat "$log.now"
		} >>"$TRASH/bad"
		;;
	esac
	return "$status"
}

# The versions that are in preparation at origin, in any order; a hotfix has a tag already.
open_releases() {
	git ls-remote origin "refs/heads/ho-release/*" "refs/tags/v*" | sed "s|.*/||; s|^v||" |
		grep -v "\^{}$" | sort | uniq -u | grep "^[0-9.]*$" >"$1"
	git ls-remote origin "refs/heads/ho-release/*" | sed "s|.*/||" | grep -F -x -f "$1" | shuf
}

merge_waiting() {
	local id
	for id in $waiting; do
		if try "../merge.$me" patch merge "$id"; then
			echo "$id" >>"$TRASH/merged"
			waiting=${waiting/ $id/}
		fi
	done
}

# One person: a patch for one of the releases, applied, merged if it may be; else later.
person() {
	local me=$1 i=0 id release waiting=
	cd "$TRASH/clone$me" || return
	while [ ! -e "$TRASH/stop" ]; do
		i=$((i + 1)) && id=$((me * 1000 + i))-part
		release=$(open_releases "../open.$me" | head -n 1)
		if try "../create.$me" patch create "$id" --release "$release"; then
			hop_sql 01.sql "create table part_${id%-part} (i int primary key);" &&
				try "../apply.$me" patch apply && waiting="$waiting $id"
		fi
		merge_waiting
		# People think between two patches; without that, two cores are all that is tested.
		sleep $((RANDOM % 5 + 1))
	done
}

# soon COMMAND...: when there is something to promote.
soon() {
	local i
	for i in $(seq 60); do
		try ../manager.log "$@" && echo "$2 $3" >>"$TRASH/done" && return
		sleep 1
	done
	return 1
}

hotfix() {
	local id=$((90000 + round))-fix
	try ../manager.log release hotfix && try ../manager.log patch create "$id" || return
	hop_sql 01.sql "create table fix_$round (i int primary key);" &&
		try ../manager.log patch merge && echo "$id" >>"$TRASH/merged" &&
		soon release promote hotfix
}

# Rounds, as many as begin in time.
manager() {
	local round=0 level end=$((SECONDS + seconds))
	cd "$TRASH/boss" || return
	while [ "$round" -eq 0 ] || [ "$SECONDS" -lt "$end" ]; do
		round=$((round + 1))
		hotfix
		soon release promote rc
		soon release promote prod --carry
		for level in minor major; do
			[ "$(open_releases ../open.boss | wc -l)" -ge 2 ] ||
				try ../manager.log release create "$level"
		done
	done
}

test_expect_success 'a project, two releases, twenty clones' '
	hop_project boss --test "psql -XAqt -c \"select count(*) from pg_class\" >/dev/null" &&
	(
		cd boss && git hop release create patch &&
		hop_patch 90000 "create table first (i int);" && git hop patch merge &&
		git hop release promote prod &&
		git hop release create minor && git hop release create major
	) &&
	echo 90000 >merged && : >done &&
	for n in $(seq $people); do
		hop_clone clone$n || return
	done
'

test_expect_success "all at once, for $seconds seconds: no command breaks" '
	for n in $(seq $people); do
		person $n >person.$n 2>&1 &
	done
	(manager) >manager.out 2>&1
	touch stop && wait &&
	sort merged | uniq -d >twice && test_must_be_empty twice &&
	sort done | uniq -c && cat merged | wc -l &&
	{ [ ! -e bad ] || { cat bad && false; }; } &&
	[ "$(wc -l <merged)" -ge 5 ] && grep "promote prod" done &&
	grep "promote hotfix" done && grep "promote rc" done
'

test_expect_success 'what was merged is in one release each, and nothing else is' '
	git clone -q -b ho-prod origin.git fresh && hop_database fresh fresh && cd fresh &&
	git ls-tree --name-only HEAD .hop/releases/ | grep "\.txt$" | grep -v -e -rc >files &&
	{
		xargs cat <files | grep -v "^#"
		for branch in $(git for-each-ref --format="%(refname)" "$open"); do
			git show "$branch:$(git ls-tree --name-only "$branch" .hop/releases/ |
				grep "toml$")" | sed -n "s/^\"\(.*\)\" = \"staged\"$/\1/p"
		done
	} | sort >../found && rm files && cd .. &&
	sort merged >expect && test_cmp expect found
'

test_expect_success 'a patch is a candidate of one release at most, with its branch' '
	(
		cd fresh && git hop patch list --porcelain
	) | grep "	candidate	" >candidates || :
	cut -f 2 candidates | sort | uniq -d >twice && test_must_be_empty twice
'

# schema_at COMMIT: SQL that builds what that commit says, in a transaction that is rolled back.
schema_at() {
	local list id
	printf "%s\n" "\\echo $1"
	echo "begin;"
	git show "$1:.hop/model/schema.sql" |
		sed -e "/^\\\\restrict/d" -e "/^\\\\unrestrict/d"
	echo "reset all;"
	for list in $(git ls-tree --name-only "$1" .hop/releases/ | grep "toml$"); do
		for id in $(git show "$1:$list" | sed -n 's/^"\(.*\)" = "staged"$/\1/p'); do
			git show "$1:Patches/$id/01.sql" || return
		done
	done
	echo "rollback;"
}

test_expect_success 'every commit of releases and of production builds' '
	pg_create_db "$(pg_name every)" && cd fresh &&
	{
		git rev-list --first-parent origin/ho-prod
		{
			git log --first-parent --format=%P origin/ho-prod | cut -s -d " " -f 2
			git for-each-ref --format="%(objectname)" "$open"
		} | xargs -n 1 git rev-list --first-parent
	} | sort -u >../commits && wc -l ../commits &&
	while read -r commit; do
		schema_at $commit || return
	done <../commits >../every.sql &&
	pg_psql "$(pg_name every)" -o /dev/null -f ../every.sql && cd ..
'

test_expect_success 'every version can be restored, and is what an upgrade makes of nothing' '
	prod=$(pg_name prod) && pg_create_db "$prod" &&
	git hop clone --production --database="$(pg_conninfo "$prod")" origin.git production &&
	(cd production && git hop upgrade --yes --no-backup) &&
	cd fresh && git hop restore && cd .. &&
	pg_dump_schema "$prod" --exclude-schema=hop >upgraded &&
	pg_dump_schema "$(pg_name fresh)" --exclude-schema=hop >built &&
	test_cmp built upgraded
'

test_expect_success 'nothing is left: locks, work trees, scratch databases, broken objects' '
	git -C origin.git for-each-ref "refs/hop/lock/" >locks && test_must_be_empty locks &&
	for n in $(seq $people); do
		git -C clone$n worktree list >trees && test_line_count = 1 trees || return
	done &&
	id=$(sed -n "s/^id *= *//p" boss/.hop/config) &&
	[ "$(pg_query postgres "select count(*) from pg_database
		where datname like '\''hop\_${id:0:8}\_s\_%'\''")" = 0 ] &&
	git -C origin.git fsck --no-progress --no-dangling &&
	(cd fresh && git hop status && git hop check)
'

test_done
