#!/bin/bash
# git hop check, killed at every step: hooks, branches, refs.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# own HOOK: one of the user, which writes down that it ran.
own() {
	printf '#!/bin/sh\necho %s >>"$HOME/ran"\n' "$1" >"dev/.git/hooks/$1" &&
	chmod +x "dev/.git/hooks/$1"
}

test_expect_success 'a clone without hooks but the user s, with work for check' '
	hop_project a && hop_clone dev &&
	(cd a && git hop release create minor && hop_patch 1 "select 1;" &&
		hop_patch 2 "select 2;" --release 0.1.0) && git -C dev fetch -q &&
	git -C dev branch -q ho-patch/1 origin/ho-patch/1 &&
	git -C dev branch -q ho-release/0.1.0 origin/ho-release/0.1.0 &&
	(cd a && git push -q && git hop patch merge 1) &&
	git -C origin.git update-ref refs/heads/ho-patch/1 refs/heads/ho-staged/1 &&
	git -C origin.git update-ref -d refs/hop/patch/2 &&
	own pre-commit && own pre-push && mkdir saved && cp -a dev origin.git saved/
'

back() {
	rm -rf dev origin.git && cp -a saved/. .
}

# The hooks of the user run whatever happened: his own or ours that calls it.
user_runs() {
	rm -f "$HOME/ran" && git -C dev switch -q -C mine &&
	git -C dev commit -q --allow-empty -m X && [ "$(cat "$HOME/ran")" = pre-commit ] &&
	rm "$HOME/ran" && git -C dev push -q origin mine && [ "$(cat "$HOME/ran")" = pre-push ] &&
	git -C dev push -q origin :mine && git -C dev switch -q ho-prod &&
	git -C dev branch -qD mine
}

# All is as after a check that was not disturbed.
is_whole() {
	grep -l "^# Made by git hop" dev/.git/hooks/* >hooks &&
	test_line_count "=" 6 hooks &&
	git_refs dev >refs && git_refs origin.git >refs.there && [ -z "$(git -C dev status -s)" ] &&
	[ -z "$(find dev/.git origin.git -name "*.lock" -o -name hop-head -o -name "*.tmp*")" ] &&
	find dev/.git/hooks -type f ! -name "*.sample" | sort >files
}

test_expect_success 'undisturbed' '
	back && (cd dev && HOP_FAIL=list git hop check 2>../err) &&
	sed -n "s/^failpoint //p" err | awk "{ print \$1 \":\" ++seen[\$1] }" >points &&
	test_grep "^hooks.kept:2" points && test_grep "^hooks.written:6" points &&
	test_grep "^publish.before:1" points && is_whole &&
	cp refs refs.new && cp refs.there there.new && cp files files.new &&
	[ -z "$(git -C origin.git rev-parse -q --verify refs/heads/ho-patch/1)" ] &&
	git -C origin.git rev-parse -q --verify refs/hop/patch/2 && user_runs
'

while read -r -u 7 point; do
	test_expect_success "killed at $point" '
		back && git_refs origin.git >there.old &&
		(cd dev && HOP_FAIL=$point:kill test_expect_code 137 git hop check) &&
		git_refs origin.git >there.killed &&
		{ cmp -s there.killed there.old || test_cmp there.new there.killed; } &&
		user_runs &&
		(cd dev && git hop check && git hop check >../out) && test_must_be_empty out &&
		is_whole && test_cmp refs.new refs && test_cmp there.new refs.there &&
		test_cmp files.new files && user_runs
	'
done 7<points

test_done
