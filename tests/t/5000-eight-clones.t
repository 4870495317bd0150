#!/bin/bash
# shellcheck disable=SC2034
# Eight people at once: every patch lands, once, tested on what it landed on.
. "$(dirname "$0")/../lib/test-lib.sh"
. "$(dirname "$0")/../lib/git-lib.sh"
. "$(dirname "$0")/../lib/pg-lib.sh"
. "$(dirname "$0")/../lib/hop-lib.sh"

people='1 2 3 4 5 6 7 8'

# at_once FUNCTION: runs FUNCTION N for everybody at once, in clone N; its status is written down.
at_once() {
	local n
	for n in $people; do
		(
			cd "clone$n" || exit 99
			status=0
			"$1" "$n" >"../$1.$n" 2>&1 || status=$?
			echo "$status" >"../$1.status.$n"
		) &
	done
	wait
}

# all_ended FUNCTION STATUS COUNT: that many of them ended with that status.
all_ended() {
	cat "$1".status.* >statuses &&
	test "$(grep -c -x "$2" statuses)" -eq "$3" && return
	head -n 50 "$1".[1-8]
	return 1
}

write_patch() {
	git hop patch create --release 0.1.0 "$1-part" &&
	hop_sql 01.sql "create table part$1 (id integer primary key);" &&
	git hop patch apply
}

take_number() {
	git hop patch create --release 0.1.0 "77-by-$1"
}

merge_patch() {
	git hop patch merge
}

test_expect_success 'a project, a release, eight clones' '
	hop_project shop --test "sh tests/run" &&
	(
		cd shop &&
		git hop release create minor &&
		git hop patch create 100-tests &&
		mkdir tests &&
		cat >tests/run <<-\END &&
		# What was tested: the commit, and the tables that it was tested with.
		tables=$(psql -XAqt -v ON_ERROR_STOP=1 -c "
			select string_agg(relname, \$\$ \$\$ order by relname)
			from pg_class where relkind = \$\$r\$\$ and relname like \$\$part%\$\$
			") || exit
		echo "$(git rev-parse HEAD) $tables" >>"$HOME/tested"
		END
		git add tests &&
		git commit -q -m "Write down what is tested" &&
		git hop patch merge --allow-empty
	) &&
	for n in $people; do
		hop_clone clone$n || return 1
	done
'

test_expect_success 'of eight who want one number, one gets it' '
	at_once take_number &&
	all_ended take_number 0 1 &&
	all_ended take_number 1 7 &&
	test "$(cat take_number.[1-8] | grep -c "the number 77 is taken by patch .77-by-")" -eq 7 &&
	git -C origin.git for-each-ref "refs/heads/ho-patch/77-*" >branches &&
	test_line_count = 1 branches
'

test_expect_success 'eight create and apply a patch each, at once' '
	at_once write_patch &&
	all_ended write_patch 0 8 &&
	git -C origin.git for-each-ref "refs/hop/patch/*" >numbers &&
	test_line_count = 10 numbers
'

test_expect_success 'eight merge at once, and all get in' '
	at_once merge_patch &&
	all_ended merge_patch 0 8 &&
	git -C origin.git show ho-release/0.1.0:.hop/releases/0.1.0-patches.toml >list &&
	test "$(grep -c "staged" list)" -eq 9 &&
	for n in $people; do
		test "$(grep -c "\"$n-part\" = \"staged\"" list)" -eq 1 || return 1
	done &&
	git -C origin.git for-each-ref "refs/heads/ho-staged/*" >staged &&
	test_line_count = 9 staged
'

# Each merge has the one before as its first parent: what was tested is what it landed on.
test_expect_success 'each was tested on the very commit that landed, with all that came before' '
	git -C origin.git log --first-parent --merges --reverse --format="%H %s" ho-release/0.1.0 |
		grep "Merge patch .[1-8]-part" >merges &&
	test_line_count = 8 merges &&
	tables= &&
	while read -r commit words; do
		id=$(expr "$words" : "Merge patch .\([1-8]\)-part") &&
		tables="$tables part$id" &&
		sorted=$(printf "%s\n" $tables | sort | tr "\n" " ") &&
		grep -x -F "$commit ${sorted% }" "$HOME/tested" || return 1
	done <merges
'

test_expect_success 'nothing is left of the work, and the next release builds' '
	for n in $people; do
		git -C clone$n worktree list >trees &&
		test_line_count = 1 trees || return 1
	done &&
	(
		cd clone1 &&
		git hop patch list --porcelain | grep "77-by-.*candidate" >left &&
		git -C ../origin.git fsck --no-progress --no-dangling &&
		git fetch -q &&
		git hop status >out &&
		grep "9 staged, 1 candidate" out
	)
'

test_done
