#!/bin/bash
# git hop release promote prod --carry, and several releases that are open at a time.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# lists VERSION [ID=STATE...]: what is in the list of that release at origin, in order.
lists() {
	local version=$1
	shift
	printf '%s\n' "$@" | sed '/./!d; s/\(.*\)=\(.*\)/"\1" = "\2"/; ' >"$HOME/expect" &&
	git -C ../origin.git show "ho-release/$version:.hop/releases/$version-patches.toml" |
		sed 1d >"$HOME/out" && test_cmp "$HOME/expect" "$HOME/out"
}

test_expect_success 'without the option candidates that are left are a refusal' '
	hop_project a && cd a && git hop release create minor &&
	merged 1 "create table one (i int);" &&
	hop_patch 3 "create table three (i int primary key);" --release 0.1.0 &&
	hop_patch 2 "create table two (i int references three);" --release 0.1.0 &&
	refused "release 0.1.0 still has candidates: 3 2" git hop release promote prod &&
	test_grep "^hint: .*promote prod --carry" "$HOME/err" &&
	test_expect_code 129 git hop release promote --carry rc &&
	test_expect_code 129 git hop release promote --carry hotfix
'
cd "$TRASH/a" || exit 99

test_expect_success 'a release is made for them where there is none, in the same push' '
	hook=../origin.git/hooks/pre-receive &&
	printf "#!/bin/sh\ncat >>../pushes; echo . >>../pushes\n" >$hook && chmod +x $hook &&
	git hop release promote prod --carry 2>../err &&
	test_grep "release 0.1.0 is in production, with 1 patch " ../err &&
	test_grep "moved patch .3. to release 0.2.0 (opened for it)" ../err &&
	[ "$(grep -c "^\.$" ../pushes)" = 1 ] && test_grep ho-release/0.2.0 ../pushes &&
	lists 0.2.0 3=candidate 2=candidate &&
	[ "$(git -C ../origin.git rev-parse ho-release/0.2.0^)" = \
		"$(git -C ../origin.git rev-parse v0.1.0^{})" ] &&
	git show v0.1.0:.hop/releases/0.1.0.txt | grep -v "^#" >../out && echo 1 >../expect &&
	test_cmp ../expect ../out && git cat-file tag v0.1.0 >../tag && ! grep "^- [23]" ../tag &&
	git -C ../origin.git rev-parse ho-patch/2 ho-patch/3 &&
	refused "release 0.2.0 has no staged patches" git hop release promote prod --carry
'

test_expect_success 'they are merged there as ever' '
	git hop patch merge 3 && git hop patch merge 2 && lists 0.2.0 3=staged 2=staged &&
	git hop release promote prod --carry 2>../err && test_grep "with 2 patches" ../err &&
	! grep candidate ../err
'

test_expect_success 'with one open they go to its end, and it has the new production version' '
	git hop release create major && hop_patch 10 "create table ten (i int);" &&
	git hop release create minor && merged 11 "create table eleven (i int);" &&
	hop_patch 12 "create table twelve (i int);" --release 0.3.0 &&
	git hop release promote prod --carry --dry-run >../out &&
	! grep "ho-patch" ../out && test_grep "would move   refs/heads/ho-release/1.0.0" ../out &&
	git hop release promote prod --carry 2>../err &&
	test_grep "moved patch .12. to release 1.0.0$" ../err &&
	lists 1.0.0 10=candidate 12=candidate && git fetch -q &&
	git merge-base --is-ancestor v0.3.0 origin/ho-release/1.0.0 &&
	git hop patch merge 12 && git hop patch merge 10 && lists 1.0.0 12=staged 10=staged
'

test_expect_success 'lowest first: a higher release waits for a lower one that has patches' '
	git hop release create minor && git hop patch create 20 &&
	git hop patch create 21 --release 1.0.0 &&
	refused "release 0.4.0 comes first" git hop patch merge 21 &&
	git switch -q ho-patch/20 && hop_sql 01.sql "create table twenty (i int);" &&
	git hop patch merge && refused "release 0.4.0 comes first" git hop patch merge 21
'

test_expect_success 'a release created lower than the lowest goes first, and into both' '
	git switch -q ho-prod && git hop release create patch && merged 30 "select 30;" &&
	git hop release promote prod 2>../err &&
	test_grep "release 0.3.1 is in production" ../err && git fetch -q &&
	git merge-base --is-ancestor v0.3.1 origin/ho-release/0.4.0 &&
	git merge-base --is-ancestor v0.3.1 origin/ho-release/1.0.0 &&
	git hop release create patch && git hop release create patch 2>../err
	test_grep "release 0.3.2 is already open" ../err
'

test_expect_success 'an empty lower release blocks nobody but in production' '
	git hop patch list >../out && test_grep "^0.4.0 *staged .* 20" ../out &&
	merged 22 "select 22;" --release 0.4.0 &&
	git hop release promote prod && git rev-parse --verify v0.3.2
'

test_expect_success 'carried into a release that conflicts with production: listed, and behind' '
	hop_patch 40 "select 40;" --release 1.0.0 &&
	echo one >app && git add app && git commit -qm One &&
	git hop release promote prod && git rev-parse --verify v0.4.0 &&
	git switch -q ho-patch/40 &&
	git hop patch merge && git switch -q ho-prod && git hop release create minor &&
	hop_patch 41 "select 41;" && echo two >app && git add app && git commit -qm Two &&
	git hop patch merge && hop_patch 42 "select 42;" --release 0.5.0 &&
	git hop release promote prod --carry 2>../err &&
	test_grep "ho-release/1.0.0.*conflict with production in app" ../err &&
	test_grep "moved patch .42. to release 1.0.0" ../err &&
	git -C ../origin.git show ho-release/1.0.0:.hop/releases/1.0.0-patches.toml >../out &&
	test_grep "\"42\" = \"candidate\"" ../out &&
	git hop status >../out && test_grep "lacks production 0.5.0" ../out &&
	test_grep "candidate 42" ../out
'

test_done
