#!/bin/bash
# The settings that all clones of a project share: .hop/config on ho-prod.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# set_config LINE: a line of [hop] that replaces the one set before, published on ho-prod.
set_config() {
	git switch -q ho-prod &&
	sed -i "/^issues =/d; /^refNamespace =/d" .hop/config &&
	sed -i "/^id = /a $1" .hop/config &&
	git commit -q --allow-empty --no-verify -am "Set $1" && git push -q --no-verify
}

test_expect_success 'issues: what merge commits and commits of a patch say' '
	hop_project a && cd a && git hop release create minor &&
	while read -r issues number merge own; do
		set_config "issues = $issues" &&
		hop_patch "$number" "select $number;" --release 0.1.0 &&
		git log -1 --format=%b >../body &&
		[ "$(cat ../body)" = "$(printf "%b" "$own")" ] &&
		git hop patch merge &&
		[ "$(git log -1 --format=%b)" = "$(printf "%b" "$merge")" ] || return
	done <<-END
	close 1 Fixes\0040#1 Refs\0040#1
	reference 2 Refs\0040#2 Refs\0040#2
	none 3
	END
'
cd "$TRASH/a" || exit 99

test_expect_success 'refNamespace: an origin that takes branches only' '
	cat >../origin.git/hooks/update <<-\END &&
	#!/bin/sh
	case $1 in
	refs/heads/* | refs/tags/*) ;;
	*) echo "only branches and tags" >&2; exit 1 ;;
	esac
	END
	chmod +x ../origin.git/hooks/update && git switch -q ho-prod &&
	test_must_fail git hop patch create 10 --release 0.1.0 2>../err &&
	set_config "refNamespace = refs/heads/hop" &&
	hop_patch 11 "select 11;" --release 0.1.0 &&
	git -C ../origin.git rev-parse --verify -q refs/heads/hop/patch/11 &&
	git rev-parse --verify -q refs/hop/patch/11 && git hop patch merge &&
	(cd .. && hop_clone b && cd b &&
		test_expect_code 1 git hop patch create 11 --release 0.1.0 2>../err) &&
	test_grep "11" ../err
'

test_expect_success 'git config hop.refNamespace is no setting any more' '
	git config hop.refNamespace refs/x && test_expect_code 1 git hop check --dry-run >../out &&
	test_grep "hop.refnamespace" ../out && git config --unset hop.refNamespace
'

test_expect_success 'a mistake names file and line' '
	set_config "issues = maybe" && git fetch -q &&
	test_expect_code 128 git hop status 2>../err &&
	test_grep "^fatal: ho-prod:.hop/config:5: issues is close, reference or none" ../err
'

test_done
