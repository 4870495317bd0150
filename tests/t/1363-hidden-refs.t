#!/bin/bash
# An origin that hides refs, from pushes or from fetches.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# hiding KEY VALUE: origin.git has this setting until the test ends.
hiding() {
	git -C origin.git config --add "$1" "$2" &&
	test_when_finished "git -C \"\$TRASH/origin.git\" config --unset-all \"$1\""
}

# started ARGUMENT...: git hop init in a new repository that has that origin.
started() {
	rm -rf new && git init -q --initial-branch=ho-prod new &&
	git -C new remote add origin ../origin.git && hop_database new new &&
	(cd new && git hop init --test= "$@" 2>../err)
}

test_expect_success 'init: an origin that hides refs/hop from pushes is refused' '
	hop_origin && hiding receive.hideRefs refs/hop && test_expect_code 1 started &&
	test_grep "refused the push of a ref in refs/hop" err && test_grep "hidden ref" err &&
	test_grep "init --ref-namespace=refs/heads/hop" err &&
	test -z "$(git_refs origin.git)" && ! git -C new rev-parse -q --verify HEAD
'

test_expect_success 'or from fetches' '
	hiding uploadpack.hideRefs refs/hop && test_expect_code 1 started &&
	test_grep "hides refs in refs/hop" err && test -z "$(git_refs origin.git)"
'

test_expect_success 'or that accepts only branches and tags' '
	cat >origin.git/hooks/pre-receive <<-\EOF && chmod +x origin.git/hooks/pre-receive &&
	#!/bin/sh
	! grep -v " refs/heads/\| refs/tags/"
	EOF
	test_expect_code 1 started && test_grep "hook declined" err &&
	test -z "$(git_refs origin.git)"
'

test_expect_success 'a bad namespace is refused' '
	test_expect_code 129 started --ref-namespace=refs/heads &&
	test_expect_code 129 started --ref-namespace=hop
'

test_expect_success 'with another namespace all of a release goes through such an origin' '
	hiding transfer.hideRefs refs/hop && started --ref-namespace=refs/heads/hop && cd new &&
	test_grep "^refNamespace = refs/heads/hop" .hop/config &&
	git hop release create minor && merged 1 "create table t (a int);" &&
	git hop release promote prod && git hop check &&
	! git -C ../origin.git for-each-ref --format="%(refname)" |
		grep -v "^refs/heads/h\|^refs/tags/" && cd ..
'

test_expect_success 'an origin that hides refs/hop one day: nothing stays of half a push' '
	rm -rf origin.git new && hop_project dev &&
	(cd dev && git hop release create minor) &&
	git_refs origin.git >before && git_refs dev >before.dev &&
	hiding transfer.hideRefs refs/hop &&
	(cd dev && test_expect_code 1 git hop patch create 1 2>../err) &&
	test_grep "takes only part of a push" err && test_grep "refNamespace" err &&
	git_refs origin.git >after && test_cmp before after &&
	git_refs dev >after.dev && test_cmp before.dev after.dev
'

test_expect_success 'clone says that it sees no numbers of patches' '
	(cd dev && git hop patch create 9 --release 0.1.0 && git switch -q -) &&
	git_refs origin.git >before &&
	git -C origin.git config uploadpack.hideRefs refs/hop &&
	HOP_DATABASE=$(pg_conninfo "$(pg_name blind)") git hop clone origin.git blind 2>err &&
	test_grep "warning: .origin. shows no refs in refs/hop" err &&
	test_grep "hint: .*git hop check" err &&
	git_refs origin.git >after && test_cmp before after &&
	git -C origin.git config --unset-all uploadpack.hideRefs &&
	HOP_DATABASE=$(pg_conninfo "$(pg_name seeing)") git hop clone origin.git seeing 2>err &&
	! grep warning: err
'

test_expect_success 'or later: what is hidden is named, from pushes and from fetches' '
	hiding transfer.hideRefs refs/hop/lock && (cd dev && git switch -q ho-patch/9 &&
		hop_sql 1.sql "select 1;" && sed -i "s/^command =/& true/" .hop/config &&
		git commit -qam "Test" && test_expect_code 1 git hop patch merge 2>../err &&
		git reset -q --hard HEAD^ && git switch -q -) &&
	test_grep "hidden ref" err && test_grep "hint: it must not hide refs" err &&
	hiding uploadpack.hideRefs refs/hop && git_refs origin.git >before && (cd dev &&
		git fetch -q --prune && git update-ref -d refs/hop/patch/9 &&
		test_expect_code 1 git hop patch create 9-again --release 0.1.0 2>../err) &&
	test_grep "has .refs/hop/patch/9., but hides it from fetches" err &&
	test_grep "uploadpack.hideRefs" err && git_refs origin.git >after && test_cmp before after
'

test_expect_success 'what it keeps is named' '
	hiding transfer.hideRefs refs/hop && hiding receive.denyDeletes true &&
	(cd dev && test_expect_code 128 git hop patch create 1 2>../err) &&
	test_grep "took only part of a push, and keeps it" err &&
	test_grep "git push --force origin :refs/heads/ho-patch/1" err
'

test_expect_success 'and the command works once that is undone' '
	(cd dev && git push -q --no-verify --force origin :refs/heads/ho-patch/1 &&
		git push -q --no-verify --force origin \
			"$(git rev-parse ho-release/0.1.0):refs/heads/ho-release/0.1.0" &&
		git hop patch create 1 && git hop check)
'

test_done
