#!/bin/bash
# Repositories and checkouts of every kind; a user's own hooks, keys and unfinished work.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

on_branch() {
	[ "$(git symbolic-ref --short HEAD)" = "$1" ]
}

# hook DIR NAME TEXT
hook() {
	mkdir -p "$1" && printf '#!/bin/sh\n%s\n' "$3" >"$1/$2" && chmod +x "$1/$2"
}

test_expect_success 'a project to work in' '
	hop_project a && cd a && git hop release create minor &&
	git hop patch create 1-users && hop_sql 01.sql "create table users (id int primary key);"
'
cd "$TRASH/a" || exit 99

test_expect_success 'unfinished work of every kind goes through every command untouched' '
	echo one >tracked && git add tracked && git commit -qm Track &&
	echo two >tracked && echo new >added && git add added && echo newer >added &&
	echo free >untracked && mkdir dir && echo in >dir/file &&
	test_expect_code 1 git hop patch merge &&
	git status --porcelain >../before &&
	git hop patch apply && git hop release create major &&
	git hop patch create 2 --release 0.1.0 &&
	test_expect_code 1 git hop patch merge &&
	git switch -q ho-patch/1-users &&
	git status --porcelain >../after && test_cmp ../before ../after &&
	[ "$(cat tracked added untracked dir/file)" = "two
newer
free
in" ] && git show :added >../out && echo new >../expect && test_cmp ../expect ../out
'

test_expect_success 'a merge, a rebase, a bisect under way: refused or untouched, never ended' '
	git reset -q --hard && rm -r untracked dir &&
	git switch -q -c x ho-prod && git_commit_file . tracked three &&
	git switch -q ho-patch/1-users &&
	test_must_fail git merge -q x &&
	git status --porcelain >../before && hop_state . >../state &&
	test_expect_code 1 git hop patch merge &&
	git status --porcelain >../after && test_cmp ../before ../after &&
	[ -f .git/MERGE_HEAD ] && hop_state . >../state.after && test_cmp ../state ../state.after &&
	git hop patch create 3 --release 0.1.0 2>../err && [ -f .git/MERGE_HEAD ] &&
	on_branch ho-patch/1-users && test_grep "^warning: .*: the checkout stays" ../err &&
	git merge --abort && git branch -qD x
'

test_expect_success 'an unborn branch: said for what needs a branch, the rest works' '
	git switch -q --orphan nothing-yet &&
	test_expect_code 1 git hop patch merge 2>../err &&
	test_grep "is not a patch branch" ../err &&
	test_expect_code 1 git hop patch apply &&
	git hop status && git hop patch list && git hop release list &&
	git hop patch create 4 --release 0.1.0 && on_branch ho-patch/4 &&
	[ -z "$(git status --porcelain)" ]
'

test_expect_success 'a bare clone: what needs no work tree works there' '
	git clone -q --bare ../origin.git ../bare.git &&
	git -C ../bare.git config remote.origin.fetch "+refs/heads/*:refs/remotes/origin/*" &&
	git -C ../bare.git fetch -q &&
	hop_database ../bare.git bare && cd ../bare.git &&
	git hop status && git hop patch list --porcelain >../out && git hop patch show 1-users &&
	test_expect_code 1 git hop patch apply 2>../err && test_grep "working tree" ../err &&
	git -C ../a push -q origin ho-patch/1-users &&
	git hop patch merge 1-users && git hop release list &&
	git -C ../origin.git rev-parse --verify ho-staged/1-users &&
	cd ../a && git switch -q ho-release/0.1.0 && git pull -q && [ -f Patches/1-users/01.sql ]
'

test_expect_success 'a linked work tree is a place to work like any other' '
	git switch -q --detach && git worktree add -q ../tree ho-patch/4 && cd ../tree &&
	hop_sql 01.sql "create table four (i int references users);" &&
	git hop patch apply && git hop patch merge && on_branch ho-release/0.1.0 &&
	[ -z "$(git status --porcelain)" ] && git -C ../origin.git rev-parse --verify ho-staged/4
'
cd "$TRASH/a" || exit 99

test_expect_success 'where the branch is checked out in another work tree, this one stays' '
	git worktree remove ../tree && git switch -q ho-release/0.1.0 && git pull -q &&
	git hop patch create 5 && git switch -q ho-release/0.1.0 &&
	git worktree add -q ../tree ho-patch/5 &&
	cd ../tree && hop_sql 01.sql "create table five (i int);" &&
	git hop patch merge 2>../err &&
	git -C ../origin.git rev-parse --verify ho-staged/5 &&
	[ "$(git symbolic-ref --short HEAD)" = ho-patch/5 ] && [ -z "$(git status --porcelain)" ] &&
	test_grep "^warning: cannot switch to" ../err &&
	cd ../a && [ -z "$(git status --porcelain)" ] && git pull -q && [ -f Patches/5/01.sql ] &&
	git worktree remove ../tree
'

test_expect_success 'a submodule is there for the tests, and not fetched again by every command' '
	git init -q ../lib && git_commit_file ../lib helper "echo helped" &&
	hop_patch 6 "select 6;" && git submodule --quiet add ../lib lib &&
	git commit -qm "Add lib" &&
	git hop patch merge && [ -f lib/helper ] && hop_patch 7 "select 7;" &&
	echo dirty >>lib/helper && git hop patch apply && git checkout -q . &&
	git -C lib checkout -q . && git hop patch merge && [ -f lib/helper ] &&
	[ "$(git ls-tree HEAD lib | cut -c 1-6)" = 160000 ]
'

test_expect_success 'a shallow clone is refused with what to do, and that helps' '
	git clone -q --depth 1 --no-single-branch -b ho-prod "file://$TRASH/origin.git" \
		../shallow &&
	hop_database ../shallow shallow &&
	for command in status "patch list" "release create minor" "patch merge 7"; do
		test_expect_code 128 git -C ../shallow hop $command 2>../err &&
		test_grep "^fatal: this is a shallow clone" ../err || return
	done &&
	(cd ../shallow && eval "$(sed -n "s/^hint: //p" ../err)" && git hop status)
'

test_expect_success 'a partial clone is refused with what to do, and that helps' '
	git -C ../origin.git config uploadpack.allowFilter true &&
	git clone -q --filter=blob:none -b ho-release/0.1.0 "file://$TRASH/origin.git" ../partial &&
	hop_database ../partial partial &&
	test_expect_code 128 git -C ../partial hop status 2>../err &&
	test_grep "^fatal: this is a partial clone" ../err &&
	(cd ../partial && eval "$(sed -n "s/^hint: //p" ../err)" &&
		hop_patch 8 "create table eight (i int references users);" &&
		git hop patch apply && git hop patch merge)
'

test_expect_success 'a sparse checkout stays sparse' '
	git switch -q ho-release/0.1.0 && git pull -q &&
	git sparse-checkout set --no-cone /Patches/9/ &&
	git hop patch create 9 && [ -f Patches/9/README.md ] && [ ! -e Patches/1-users ] &&
	hop_sql 01.sql "create table nine (i int references users);" &&
	git hop patch apply && git hop patch merge && [ ! -e Patches/1-users ] &&
	git sparse-checkout disable &&
	[ -f Patches/1-users/01.sql ] && [ -z "$(git status --porcelain)" ]
'

# unreadable_index KIND: apply says so, and what it says to do helps.
unreadable_index() {
	test_expect_code 128 git hop patch apply 2>../err &&
	test_grep "^hint: git hop cannot read a $1 index: git " ../err &&
	eval "$(sed -n "s/^hint: .*index: //p" ../err)" && git hop patch apply
}

test_expect_success 'a sparse and a split index are refused with what to do, and that helps' '
	hop_patch 60 "select 60;" && mkdir -p src/deep other &&
	echo a >src/deep/a && echo b >other/b &&
	git add src other && git commit -qm "Add folders" &&
	git sparse-checkout set --cone --sparse-index Patches src && git hop status &&
	unreadable_index sparse && [ ! -e other ] && git sparse-checkout disable &&
	git config core.splitIndex true && git update-index --split-index &&
	unreadable_index split && git hop patch merge && [ -z "$(git status --porcelain)" ]
'

test_expect_success 'a path with spaces, quotes and a newline' '
	dir="$TRASH/it'\''s \"a\" \$HOME
%s dir;x" && mkdir "$dir" && git clone -q -b ho-release/0.1.0 ../origin.git "$dir/clone" &&
	hop_database "$dir/clone" strange &&
	(cd "$dir/clone" &&
		sed -i "s/^command =.*/command = test -f Patches\/10\/01.sql/" .hop/config &&
		git hop patch create 10 && git commit -qam "Test" &&
		hop_sql 01.sql "create table ten (i int);" && git hop patch apply &&
		TMPDIR="$dir" git hop patch merge && git hop status &&
		on_branch ho-release/0.1.0) &&
	[ "$(ls -A "$dir")" = clone ]
'

test_expect_success 'a private server cannot be in a path with a newline, in others it can' '
	(cd "$dir/clone" && git config --unset hop.database &&
		test_expect_code 128 git hop server start 2>"$TRASH/err") &&
	test_grep "newline" ../err && test_grep "^hint: .*hop.database" ../err &&
	mv "$dir" "${dir%
*}" && (cd "${dir%
*}/clone" && hop_patch 11 "select 11;" &&
		git hop patch apply &&
		[ "$(git hop server psql -Atc "select count(*) from ten")" = 0 ] &&
		git hop patch merge && git hop server stop)
'

test_expect_success 'from a subfolder, with -C, with GIT_DIR and GIT_WORK_TREE' '
	git remote set-url origin "$TRASH/origin.git" && git pull -q &&
	hop_patch 12 "create table twelve (i int);" && mkdir -p deep/er &&
	(cd deep/er && git hop patch apply && git hop patch show) &&
	git -C deep hop -C er status && git -C Patches/12 hop patch show &&
	(cd / && GIT_DIR="$TRASH/a/.git" GIT_WORK_TREE="$TRASH/a" git hop patch apply &&
		git --git-dir="$TRASH/a/.git" --work-tree="$TRASH/a" hop patch merge) &&
	on_branch ho-release/0.1.0 && [ -z "$(git status --porcelain)" ] &&
	[ -f Patches/12/01.sql ] &&
	rmdir deep/er deep
'

test_expect_success 'GIT_INDEX_FILE and GIT_OBJECT_DIRECTORY of a caller, a hook say, do no harm' '
	hop_patch 13 "create table thirteen (i int);" &&
	cp .git/index ../index && GIT_INDEX_FILE="$TRASH/index" git hop patch apply &&
	git hop patch merge && [ -z "$(git status --porcelain)" ]
'

# git sets the absolute path of the index for hooks in linked worktrees.
test_expect_success 'the index of a caller is neither read nor written' '
	hop_patch 114 "create table fourteen (i int);" &&
	echo staged >notes.txt && git add notes.txt && echo other >notes.txt &&
	cp .git/index ../index.before &&
	GIT_INDEX_FILE="$PWD/.git/index" git hop patch apply &&
	test_cmp ../index.before .git/index &&
	test_expect_code 1 env GIT_INDEX_FILE="$PWD/.git/index" git hop patch merge &&
	test "$(git show :notes.txt)" = staged && git rm -qf --cached notes.txt && rm notes.txt &&
	cp .git/index ../index.before &&
	GIT_INDEX_FILE="$TRASH/index.before" git hop patch merge &&
	[ -z "$(git status --porcelain)" ] &&
	GIT_INDEX_FILE="$TRASH/index.before" git hop check &&
	[ -z "$(git ls-files notes.txt)" ]
'

test_expect_success 'what git set for a hook is there for git hop hook alone' '
	git worktree add -q -b topic ../linked && cd ../linked &&
	hook=$(git rev-parse --git-common-dir)/hooks/post-checkout && mkdir -p "${hook%/*}" &&
	cat >"$hook" <<-\EOF && chmod +x "$hook" &&
	#!/bin/sh
	export GIT_INDEX_FILE="$(git rev-parse --git-path index)"
	git hop status >../hook.out 2>&1
	EOF
	git checkout -q -b topic2 && rm "$hook" && grep "0.1.0" ../hook.out &&
	[ -z "$(git status --porcelain)" ] && cd ../a && git worktree remove ../linked
'

test_expect_success 'a repository that cannot be written: said, nothing half done' '
	git init -q ../ro && cd ../ro && git hop init --test= && hop_database . ro &&
	git hop release create minor && chmod -R a-w .git && chmod -R a+rX . &&
	test_when_finished "chmod -R u+w \"\$TRASH/ro/.git\"" &&
	git_refs . >../before &&
	# Others may not get to the programs where they were built.
	run="env" && if [ "$(id -u)" -eq 0 ]; then
		run="setpriv --reuid nobody --clear-groups env"
		mkdir ../programs && PATH=$TRASH/programs:$PATH &&
		find "$HOP_BUILDDIR/cmd" -name "git-hop*" -perm -u+x -exec cp {} ../programs \; &&
		git config --global --add safe.directory "*" && chmod a+rx "$HOME" &&
		test_when_finished "git config --global --unset-all safe.directory"
	fi &&
	test_expect_code 128 $run git hop patch create 1 2>../err &&
	test_grep "ermission denied" ../err &&
	test_expect_code 128 $run git hop release create major &&
	$run git hop status && $run git hop patch list &&
	git_refs . >../after && test_cmp ../before ../after
'
cd "$TRASH/a" || exit 99

test_expect_success 'a repository of somebody else: git says that it is dubious, and so do we' '
	git init -q ../theirs && git_commit_file ../theirs a b &&
	command=status &&
	if [ "$(id -u)" -eq 0 ]; then
		chown -R nobody ../theirs
	else
		# Only the git program can be told to think so.
		command="init --test=" && export GIT_TEST_ASSUME_DIFFERENT_OWNER=1 &&
		test_when_finished "unset GIT_TEST_ASSUME_DIFFERENT_OWNER"
	fi &&
	test_expect_code 128 git -C ../theirs hop $command 2>../err &&
	test_grep "safe.directory" ../err
'

test_expect_success 'no identity: refused before anything is made' '
	hop_patch 14 "select 14;" &&
	git config --global --unset user.name && git config --global --unset user.email &&
	git config --global user.useConfigOnly true && hop_state . >../before &&
	for command in "patch merge" "patch create 15 --release 0.1.0" "release create patch" \
		"release promote prod"; do
		test_expect_code 128 git hop $command 2>../err &&
		test_grep "user.email" ../err || break
	done; status=$?;
	hop_state . >../after;
	git config --global user.name "Hop Tester" &&
	git config --global user.email t@example.org &&
	git config --global --unset user.useConfigOnly && [ $status = 0 ] &&
	test_cmp ../before ../after &&
	git hop patch merge
'

test_expect_success 'an identity that git refuses, wherever it comes from' '
	hop_patch 15 "select 15;" && git config --global user.useConfigOnly true &&
	anonymous() {
		test_expect_code 128 git hop patch merge 2>../err &&
		test_grep "who you are" ../err
	} &&
	for name in "" ".,;" "\"<>"; do
		git config --global user.name "$name" && anonymous || break
	done; status=$?;
	git config --global user.name "李明" && [ $status = 0 ] &&
	GIT_AUTHOR_NAME=... anonymous && GIT_COMMITTER_NAME= anonymous &&
	git config --global committer.name . && anonymous; status=$?;
	git config --global --unset committer.name;
	git config --global --unset user.useConfigOnly && [ $status = 0 ] &&
	git hop patch merge && [ "$(git log -1 --format=%an)" = "李明" ] &&
	git config --global user.name "Hop Tester"
'

test_expect_success 'commit.gpgSign: every commit and the tag are signed as the user set it up' '
	cat >../sign <<-\END &&
	#!/bin/sh
	echo "$*" >>"$HOME/signed"
	cat >/dev/null
	printf "\n[GNUPG:] SIG_CREATED x\n" >&2
	printf "%s\n\nbm9uZQ==\n%s\n" "-----BEGIN PGP SIGNATURE-----" "-----END PGP SIGNATURE-----"
	END
	chmod +x ../sign && git config gpg.program "$TRASH/sign" &&
	git config user.signingKey KEY &&
	git config commit.gpgSign true && git config tag.gpgSign true &&
	hop_patch 16 "create table sixteen (i int);" && git hop patch merge &&
	git hop patch merge --allow-empty 2 && git hop patch merge --allow-empty 3 &&
	git hop release promote prod &&
	git log --format=%H --grep="patch .16. " >../commits && test_line_count = 2 ../commits &&
	for commit in HEAD $(cat ../commits); do
		git cat-file commit $commit >../out &&
		test_grep "^gpgsig -----BEGIN PGP" ../out || return
	done &&
	git cat-file tag v0.1.0 >../out && test_grep "^-----BEGIN PGP SIGNATURE" ../out &&
	test_grep "KEY" "$HOME/signed"
'

test_expect_success 'a key that does not sign: refused, nothing made' '
	printf "#!/bin/sh\necho no secret key >&2\nexit 2\n" >../sign && hop_state . >../before &&
	test_when_finished "git config --unset commit.gpgSign; git config --unset tag.gpgSign" &&
	test_expect_code 128 git hop release create patch 2>../err &&
	test_grep "gpg failed to sign" ../err &&
	hop_state . >../after && test_cmp ../before ../after
'

test_expect_success 'hooks of the user are run by git as always: pre-push, post-checkout' '
	hook .git/hooks pre-push "cat >>\"$HOME/pushed\"" &&
	hook .git/hooks post-checkout "echo \$* >>\"$HOME/checked-out\"" &&
	hook .git/hooks reference-transaction "cat >/dev/null; echo \$1 >>\"$HOME/moved\"" &&
	git hop release create patch && test_grep "refs/heads/ho-release/0.1.1" "$HOME/pushed" &&
	[ -s "$HOME/checked-out" ] && grep committed "$HOME/moved"
'

test_expect_success 'hooks that object to commits do not stand in the way of those of hop' '
	hook .git/hooks commit-msg "exit 1" && hook .git/hooks pre-commit "exit 1" &&
	hook .git/hooks pre-merge-commit "exit 1" && hook .git/hooks post-commit "exit 1" &&
	git hop patch create 17 && rm .git/hooks/commit-msg .git/hooks/pre-commit &&
	hop_sql 01.sql "create table seventeen (i int);" && git hop patch merge
'

test_expect_success 'a pre-push hook that says no: what it says is shown, nothing was made' '
	hop_patch 18 "select 18;" && hook .git/hooks pre-push "echo not on Fridays >&2; exit 1" &&
	git fetch -q && hop_state . >../before &&
	test_must_fail git hop patch merge 2>../err && test_grep "not on Fridays" ../err &&
	test_grep "nothing was changed" ../err &&
	hop_state . >../after && test_cmp ../before ../after && rm .git/hooks/pre-push
'

test_expect_success 'core.hooksPath leads elsewhere: a post-checkout that fails fails nothing' '
	rm .git/hooks/* && hook ../hooks pre-push "cat >>\"$HOME/path-pushed\"" &&
	hook ../hooks post-checkout "echo complaint >&2; exit 1" &&
	git config core.hooksPath "$TRASH/hooks" && git hop patch merge &&
	git config --unset core.hooksPath &&
	test_grep "ho-staged/18" "$HOME/path-pushed" && on_branch ho-release/0.1.1 &&
	[ -z "$(git status --porcelain)" ]
'

test_expect_success 'settings of the user that change what git prints and does' '
	git config --global color.ui always && git config --global core.quotePath true &&
	git config --global push.default nothing && git config --global push.gpgSign false &&
	git config --global fetch.prune false && git config --global pull.ff only &&
	git config --global core.autocrlf true && git config --global diff.noprefix true &&
	git config --global merge.ff only && git config --global log.showSignature true &&
	git config --global push.followTags true && git config --global core.pager "false" &&
	git config --global branch.autoSetupMerge false && git config --global status.branch true &&
	git config --global status.short true && git config --global submodule.recurse true &&
	git config --global core.fsmonitor false &&
	git config --global i18n.commitEncoding latin1 &&
	git hop patch create 19 -d "Größe" &&
	hop_sql 01.sql "create table \"größe\" (i int);" &&
	git hop patch apply && git hop patch merge && git hop release promote prod &&
	on_branch ho-prod && git ls-files -m >../out && test_must_be_empty ../out &&
	git show v0.1.1:Patches/19/README.md >../out && test_grep "Größe" ../out
'

test_expect_success 'a language that is not English, and a locale that is not UTF-8' '
	git hop release create patch && LC_ALL=C LANGUAGE=de git hop patch create 20 &&
	hop_sql 01.sql "create table \"straße\" (i int);" && LC_ALL=C git hop patch merge &&
	LC_ALL=C git hop status
'

test_done
