#!/bin/bash
# git hop init and git hop clone, killed at every step: nothing, or a project.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"
# shellcheck source=tests/lib/crash-lib.sh
. "$(dirname "$0")/../lib/crash-lib.sh"

# init [FAILPOINT]: in the folder "there".
init() {
	(cd there && HOP_FAIL=${1-none} git hop init --test=)
}

# points_of FILE
points_of() {
	sed -n 's/^failpoint //p' "$1" | sort | uniq -c | awk '{ print $2 ":" $1 }'
}

# works DIR: a project in which one can work, with nothing left lying about.
works() {
	git -C "$1" fsck --connectivity-only &&
	hop_database "$1" "$(basename "$1")" &&
	(
		cd "$1" &&
		git hop release create minor &&
		hop_patch 1-one "create table one (a int);" &&
		git hop patch merge &&
		[ -z "$(git status --porcelain -uno)" ] &&
		[ -f .hop/config ] &&
		[ -z "$(ls -A .git/hop/run)" ] &&
		[ ! -e .git/hop-head ]
	)
}

# Where it starts: an empty repository; one with a commit; both with a remote or without.
fresh() {
	rm -rf there origin.git && git init -q --initial-branch="${1-ho-prod}" there &&
	echo mine >there/notes
}
grown() {
	fresh main && git -C there add notes && git -C there commit -q -m "Begin"
}
with_remote() {
	hop_origin && git -C there remote add origin ../origin.git
}

kill_init() {
	local start=$1 point=$2 status=0
	$start && { [ "$start_remote" = no ] || with_remote; } &&
	test_expect_code 137 init "$point:kill" &&
	git -C there fsck --connectivity-only &&
	[ "$(cat there/notes)" = mine ] &&
	init || status=$?
	case $point in
	publish.before* | init.commit* | commit.made*) [ "$status" -eq 0 ] ;;
	*) [ "$status" -eq 1 ] ;;
	esac &&
	works there &&
	[ "$(cat there/notes)" = mine ]
}

for start_remote in no yes; do
	for start in fresh grown; do
		test_expect_success "in a $start repository, remote: $start_remote" '
			$start && { [ $start_remote = no ] || with_remote; } &&
			init list 2>err && points_of err >points && test -s points && works there
		'
		while read -r -u 7 point; do
			title="in a $start repository, remote: $start_remote, killed at $point"
		test_expect_success "$title" '
				kill_init $start $point
			'
		done 7<points
	done
done

test_expect_success 'in a folder of its own' '
	rm -rf origin.git && hop_origin &&
	HOP_FAIL=list git hop init --test= --git-origin=origin.git shop 2>err &&
	points_of err >points && test -s points && works shop && rm -rf shop
'

while read -r -u 7 point; do
	test_expect_success "in a folder of its own, killed at $point" '
		rm -rf origin.git shop && hop_origin &&
		HOP_FAIL=$point:kill test_expect_code 137 \
			git hop init --test= --git-origin=origin.git shop &&
		test_path_is_missing shop &&
		if [ -z "$(git_refs origin.git)" ]; then
			git hop init --test= --git-origin=origin.git shop
		else
			test_expect_code 1 git hop init --test= --git-origin=origin.git shop \
				2>err &&
			test_grep "git hop clone" err &&
			git clone -q origin.git shop
		fi &&
		works shop && ls -d shop* >left && test_line_count = 1 left
	'
done 7<points

test_expect_success 'the draft of an init that is alive is left alone' '
	rm -rf shop &&
	rm -rf origin.git && hop_origin &&
	cat >origin.git/hooks/pre-receive <<-END &&
	#!/bin/sh
	touch "$PWD/entered"
	while [ ! -e "$PWD/go" ]; do sleep 0.1; done
	END
	chmod +x origin.git/hooks/pre-receive &&
	{ git hop init --test= --git-origin=origin.git shop & } &&
	while [ ! -e entered ]; do sleep 0.1; done &&
	ls -d shop.hop-* &&
	git hop init --test= shop2 &&
	(HOP_FAIL=init.commit:1:error test_expect_code 128 git hop init --test= shop) &&
	ls -d shop.hop-* >left && test_line_count = 1 left &&
	touch go && wait && works shop
'

test_expect_success 'a clone that was killed is a clone whose database is not there yet' '
	rm -rf there && dev=$(pg_name copy) &&
	HOP_DATABASE="$(pg_conninfo "$dev")" HOP_FAIL=clone.checked-out:1:kill \
		test_expect_code 137 git hop clone origin.git there &&
	git -C there config hop.database "$(pg_conninfo "$dev")" &&
	git -C there hop restore &&
	pg_query "$dev" "select role from hop.project"
'

test_done
