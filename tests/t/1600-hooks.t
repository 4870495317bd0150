#!/bin/bash
# Git's hooks: what they refuse and add, and how they live with those of the user.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

all='commit-msg pre-commit pre-merge-commit pre-push pre-rebase prepare-commit-msg'

# installed DIR: the hooks of ours that are in the folder DIR.
installed() {
	grep -l '^# Made by git hop' "$1"/* 2>/dev/null | xargs -rn1 basename | tr '\n' ' '
}

# refused COMMAND...: by a hook; HEAD and the remote stay.
refused() {
	local head there
	head=$(git rev-parse HEAD) && there=$(git ls-remote "$TRASH/origin.git") &&
	test_must_fail "$@" 2>"$HOME/err" &&
	test_grep "^error: .*\(does not accept\|must not be\)" "$HOME/err" &&
	test_grep "^hint: " "$HOME/err" && [ "$(git rev-parse HEAD)" = "$head" ] &&
	[ "$(git ls-remote "$TRASH/origin.git")" = "$there" ]
}

body() {
	git log -1 --format=%B "$@" | git stripspace
}

# own FILE TEXT: a hook of the user.
own() {
	printf '#!/bin/sh\n%s\n' "$2" >"$1" && chmod +x "$1"
}

test_expect_success 'init installs them' '
	hop_project "my project" --test= && cd "my project" && hop_database . mine &&
	[ "$(installed .git/hooks)" = "$all " ] && [ -z "$(git status --porcelain)" ]
'
cd "$TRASH/my project" || exit 99

test_expect_success 'ho-prod and a release take no commits; what was staged stays' '
	git hop release create minor && echo x >x && git add x && refused git commit -qm X &&
	test_grep "git hop patch merge" "$HOME/err" && [ "$(git status --porcelain)" = "A  x" ] &&
	refused git commit --amend -qm X && git switch -q ho-prod && refused git commit -qm X &&
	(cd .hop && test_must_fail git commit -qm X) && git rm -qf x
'

test_expect_success 'a patch branch does, and names its number once' '
	git hop patch create --release 0.1.0 12-users && hop_sql 01.sql "create table a (i int);" &&
	printf "Add 01.sql\n\nRefs #12\n" >../expect && body >../out &&
	test_cmp ../expect ../out &&
	git commit -q --amend --no-edit && body >../out && test_cmp ../expect ../out &&
	git commit -q --amend -m "Other" && [ "$(body | grep -c "Refs #12")" = 1 ] &&
	git commit -q --allow-empty -m "See #12" && [ "$(body)" = "See #12" ] &&
	git commit -q --allow-empty -m "See #123" && [ "$(body | tail -n 1)" = "Refs #12" ]
'

test_expect_success 'the line goes with other trailers, and above comments' '
	git commit -q --allow-empty -s -m Signed &&
	printf "Signed\n\nSigned-off-by: Hop Tester <tester@example.org>\nRefs #12\n" >../expect &&
	body >../out && test_cmp ../expect ../out &&
	own ../editor "sed -i \"1s/^/Edited/\" \"\$1\"" &&
	GIT_EDITOR="\"$TRASH/editor\"" git commit -q -v --allow-empty &&
	printf "Edited\n\nRefs #12\n" >../expect && body >../out && test_cmp ../expect ../out
'

test_expect_success 'an empty message stays empty' '
	head=$(git rev-parse HEAD) &&
	GIT_EDITOR=true test_must_fail git commit --allow-empty 2>../err &&
	test_grep "empty commit message" ../err && [ "$(git rev-parse HEAD)" = "$head" ]
'

test_expect_success 'fixup, squash, merges and rebased commits get none' '
	git commit -q --allow-empty --fixup HEAD && ! body | grep Refs &&
	git reset -q --hard HEAD^ &&
	git switch -q -c side HEAD^ && git commit -q --allow-empty --no-verify -m Side &&
	git switch -q ho-patch/12-users && git merge -q --no-edit side && ! body | grep Refs &&
	git reset -q --hard HEAD^ && git rebase -q side && git log --format=%B side..HEAD >../out &&
	[ "$(grep -c "Refs #12" ../out)" = "$(git rev-list --count side..HEAD)" ] &&
	git switch -q side && git commit -q --allow-empty -m Aside && ! body | grep Refs &&
	git switch -q ho-patch/12-users && git cherry-pick --allow-empty side && ! body | grep Refs
'

test_expect_success 'a conflict that is resolved on the patch branch is committed' '
	echo one >c && git add c && git commit -qm One && git switch -q -c other HEAD^ &&
	echo two >c && git add c && git commit -qm Two && git switch -q ho-patch/12-users &&
	test_must_fail git merge -q other && echo both >c && git commit -qam "Merge both" &&
	! body | grep Refs
'

test_expect_success 'a release is neither picked onto, rebased, merged into nor pushed by hand' '
	git switch -q ho-release/0.1.0 && git fetch -q && refused git cherry-pick other &&
	git cherry-pick --quit && git reset -q --hard &&
	refused git merge --no-edit --no-ff other &&
	git merge --abort && refused git rebase other && git switch -q other &&
	refused git rebase other ho-release/0.1.0 && git switch -q ho-release/0.1.0 &&
	git merge -q --ff-only ho-patch/12-users && refused git push origin HEAD &&
	test_grep "must not be pushed by hand" "$HOME/err" &&
	refused git push origin HEAD:ho-prod &&
	refused git push origin HEAD:ho-release/9.0.0 && refused git push -q origin :ho-prod &&
	refused git push -q -f origin HEAD~1:ho-release/0.1.0 &&
	git push -q origin ho-patch/12-users && git reset -q --hard origin/ho-release/0.1.0
'

test_expect_success 'pulling a release that others moved is no commit' '
	(cd .. && hop_clone b) &&
	(cd ../b && hop_patch 13 "select 1;" --release 0.1.0 && git hop patch merge) &&
	git pull -q --rebase && [ "$(git rev-parse HEAD)" = "$(git rev-parse "@{u}")" ]
'

test_expect_success 'who means it can: --no-verify, hop.hooks' '
	git commit -q --allow-empty --no-verify -m Meant &&
	git -c hop.hooks=false commit -q --allow-empty -m "Meant too" &&
	git push -q --no-verify && git -c hop.hooks=false cherry-pick --allow-empty HEAD^ &&
	git reset -q --hard "@{u}"
'

test_expect_success 'the commands of hop pass' '
	git switch -q ho-patch/12-users && git hop patch merge && git hop release promote prod &&
	git switch -q ho-prod && git pull -q && [ "$(git describe)" = v0.1.0 ]
'

# Two releases changed the same file, and the lower one is promoted.
test_expect_success 'the merge that git hop asks for is let pass, by hooks and push' '
	git hop release create major && hop_patch 21 "select 1;" && echo one >app && git add app &&
	git commit -qm One && git hop patch merge && git switch -q ho-prod &&
	git hop release create minor && hop_patch 22 "select 1;" && echo two >app &&
	git add app && git commit -qm Two && git hop patch merge && git hop release promote prod &&
	git switch -q ho-release/1.0.0 && test_must_fail git merge -q origin/ho-prod &&
	echo both >app && git add app && git commit -qm "Merge production" && ! body | grep Refs &&
	git push -q origin ho-release/1.0.0 && git hop status >../out && ! grep lacks ../out
'

test_expect_success 'so is one without a conflict, and a pull of what others merged meanwhile' '
	git reset -q --hard HEAD^ && git merge -q -s ours --no-edit origin/ho-prod &&
	git pull -q --no-rebase -s ours --no-edit &&
	git push -q origin ho-release/1.0.0 && git reset -q --hard "@{u}"
'

test_expect_success 'a production clone takes no commits at all' '
	pg_create_db "$(pg_name prod)" &&
	git hop clone --production --database="$(pg_conninfo "$(pg_name prod)")" ../origin.git \
		"../p r" && cd "../p r" && [ "$(installed .git/hooks)" = "$all " ] &&
	refused git commit -q --allow-empty -m X && git switch -q -c mine &&
	refused git commit -q --allow-empty -m X && git switch -q --detach &&
	refused git commit -q --allow-empty -m X
'
cd "$TRASH/my project" || exit 99

test_expect_success 'linked work trees have them' '
	git worktree add -q ../tree ho-patch/21 2>../err || git worktree add -q -b x ../tree &&
	cd ../tree && git switch -q -C ho-patch/30-x && git commit -q --allow-empty -m X &&
	[ "$(body | tail -n 1)" = "Refs #30" ] && git switch -q --detach &&
	git branch -q -f ho-release/8.0.0 && git switch -q ho-release/8.0.0 &&
	refused git commit -q --allow-empty -m X
'
cd "$TRASH/my project" || exit 99

test_expect_success 'a submodule has its own' '
	git init -q ../super &&
	git -C ../super submodule --quiet add -b ho-prod ../origin.git sub &&
	cd ../super/sub && hop_database . super && git hop init 2>../../err || true &&
	[ -d "$(git rev-parse --git-dir)/hooks" ] && git branch -q -f ho-patch/1 &&
	cp ../../"my project"/.git/hooks/* "$(git rev-parse --git-dir)/hooks" &&
	refused git commit -q --allow-empty -m X && git switch -q ho-patch/1 &&
	git commit -q --allow-empty -m X && [ "$(body | tail -n 1)" = "Refs #1" ]
'
cd "$TRASH" || exit 99

test_expect_success 'a hook of the user is kept and run, with arguments and input' '
	git init -q --initial-branch=ho-prod kept && cd kept && hop_database . kept &&
	for hook in pre-commit commit-msg pre-push; do
		own .git/hooks/$hook "echo $hook \"\$@\" >>\"\$HOME/ran\"" || return
	done && echo "cat >>\"\$HOME/ran\"" >>.git/hooks/pre-push &&
	cp .git/hooks/pre-commit ../user && git hop init --test= 2>../err &&
	test_grep "moved your hook .*pre-commit. to .pre-commit.user." ../err &&
	test_cmp ../user .git/hooks/pre-commit.user &&
	[ "$(installed .git/hooks)" = "$all " ] &&
	refused git commit -q --allow-empty -m X && test_path_is_missing "$HOME/ran" &&
	git switch -q -c ho-patch/5 && git commit -q --allow-empty -m X &&
	printf "%s\n" pre-commit "commit-msg .git/COMMIT_EDITMSG" >../expect &&
	test_cmp ../expect "$HOME/ran" && rm "$HOME/ran" &&
	git push -q ../origin.git HEAD:refs/heads/kept && test_grep "^pre-push ../origin.git" \
		"$HOME/ran" && test_grep "^HEAD .* refs/heads/kept 0*$" "$HOME/ran"
'

test_expect_success 'one that refuses is obeyed' '
	own .git/hooks/pre-commit.user "exit 3" &&
	test_must_fail git commit -q --allow-empty -m X &&
	own .git/hooks/pre-push.user "exit 3" &&
	test_must_fail git push -q ../origin.git HEAD:refs/heads/kept2 &&
	chmod -x .git/hooks/pre-commit.user && git commit -q --allow-empty -m X
'

test_expect_success 'without git hop they warn, run those of the user, and let pass' '
	mkdir ../path && for tool in git sh cat env sed; do
		ln -s "$(command -v $tool)" ../path/ || return
	done && own .git/hooks/pre-commit.user "echo ran >\"\$HOME/ran\"" &&
	rm .git/hooks/pre-push.user && git switch -q ho-prod &&
	PATH=$TRASH/path git commit -q --allow-empty -m X 2>../err &&
	test_grep "^warning: git hop is not on PATH" ../err && test_grep ran "$HOME/ran" &&
	PATH=$TRASH/path git push -q ../origin.git HEAD:refs/heads/kept3
'

test_expect_success 'in a repository that cannot be read as a project they warn and let pass' '
	git switch -q -c ho-release/1.0.0 && git symbolic-ref HEAD refs/heads/ho-release/1.0.0 &&
	git update-ref -d refs/heads/ho-prod && git commit -q --allow-empty --no-verify -m X &&
	git switch -q -c side HEAD^ && git commit -q --allow-empty --no-verify -m Y &&
	git switch -q ho-release/1.0.0 && git merge -q --no-edit side 2>../err &&
	test_grep "^warning: git hop cannot check this" ../err
'
cd "$TRASH" || exit 99

test_expect_success 'hop.hooks false: none is installed' '
	git init -q --initial-branch=ho-prod none && git -C none config hop.hooks false &&
	hop_database none none && (cd none && git hop init --test=) &&
	[ -z "$(installed none/.git/hooks)" ] &&
	git -C none commit -q --allow-empty -m X
'

test_expect_success 'core.hooksPath in the work tree: nothing is written there, and it is said' '
	git init -q --initial-branch=ho-prod husky && cd husky && hop_database . husky &&
	git config core.hooksPath .husky/_ && mkdir -p .husky/_ &&
	git hop init --test= 2>../err &&
	test_grep "^warning: git hooks were not installed" ../err &&
	[ -z "$(installed .husky/_)" ] && [ -z "$(installed .git/hooks)" ] &&
	[ -z "$(ls .husky/_)" ]
'

test_expect_success 'with the lines added they work' '
	for hook in pre-commit commit-msg; do
		own .husky/$hook "git hop hook $hook -- \"\$@\"" &&
		own .husky/_/$hook "exec .husky/$hook \"\$@\"" || return
	done && test_expect_code 1 git commit -q --allow-empty -m X &&
	git switch -q -c ho-patch/4 &&
	git commit -q --allow-empty -m X && [ "$(body | tail -n 1)" = "Refs #4" ]
'
cd "$TRASH" || exit 99

test_expect_success 'core.hooksPath /dev/null: the user wants none' '
	git init -q --initial-branch=ho-prod null && git -C null config core.hooksPath /dev/null &&
	hop_database null null && (cd null && git hop init --test= 2>../err) &&
	! grep -i hook err
'

test_expect_success 'a hooks folder that is a link to elsewhere is not written to' '
	git init -q --initial-branch=ho-prod link && rm -rf link/.git/hooks &&
	mkdir link/githooks &&
	ln -s ../githooks link/.git/hooks && hop_database link link &&
	(cd link && git hop init --test= 2>../err) &&
	test_grep "^warning: git hooks were not installed" err &&
	[ -z "$(ls link/githooks)" ]
'

test_expect_success 'another command restores those that are gone or old, not those of nobody' '
	cd "my project" && rm .git/hooks/pre-commit && echo "# old" >>.git/hooks/pre-push &&
	git hop status && [ "$(installed .git/hooks)" = "$all " ] &&
	! grep old .git/hooks/pre-push &&
	git -c core.hooksPath=x hop status && mv .git/hooks .git/old && mkdir .git/hooks &&
	git hop status && [ -z "$(installed .git/hooks)" ] && rmdir .git/hooks &&
	mv .git/old .git/hooks && own .git/hooks/pre-commit true && git hop status &&
	[ "$(cat .git/hooks/pre-commit)" = "#!/bin/sh
true" ] && rm .git/hooks/pre-commit && git hop status && [ "$(installed .git/hooks)" = "$all " ]
'

test_expect_success 'nobody but the owner may change them' '
	find .git/hooks -type f -perm /022 >../out && test_must_be_empty ../out
'

test_expect_success 'pre-commit moves ours aside and runs it: it counts as installed' '
	mv .git/hooks/pre-commit .git/hooks/pre-commit.legacy && rm -f .git/hooks/*.user &&
	own .git/hooks/pre-commit "# File generated by pre-commit: https://pre-commit.com
\"\$0.legacy\" \"\$@\" || exit 1
echo ran >\"\$HOME/ran\"" && rm -f "$HOME/ran" && git hop status &&
	test_path_is_missing .git/hooks/pre-commit.user && git switch -q ho-prod &&
	refused git commit -q --allow-empty -m X && git switch -q -C ho-patch/8 &&
	git commit -q --allow-empty -m X && test_grep ran "$HOME/ran"
'

test_expect_success 'wrong command lines' '
	test_expect_code 129 git hop hook && test_expect_code 129 git hop hook post-nothing &&
	test_expect_code 129 git hop hook commit-msg &&
	test_expect_code 129 git hop hook pre-push &&
	test_expect_code 129 git hop hook pre-commit a && git hop hook pre-commit -h &&
	cd "$TRASH" && mkdir plain && cd plain && git hop hook pre-commit 2>../err &&
	test_grep "^warning: .*not a git repository" ../err
'

test_done
