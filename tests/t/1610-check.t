#!/bin/bash
# git hop check: what it repairs, what it reports, and that it leaves alone what is well.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

all='commit-msg pre-commit pre-merge-commit pre-push pre-rebase prepare-commit-msg'

# installed: the hooks of ours in the repository here.
installed() {
	grep -l '^# Made by git hop' "$(git rev-parse --git-path hooks)"/* 2>/dev/null |
		xargs -r -d '\n' -n 1 basename | tr '\n' ' '
}

# What check may change: refs here and at the remote, files of git.
everything() {
	git_refs . && git ls-remote -q origin && ls -lA "$(git rev-parse --git-path hooks)" &&
	find .git/hop -type f ! -path "*/server/*" && git config --list --local &&
	git status --porcelain
}

# findings [OPTION...]: "NAME STATE ABOUT" of each, sorted.
findings() {
	git hop check --porcelain "$@" >"$HOME/porcelain" 2>"$HOME/err"
	sed -n 's/^finding\t\([^\t]*\)\t\([^\t]*\)\t\([^\t]*\)\t.*/\1 \2 \3/p' "$HOME/porcelain" |
		sort
}

# repairs LINE...: these are found, all repaired; a dry run says so and changes nothing; the second
# time there are no problems.
repairs() {
	printf '%s repaired %s\n' "$@" | sort >"$HOME/expect" &&
	test_expect_code 0 git hop check -n && everything >"$HOME/before" &&
	findings --dry-run | sed 's/would-repair/repaired/' >"$HOME/found" &&
	test_cmp "$HOME/expect" "$HOME/found" &&
	everything >"$HOME/after" && test_cmp "$HOME/before" "$HOME/after" &&
	findings >"$HOME/found" && test_cmp "$HOME/expect" "$HOME/found" &&
	findings >"$HOME/found" && test_must_be_empty "$HOME/found" && git hop check
}

# reports NAME ABOUT...: these need a decision; nothing is changed, and each has a hint.
reports() {
	printf '%s decision %s\n' "$@" | sort >"$HOME/expect" &&
	test_expect_code 1 git hop check -n && everything >"$HOME/before" &&
	test_expect_code 1 git hop check >"$HOME/out" &&
	findings >"$HOME/found" && test_cmp "$HOME/expect" "$HOME/found" &&
	everything >"$HOME/after" && test_cmp "$HOME/before" "$HOME/after" &&
	cut -f 1,6 "$HOME/porcelain" | grep "^finding" >"$HOME/hints" &&
	! grep -e "	-$" "$HOME/hints" &&
	findings -n >"$HOME/found" && test_cmp "$HOME/expect" "$HOME/found"
}

test_expect_success 'a new project is well, with a remote, without, and from a folder below' '
	hop_project a && cd a && git hop check >../out 2>../err && test_must_be_empty ../out &&
	test_grep "^no problems found" ../err && cd .hop && git hop check && cd .. &&
	git init -q --initial-branch=ho-prod ../lone && cd ../lone && hop_database . lone &&
	git hop init --test= && git hop check
'
cd "$TRASH/a" || exit 99

test_expect_success 'a clone made with git: its hooks are installed' '
	(cd .. && hop_clone b) && cd ../b && [ -z "$(installed)" ] &&
	git hop status && [ -z "$(installed)" ] &&
	repairs hook commit-msg hook pre-commit hook pre-merge-commit hook pre-push \
		hook pre-rebase hook prepare-commit-msg prune remote.origin.prune &&
	[ "$(installed)" = "$all " ]
'

test_expect_success 'a hook that is gone, one that was changed, one that is replaced' '
	hooks=$(git rev-parse --git-path hooks) && rm "$hooks/pre-push" &&
	repairs hook pre-push && echo "exit 1" >>"$hooks/pre-push" && repairs hook pre-push &&
	chmod -x "$hooks/pre-push" && repairs hook pre-push &&
	printf "#!/bin/sh\necho mine\n" >"$hooks/pre-push" && repairs hook pre-push &&
	test_grep "echo mine" "$hooks/pre-push.user" &&
	printf "#!/bin/sh\necho other\n" >"$hooks/pre-push" &&
	reports hook-conflict "$PWD/$hooks/pre-push" && test_grep other "$hooks/pre-push" &&
	rm "$hooks/pre-push.user" && repairs hook pre-push && rm "$hooks/pre-push.user"
'

test_expect_success 'hooks in a versioned folder: the lines to add are shown, and do it' '
	mkdir -p .husky/_ && git config core.hooksPath .husky/_ &&
	reports hook-path "$PWD/.husky/_" && { git hop check >../out || true; } &&
	{ git hop check -n >../out2 || true; } &&
	test_cmp ../out ../out2 && sed -n "s/^  \(echo .git hop hook.*\)/\1/p" ../out >../lines &&
	test_line_count = 6 ../lines && sh -e ../lines && ls .husky && git hop check &&
	test_grep "^git hop hook pre-push -- \"\$@\"$" .husky/pre-push &&
	rm -r .husky && git config hop.hooks false && git hop check &&
	git config --unset hop.hooks && git config --unset core.hooksPath && git hop check
'

test_expect_success 'in a linked work tree and in a submodule the hooks of the repository' '
	git worktree add -q --detach ../linked && rm .git/hooks/pre-commit && cd ../linked &&
	git hop check && [ "$(installed)" = "$all " ] && git worktree remove . && cd "$TRASH" &&
	git init -q super && git -C super submodule --quiet add -b ho-prod ../origin.git sub &&
	cd super/sub && hop_database . sub && git hop check &&
	[ "$(installed)" = "$all " ] && [ -f ../.git/modules/sub/hooks/pre-commit ]
'
cd "$TRASH/b" || exit 99

test_expect_success 'settings: unknown, of the wrong type' '
	git config hop.bakupDir x && git config hop.templates many &&
	git config hop.hooks perhaps &&
	reports setting hop.bakupdir setting hop.templates setting hop.hooks &&
	{ git hop check >../out || true; } && test_grep "did you mean hop.backupDir" ../out &&
	git config --unset hop.bakupDir && git config --unset hop.templates &&
	git config --unset hop.hooks && git hop check
'

test_expect_success 'a password in hop.database is found, and not shown' '
	git config hop.database >../database &&
	for text in "host=/x dbname=y password=s3cret" "postgresql://me:s3cret@/y" \
		"POSTGRESQL://me:s3cret@/y" "me:s3cret@h/y"; do
		git config hop.database "$text" &&
		test_expect_code 1 git hop check >../out 2>&1 &&
		test_grep "^setting: hop.database" ../out && ! grep s3cret ../out || return
	done &&
	git config hop.database "$(cat ../database)" && git hop check
'

test_expect_success 'every setting that the manual has or the code reads is known' '
	{
		sed -n "s/^\.It Cm \(hop\.[a-z].*\)/\1/p" "$HOP_SRCDIR/man/hop-project.5" |
			tr -d " " | tr "," "\n" | grep -E "^hop\.[a-z]+([A-Z][a-z]+)*$" |
			grep -vE "^hop\.(project|release|patch|file|bootstrap)$"
		grep -rhoE "repo_config[a-z_]*\([^;]*\"hop\.[A-Za-z]+\"" "$HOP_SRCDIR/lib" |
			grep -oE "hop\.[A-Za-z]+"
	} | sort -u >../settings && test_line_count -gt 10 ../settings &&
	while read -r key; do git config "$key" 1; done <../settings &&
	git config hop.remote origin &&
	git config hop.production false && findings | grep "^setting" >../out;
	test_must_be_empty ../out && while read -r key; do
		git config --unset "$key" || return
	done <../settings && hop_database . b && git hop check
'

test_expect_success 'branches here that lag or are over' '
	(cd ../a && git hop release create minor &&
	hop_patch 1-users "create table users (i int);" &&
		hop_patch 2-two "select 2;" --release 0.1.0) &&
	git fetch -q && git switch -q ho-patch/1-users && git switch -q ho-release/0.1.0 &&
	(cd ../a && git switch -q ho-patch/1-users && git hop patch merge) &&
	git switch -q ho-prod && repairs branch-behind ho-release/0.1.0 branch-gone ho-patch/1-users
'

test_expect_success 'a branch that went another way, and one with commits that are nowhere else' '
	git switch -q ho-patch/2-two && git commit -q --allow-empty -m Here && git hop check &&
	(cd ../a && git switch -q ho-patch/2-two && git push -q && git commit -q --amend -m There &&
		git push -qf) && git switch -q ho-prod && reports branch-diverged ho-patch/2-two &&
	git hop check >../out || sed -n "s/^  \(git.*\)/\1/p" ../out >../way && sh -e ../way &&
	git hop check && git switch -q ho-prod &&
	git branch -q -f ho-patch/2-two origin/ho-patch/2-two
'

test_expect_success 'commits by hand on a branch that takes none' '
	git switch -q ho-release/0.1.0 && git commit -q --allow-empty --no-verify -m Hand &&
	reports branch-ahead ho-release/0.1.0 &&
	git hop check >../out || sed -n "s/^  \(git.*\)/\1/p" ../out >../way && sh -e ../way &&
	[ "$(git log -1 --format=%s KEEP)" = Hand ] && git branch -qD KEEP &&
	git switch -q ho-prod &&
	git hop check
'

test_expect_success 'a branch that is gone, with commits: the candidate too' '
	git switch -q ho-patch/2-two && git commit -q --allow-empty -m More &&
	git switch -q ho-prod &&
	git push -q origin :ho-patch/2-two &&
	reports branch-orphan ho-patch/2-two patch-branch 2-two &&
	{ git hop check >../out || true; } &&
	sed -n "s/^  \(git push.*\)/\1/p" ../out | head -n 1 >../way && sh -e ../way &&
	git hop check
'

test_expect_success 'branches of patches that are over, at the remote' '
	git -C ../origin.git update-ref refs/heads/ho-patch/1-users refs/heads/ho-staged/1-users &&
	repairs branch-merged ho-patch/1-users && git fetch -q &&
	[ -z "$(git ls-remote origin ho-patch/1-users)" ] &&
	tree=$(git rev-parse "origin/ho-staged/1-users^{tree}") &&
	late=$(git commit-tree -p origin/ho-staged/1-users -m Late "$tree") &&
	git push -q origin "$late:refs/heads/ho-patch/1-users" &&
	reports branch-unmerged ho-patch/1-users && git push -q origin :ho-patch/1-users &&
	git hop check
'

test_expect_success 'a number that is not reserved' '
	git -C ../origin.git update-ref -d refs/hop/patch/2 && repairs reservation 2-two &&
	[ -n "$(git ls-remote origin refs/hop/patch/2)" ]
'

# broken SED: the list of 0.1.0 at the remote, changed by hand.
broken() {
	git switch -q ho-release/0.1.0 && git merge -q --ff-only origin/ho-release/0.1.0 &&
	sed -i "$@" .hop/releases/0.1.0-patches.toml &&
	git commit -qam Break --no-verify && git push -q --no-verify && git switch -q ho-prod
}

restored() {
	git switch -q ho-release/0.1.0 && git revert --no-edit HEAD && git push -q --no-verify &&
	git switch -q ho-prod && git hop check
}

test_expect_success 'a list that cannot be read: which, where, and what to do' '
	broken "\$a \"1-users\" = \"candidate\"" && reports release-list ho-release/0.1.0 &&
	{ git hop check >../out || true; } && test_grep "patches.toml:[0-9]*: " ../out &&
	test_grep "no-verify" ../out && restored &&
	broken "s/candidate/nonsense/" && reports release-list ho-release/0.1.0 && restored &&
	broken "1s/.*/nonsense/" && reports release-list ho-release/0.1.0 && restored
'

test_expect_success 'a list that names what is not there, staged or not, or in two releases' '
	broken "\$a \"77-none\" = \"candidate\"" && git push -q origin HEAD:refs/hop/patch/77 &&
	reports patch-branch 77-none && restored &&
	broken "\$a \"77-none\" = \"staged\"" && reports patch-files 77-none && restored &&
	git hop release create major && git switch -q ho-release/1.0.0 &&
	cp .hop/releases/1.0.0-patches.toml ../list &&
	echo "\"2-two\" = \"candidate\"" >>.hop/releases/1.0.0-patches.toml &&
	git commit -qam Twice --no-verify && git push -q --no-verify && git switch -q ho-prod &&
	reports patch-duplicate 2-two && git push -q --no-verify origin :ho-release/1.0.0 &&
	git branch -qD ho-release/1.0.0 && git hop check
'

test_expect_success '.hop/config of a release, and of production' '
	git switch -q ho-release/0.1.0 && echo nonsense >>.hop/config &&
	git commit -qam Break --no-verify && git push -q --no-verify && git switch -q ho-prod &&
	reports config ho-release/0.1.0 && restored && echo nonsense >>.hop/config &&
	git commit -qam Break --no-verify && git push -q --no-verify &&
	test_expect_code 1 git hop check >../out &&
	test_grep "^project: ho-prod: .*config:" ../out &&
	git revert --no-edit HEAD && git push -q --no-verify
'

test_expect_success 'a release that lacks production: the commands bring it up, past the hooks' '
	reports release-behind ho-release/0.1.0 &&
	{ git hop check >../out || true; } && sed -n "s/^  \(git .*\)/\1/p" ../out >../way &&
	test_line_count = 3 ../way && sh -e ../way && git switch -q ho-prod && git hop check
'

test_expect_success 'a tag that is in the way of the next release' '
	git tag v0.1.0 && reports tag-exists v0.1.0 && { git hop check >../out || true; } &&
	sed -n "s/^  \(git tag.*\)/\1/p" ../out >../way && sh -e ../way && git hop check
'

test_expect_success 'tags that no promotion made: on ho-prod, beside it, of a release candidate' '
	git tag v0.0.9 && git tag v0.0.8 "$(git commit-tree -m x "HEAD^{tree}")" &&
	git tag v0.1.0-rc7 && git tag v7.0.0-hotfix1 && git tag version7 &&
	reports release-tag v0.0.8 release-tag v0.0.9 release-tag v0.1.0-rc7 \
		release-tag v7.0.0-hotfix1 && { git hop check >../out || true; } &&
	sed -n "s/^  \(git tag.*\)/\1/p" ../out >../way && sh -e ../way && git hop check &&
	git tag -d version7
'

test_expect_success 'after a promotion all is well' '
	git hop release create patch && hop_patch 5 "select 5;" && git hop patch merge &&
	git hop release promote prod && git hop check && (cd ../a && git hop check) && git hop check
'

test_expect_success 'tags and files of production' '
	git hop check && git update-ref refs/keep v0.0.1 && git tag -d v0.0.1 &&
	git push -q origin :refs/tags/v0.0.1 && reports release-tag v0.0.1 &&
	git push -q origin refs/keep:refs/tags/v0.0.1 && git fetch -q --tags && git hop check &&
	git rm -q .hop/model/data.sql .hop/model/schema-0.0.1.sql &&
	git commit -qam Break --no-verify && git push -q --no-verify &&
	reports release-files .hop/model/data.sql release-files .hop/model/schema-0.0.1.sql \
		release-behind ho-release/0.1.0 &&
	git reset -q --hard HEAD^ && git push -qf --no-verify && git hop check
'

test_expect_success 'what commands that were killed left: folders, checkout' '
	mkdir -p .git/hop/run "$TMPDIR/hop-left" && git switch -q --detach &&
	printf "folder %s\\0" "$TMPDIR/hop-left" >.git/hop/run/999999-0 &&
	echo "branch ho-prod" >.git/hop-head && repairs checkout "$PWD/" worktree worktrees &&
	test_path_is_missing "$TMPDIR/hop-left" && [ "$(git symbolic-ref --short HEAD)" = ho-prod ]
'

test_expect_success 'templates that are too many' '
	git hop restore && git config hop.templates 0 &&
	findings -n >../found && test_grep "^template would-repair" ../found &&
	findings >../found && test_grep "^template repaired" ../found &&
	git config --unset hop.templates
'

# lock UNTIL: a lock of somebody elsewhere on ho-prod, until that time.
lock() {
	printf '%s\n' Lock '' 'command: git hop patch merge 99' 'host: elsewhere' \
		'process: 4711 12' 'since: 2026-01-01T00:00:00Z' "until: $1" >../ticket &&
	git push -q -f origin "$(git commit-tree -F ../ticket \
		"$(git mktree </dev/null)"):refs/hop/lock/ho-prod"
}

test_expect_success 'a lock past its time is removed, one that is held is not' '
	lock 2199-01-01T00:00:00Z && git hop check &&
	[ -n "$(git ls-remote origin "refs/hop/lock/*")" ] &&
	lock 2026-01-01T00:10:00Z && repairs lock ho-prod &&
	[ -z "$(git ls-remote origin "refs/hop/lock/*")" ]
'

test_expect_success 'hooks that cannot be written need a decision' '
	mv .git/hooks .git/kept && echo x >.git/hooks &&
	test_expect_code 1 git hop check --porcelain >../out &&
	! grep "	repaired	" ../out &&
	rm .git/hooks && mv .git/kept .git/hooks && git hop check
'

test_expect_success 'a remote that is away is a finding; the rest is looked at' '
	mv ../origin.git ../away && git config hop.nonsense 1 &&
	test_expect_code 1 git hop check >../out && test_grep "^remote: origin: " ../out &&
	test_grep "^setting: hop.nonsense" ../out && mv ../away ../origin.git &&
	git config --unset hop.nonsense && git hop check
'

test_expect_success 'a database server that is away hinders nobody; one that is not ours does' '
	git hop check --database="host=/nowhere dbname=x" 2>../err &&
	test_grep "^warning: databases were not checked" ../err
'

test_expect_success 'a production clone: hooks, settings, tags' '
	pg_create_db "$(pg_name prod)" && (cd .. &&
		git hop clone --production --database="$(pg_conninfo "$(pg_name prod)")" \
			origin.git p) &&
	cd ../p && git hop check && rm .git/hooks/pre-commit && repairs hook pre-commit
'
cd "$TRASH/b" || exit 99

test_expect_success 'a bare clone has no hooks and is well' '
	git clone -q --bare ../origin.git ../bare.git && cd ../bare.git &&
	git config remote.origin.fetch "+refs/heads/*:refs/remotes/origin/*" && git fetch -q &&
	git hop check
'
cd "$TRASH/b" || exit 99

test_expect_success 'JSON has the same' '
	git config hop.nonsense 1 && test_expect_code 1 git hop check --json >../json &&
	[ "$(hop_json ../json "d[\"check\"][0][\"decisions\"], d[\"finding\"][0][\"name\"]")" = \
		"(1, '\''setting'\'')" ] && git config --unset hop.nonsense &&
	git hop check --json >../json &&
	[ "$(hop_json ../json "d[\"check\"][0][\"decisions\"]")" = 0 ]
'

test_expect_success 'wrong command lines, no project, no repository' '
	test_expect_code 129 git hop check extra && test_expect_code 129 git hop check --nonsense &&
	git init -q ../plain && test_expect_code 128 git -C ../plain hop check 2>../err &&
	test_grep "not a git hop project" ../err && mkdir ../nothing &&
	test_expect_code 128 git -C ../nothing hop check
'

test_done
