#!/bin/bash
# git gc --prune=now beside a command that has built objects and not yet published them.
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

# held POINT COMMAND...: git gc runs in dev while the command stands at POINT.
held() {
	local point=$1
	shift
	(cd dev && HOP_FAIL=$point:1:stop exec "$@") &
	pid=$!
	until grep -q "^State:.*stopped" "/proc/$pid/status"; do
		[ -e "/proc/$pid" ] || return
		sleep 0.05
	done
	git -C dev gc -q --prune=now && git -C dev prune --expire=now && kill -CONT "$pid" &&
		wait "$pid"
}

# swept COMMAND...: git gc runs before the first call of each git command that it makes.
swept() {
	rm -rf swept && mkdir swept &&
	(cd dev && PATH=$TRASH/bin:$PATH HOP_TEST_SWEPT=$TRASH/swept "$@")
}

# whole: nothing is missing, here and at origin, nor left.
whole() {
	crash_fsck dev && crash_fsck origin.git && crash_clean &&
	[ -z "$(git -C dev status --porcelain)" ]
}

test_expect_success 'a release, another one, a test command, and a git that sweeps' '
	hop_project dev --test=true && git=$(command -v git) && mkdir bin &&
	cat >bin/git <<-END &&
	#!/bin/bash
	for word; do
		case \$word in -c) skip=1; continue ;; esac
		[ -n "\$skip" ] || case \$word in -*) ;; *) break ;; esac
		skip=
	done
	if mkdir "\$HOP_TEST_SWEPT/\$word" 2>/dev/null; then
		env -u GIT_DIR -u GIT_OBJECT_DIRECTORY $git -C "$TRASH/dev" gc -q --prune=now
	fi
	exec $git "\$@"
	END
	chmod +x bin/git && cd dev && git hop release create minor &&
	git hop release create major && cd .. && crash_save
'

n=0
for point in commit.made lock.before merge.validated publish.before publish.after; do
	test_expect_success "git gc while a merge stands at $point" '
		n=$((n + 1)) &&
		(cd dev && hop_patch $n-x "create table t$n (i int);" --release 0.1.0) &&
		held $point git-hop-patch merge && whole
	'
done

test_expect_success 'git gc at every moment of a merge' '
	(cd dev && hop_patch 10-ten "create table ten (i int);" --release 0.1.0) &&
	swept git-hop-patch merge 2>err && test -d swept/commit-tree &&
	test_grep "objects have disappeared" err && whole
'

test_expect_success 'git gc while a promotion stands with its tag, and at every moment of one' '
	held promote.tagged git-hop-release promote rc && whole &&
	(cd dev && hop_patch 11-e "create table e (i int);" --release 0.1.0 &&
		git hop patch merge) &&
	swept git-hop-release promote prod && whole && git -C dev rev-parse v0.1.0 &&
	git -C dev merge-base --is-ancestor v0.1.0 origin/ho-release/1.0.0
'

test_expect_success 'what a killed command kept goes with the next one' '
	(
		cd dev && git hop release create minor &&
		hop_patch 14-k "create table k (i int);" &&
		HOP_FAIL=merge.validated:1:kill test_expect_code 137 git hop patch merge &&
		git for-each-ref refs/hop-run >kept && test -s kept && rm kept &&
		git gc -q --prune=now && git hop patch merge
	) && whole
'

test_expect_success 'without a remote, nothing is published that is not there' '
	git -C dev remote remove origin && git -C dev config hop.remote "" &&
	mv origin.git gone.git &&
	(cd dev && git for-each-ref --format="delete %(refname)" refs/remotes |
		git update-ref --stdin) &&
	(cd dev && hop_patch 15-l "create table l (i int);" --release 0.2.0) &&
	swept git-hop-patch merge && crash_fsck dev && crash_clean
'

test_done
