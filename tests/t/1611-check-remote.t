#!/bin/bash
# git hop check: another origin, one that refuses a part, worktrees that are gone.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"


test_expect_success 'the project moves to another origin' '
	hop_project a && cd a && git hop release create minor &&
	merged 1 "create table a (i int);" && git hop release promote rc &&
	merged 2 "create table b (i int);" --release 0.1.0 && git hop release promote prod &&
	git hop release create minor && hop_patch 3 "create table c (i int);" && git push -q &&
	git tag own && git tag v9.9.9 ho-prod && git fetch -q &&
	git init -q --bare ../moved.git && git remote set-url origin ../moved.git &&
	git push -q --no-verify origin ho-prod ho-release/0.2.0 ho-patch/3 &&
	test_expect_code 1 git hop check -n >../out &&
	test_grep "^tag-unpublished: v0.1.0:" ../out && test_grep "^release-tag: v9.9.9:" ../out &&
	test_expect_code 1 git hop check && git tag -d v9.9.9 && git hop check >../out &&
	test_must_be_empty ../out &&
	git -C ../moved.git for-each-ref --format="%(refname)" refs/tags refs/hop/patch >../have &&
	printf "%s\n" refs/hop/patch/1 refs/hop/patch/2 refs/hop/patch/3 refs/tags/v0.1.0 \
		refs/tags/v0.1.0-rc1 >../want && test_cmp ../want ../have &&
	[ "$(git -C ../moved.git cat-file -t v0.1.0)" = tag ]
'
cd "$TRASH/a" || exit 99

test_expect_success 'numbers of released patches are not given out again' '
	(cd .. && git clone -q moved.git other && cd other && hop_database . other &&
		git switch -q ho-prod &&
		for number in 1 2 3; do
			test_expect_code 1 git hop patch create "$number-new" --release 0.2.0 \
				2>../err &&
			test_grep "number $number" ../err || return
		done && git hop patch create 4 --release 0.2.0)
'

test_expect_success 'origin refuses one deletion: the others are made' '
	git hop check && for id in 1 2; do
		git push -q --no-verify origin "ho-prod:refs/heads/ho-patch/$id" || return
	done &&
	cat >../moved.git/hooks/update <<-\END && chmod +x ../moved.git/hooks/update &&
	#!/bin/sh
	[ "$1" != refs/heads/ho-patch/1 ] || { echo "1 stays" >&2; exit 1; }
	END
	test_expect_code 1 git hop check --porcelain >../out 2>../err &&
	grep "^finding" ../out | cut -f 2-4 >../found &&
	printf "branch-merged\tdecision\tho-patch/1\nbranch-merged\trepaired\tho-patch/2\n" \
		>../want && test_cmp ../want ../found && test_grep "1 stays" ../out &&
	git ls-remote -q origin >../refs && ! grep ho-patch/2 ../refs && grep ho-patch/1 ../refs &&
	rm ../moved.git/hooks/update && git hop check
'

test_expect_success 'worktrees whose directories are gone are forgotten, others stay' '
	git worktree add -q --detach ../here && git worktree add -q --detach ../gone &&
	git worktree add -q --detach ../disk && git worktree lock ../disk &&
	rm -r ../gone ../disk && git hop check -n >../out && test_grep "^worktree: " ../out &&
	git hop check >../out && test_grep "^worktree: " ../out &&
	git worktree list >../list && ! grep gone ../list && grep here ../list &&
	grep disk ../list && git hop check >../out && test_must_be_empty ../out
'

test_done
