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

# await_stop PID: until it has stopped itself.
await_stop() {
	until grep -q "^State:.*stopped" "/proc/$1/status"; do
		[ -e "/proc/$1" ] || return
		sleep 0.05
	done
}

no_database() {
	pg_query postgres "drop database if exists \"$clone_db\" with (force)"
}

# clone_to DIR [FAILPOINT]
clone_to() {
	HOP_DATABASE="$(pg_conninfo "$clone_db")" HOP_FAIL=${2-none} git hop clone origin.git "$1"
}

# is_clone DIR: complete, and nothing else is left.
is_clone() {
	[ "$(git -C "$1" symbolic-ref HEAD)" = refs/heads/ho-prod ] &&
	[ -z "$(git -C "$1" status --porcelain)" ] &&
	pg_query "$clone_db" "select clone_directory from hop.project" >directory &&
	[ "$(cat directory)" = "$(realpath "$1")/" ] &&
	test -x "$1/.git/hooks/pre-commit" &&
	test_path_is_missing "$1/.git/hop/cloning" &&
	find . \( -name "*.hop-clone*" -o -name "*.lock" \) -not -path "./home/*" >left &&
	test_must_be_empty left
}

test_expect_success 'clones: undisturbed' '
	clone_db=$(pg_name copy) &&
	rm -rf there && clone_to there list 2>err &&
	points_of err | grep -e "^draft" -e "^clone" >points && test_line_count = 3 points &&
	is_clone there && echo draft.placed:1 >>points
'

for start in new empty; do
	while read -r -u 7 point; do
		test_expect_success "a clone into a $start directory, killed at $point" '
			[ $start,$point != new,draft.placed:1 ] || return 0
			no_database && rm -rf "a b" && mkdir "a b" && touch "a b/beside" &&
			if [ $start = empty ]; then mkdir "a b/there"; fi &&
			test_expect_code 137 clone_to "a b/there/" $point:kill &&
			case $point,$start in
			draft.made*,new | clone.filled*,new) test_path_is_missing "a b/there" ;;
			draft.made*,empty | clone.filled*,empty)
				ls -A "a b/there" >left && ! grep -v "^\.hop-clone-[0-9]*$" left ;;
			esac &&
			clone_to "a b/there" 2>err &&
			test_grep "left by a killed command" err &&
			is_clone "a b/there" && ls "a b" >left && test_line_count = 2 left
		'
	done 7<points
done

test_expect_success 'an unfinished clone is finished as it was begun, and never removed' '
	no_database && rm -rf there &&
	test_expect_code 137 clone_to there clone.checked-out:1:kill &&
	test_expect_code 1 git hop clone --production --database="$(pg_conninfo other)" \
		origin.git there 2>err &&
	test_grep "unfinished clone" err &&
	cp -a origin.git other.git &&
	test_expect_code 1 git hop clone other.git there 2>err &&
	test_grep "unfinished clone" err &&
	test_expect_code 128 clone_to there clone.checked-out:1:error &&
	clone_to there && is_clone there &&
	test_expect_code 1 clone_to there 2>err && test_grep "already exists" err
'

test_expect_success 'a clone that fails or is interrupted leaves what was there' '
	rm -rf there && mkdir -p empty cwd && ln -s empty link &&
	for point in clone.filled clone.checked-out; do
		for dir in there empty link above/there; do
			test_expect_code 128 clone_to "$dir" $point:1:error || return
		done &&
		(cd cwd && ln -s ../origin.git . && ! clone_to . && rm origin.git) &&
		(
			cd cwd && HOP_FAIL=$point:1:error \
				test_expect_code 128 git hop clone "$TRASH/origin.git" .
		) || return
	done &&
	{
		HOP_FAIL=clone.filled:1:stop exec env --default-signal=INT \
			git-hop-clone origin.git there 2>err &
	} && pid=$! && await_stop $pid &&
	kill -INT $pid && kill -CONT $pid && test_expect_code 130 wait $pid &&
	ls -A empty cwd above link/ >left && ! grep -v -e : -e "^$" left &&
	[ -L link ] && test_path_is_missing there && ! ls -d ./*hop-clone*
'

test_expect_success 'where a clone goes' '
	rm -rf there empty link cwd above && mkdir -p empty full/x cwd && ln -s empty link &&
	ln -s nowhere dangling && echo mine >file &&
	for dir in above/more/there/ link; do
		no_database && clone_to $dir && is_clone $dir || return
	done &&
	(
		cd cwd && no_database && HOP_DATABASE=$(pg_conninfo "$clone_db") \
			git hop clone "$TRASH/origin.git" . && is_clone . && git status
	) &&
	for dir in file full dangling link; do
		test_expect_code 1 clone_to $dir 2>err && test_grep "already exists" err || return
	done &&
	[ "$(cat file)" = mine ] && ls full >out && [ "$(cat out)" = x ]
'

test_done
