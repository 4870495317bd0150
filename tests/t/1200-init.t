#!/bin/bash
# git hop init: where a project can start, what it takes over, and what a refusal leaves: nothing.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# files_of DIR: what is in the commit.
files_of() {
	git -C "$1" ls-tree -r --name-only HEAD
}

# everything DIR: every file and ref of a repository, but for objects that git collects.
everything() {
	git_refs "$1"
	git -C "$1" rev-parse -q --verify HEAD || git -C "$1" symbolic-ref HEAD
	cat "$1/$(git -C "$1" rev-parse --git-dir)/config"
	find "$1" -path "*/objects" -prune -o -type f ! -name index -print | sort
}

# refused STATUS DIR PATTERN [OPTION...]: init refuses, says PATTERN, and leaves nothing.
refused() {
	local status=$1 dir=$2 pattern=$3
	shift 3
	everything "$dir" >before &&
	test_expect_code "$status" git hop -C "$dir" init "$@" 2>err &&
	everything "$dir" >after &&
	test_cmp before after &&
	test_grep "^\(fatal\|error\): .*$pattern" err
}

test_expect_success 'in a new folder' '
	git hop init shop 2>err &&
	[ "$(git -C shop symbolic-ref --short HEAD)" = ho-prod ] &&
	[ -z "$(git -C shop status --porcelain)" ] &&
	[ "$(git -C shop rev-list --count HEAD)" = 1 ] &&
	files_of shop >files &&
	cat >expect <<-\END &&
	.hop/.gitignore
	.hop/config
	.hop/model/data.sql
	.hop/model/metadata-0.0.0.sql
	.hop/model/metadata.sql
	.hop/model/schema-0.0.0.sql
	.hop/model/schema.sql
	.hop/releases/0.0.0.txt
	Patches/README.md
	END
	test_cmp expect files &&
	[ "$(readlink shop/.hop/model/schema-0.0.0.sql)" = schema.sql ] &&
	test_grep "^name = shop$" shop/.hop/config &&
	test_grep "^format = 1$" shop/.hop/config &&
	test_grep "no tests found" err
'

test_expect_success 'a folder that is there is refused and stays as it is' '
	mkdir there && echo mine >there/file &&
	test_expect_code 1 git hop init there 2>err &&
	test_grep "^error: .there. already exists" err &&
	test_grep "^hint: " err &&
	[ "$(ls -A there)" = file ]
'

test_expect_success 'names that cannot be a project: nothing is made' '
	mkdir names &&
	for name in Shop "my shop" -x 9shop "" up/ "a;b" "a\$b" \
		aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; do
		test_expect_code 129 git hop -C names init -- "$name" 2>err &&
		test_grep "^fatal: .* cannot be a project.s name" err || return
	done &&
	[ -z "$(ls -A names)" ]
'

test_expect_success 'nowhere: not in a repository, no name' '
	mkdir nowhere &&
	test_expect_code 128 git hop -C nowhere init 2>err &&
	test_grep "^hint: .*git hop init NAME.*: git init" err &&
	[ -z "$(ls -A nowhere)" ]
'

test_expect_success 'in an empty repository, on a branch of another name' '
	git init -q empty &&
	git hop -C empty init --test= 2>err &&
	[ "$(git -C empty symbolic-ref --short HEAD)" = ho-prod ] &&
	[ "$(git -C empty for-each-ref --format="%(refname)")" = refs/heads/ho-prod ] &&
	[ -z "$(git -C empty status --porcelain)" ] &&
	! grep "no tests were found" err
'

test_expect_success 'in a repository with history: ho-prod is a child of its commit' '
	git_origin old && git_clone old.git hist &&
	git_commit_file hist src/app.py "print(1)" &&
	git -C hist push -q &&
	tip=$(git -C hist rev-parse main) &&
	git hop -C hist init --test= &&
	[ "$(git -C hist rev-parse ho-prod^)" = "$tip" ] &&
	[ "$(git -C hist rev-parse main)" = "$tip" ] &&
	[ "$(git -C hist rev-parse ho-prod)" = "$(git -C old.git rev-parse ho-prod)" ] &&
	[ "$(git -C hist rev-parse --abbrev-ref ho-prod@{upstream})" = origin/ho-prod ] &&
	[ "$(cat hist/src/app.py)" = "print(1)" ] &&
	[ -z "$(git -C hist status --porcelain)" ]
'

test_expect_success 'a second time is refused, also in a clone that has not heard of the first' '
	refused 1 hist "is already a git hop project" &&
	git -C hist switch -q main &&
	refused 1 hist "is already a git hop project" &&
	git clone -q old.git second &&
	git -C second update-ref -d refs/remotes/origin/ho-prod &&
	test_expect_code 1 git hop -C second init 2>err &&
	test_grep "is already a git hop project" err
'

test_expect_success 'in a subfolder it is the repository that becomes the project' '
	git init -q sub && mkdir -p sub/a/b &&
	git hop -C sub/a/b init --test= &&
	[ -f sub/.hop/config ] &&
	[ -z "$(ls -A sub/a/b)" ] &&
	test_grep "^name = sub$" sub/.hop/config
'

test_expect_success 'HEAD is detached: ho-prod starts at the commit' '
	git_clone old.git detached &&
	git -C detached push -q origin :ho-prod && git -C detached fetch -q --prune &&
	git -C detached switch -q --detach origin/main &&
	tip=$(git -C detached rev-parse HEAD) &&
	git hop -C detached init --test= &&
	[ "$(git -C detached symbolic-ref --short HEAD)" = ho-prod ] &&
	[ "$(git -C detached rev-parse ho-prod^)" = "$tip" ]
'

test_expect_success 'uncommitted work stays what it is' '
	git init -q dirty && git_commit_file dirty tracked one &&
	git_commit_file dirty staged one &&
	echo two >dirty/tracked &&
	echo two >dirty/staged && git -C dirty add staged &&
	echo new >dirty/untracked &&
	git -C dirty status --porcelain >before &&
	git hop -C dirty init --test= &&
	git -C dirty status --porcelain >after &&
	test_cmp before after &&
	[ "$(cat dirty/tracked dirty/untracked)" = "two
new" ] &&
	[ "$(git -C dirty show :staged)" = two ]
'

test_expect_success 'also in a repository without a commit' '
	git init -q --initial-branch=ho-prod bud && cd bud && echo one | tee a >b &&
	git add . && echo two >b && git hop init --test= 2>../err && ! grep warning: ../err &&
	[ "$(git status -s; cat a b)" = "$(printf "A  a\nAM b\none\ntwo")" ] && cd ..
'

test_expect_success 'files of its own that are in the way are not overwritten' '
	git init -q way && git_commit_file way a one &&
	mkdir way/Patches && echo mine >way/Patches/README.md &&
	git hop -C way init --test= 2>err;
	[ "$(cat way/Patches/README.md)" = mine ]
'

test_expect_success 'a folder Patches with a README of its own is kept' '
	git init -q patches && git_commit_file patches Patches/README.md "Ours" &&
	git hop -C patches init --test= &&
	[ "$(git -C patches show ho-prod:Patches/README.md)" = Ours ]
'

test_expect_success 'a folder .hop of another tool is refused' '
	git init -q other && git_commit_file other .hop/thing text &&
	refused 1 other "already has a directory .hop"
'

test_expect_success 'a bare repository is refused' '
	git init -q --bare bare.git &&
	test_expect_code 1 git hop -C bare.git init 2>err &&
	test_grep "^error: .* bare repository" err &&
	[ -z "$(git_refs bare.git)" ]
'

test_expect_success 'a shallow clone is refused with what to do' '
	git clone -q --depth 1 "file://$PWD/old.git" shallow &&
	refused 1 shallow "shallow" &&
	test_grep "^hint: git fetch --unshallow" err
'

test_expect_success 'a SHA-256 repository is refused with what to do, by clone, too' '
	git init -q --object-format=sha256 sha256 && git_commit_file sha256 a b &&
	for command in init status check; do
		test_expect_code 128 git -C sha256 hop $command 2>err &&
		test_grep "^fatal: the repository uses SHA-256" err &&
		test_grep "^hint: .*git init --object-format=sha1" err || return
	done &&
	test_expect_code 128 git hop clone sha256 longer 2>err &&
	test_grep "^fatal: .*the repository uses SHA-256" err && [ ! -e longer ]
'

test_expect_success '--git-origin adds the remote and pushes there' '
	git init -q --bare fresh.git &&
	git hop init --git-origin=fresh.git --test= away &&
	git -C away remote get-url origin >url &&
	test_grep "fresh.git$" url &&
	[ "$(git -C away rev-parse ho-prod)" = "$(git -C fresh.git rev-parse ho-prod)" ] &&
	git -C away fetch -q
'

test_expect_success '--git-origin in a repository: a new remote, the same one, another one' '
	git init -q --bare new.git && git init -q add &&
	git hop -C add init --git-origin="$PWD/new.git" --test= &&
	[ "$(git -C new.git rev-parse ho-prod)" = "$(git -C add rev-parse HEAD)" ] &&
	git init -q --bare same.git && git clone -q "$PWD/same.git" same &&
	git hop -C same init --git-origin="$PWD/same.git" --test= &&
	git -C same.git rev-parse --verify ho-prod &&
	git clone -q "$PWD/fresh.git" differs &&
	test_expect_code 1 git hop -C differs init --git-origin="$PWD/elsewhere.git" 2>err &&
	test_grep "has another URL: .*fresh.git" err
'

test_expect_success 'an origin that is not there, or that refuses: nothing is made' '
	git init -q gone && git_commit_file gone a one &&
	refused 128 gone "" --git-origin=/nowhere/x.git &&
	test_expect_code 128 git hop init --git-origin=/nowhere/x.git newgone 2>err &&
	test_path_is_missing newgone &&
	[ -z "$(ls -d newgone* 2>/dev/null)" ] &&
	git init -q --bare refuse.git &&
	printf "#!/bin/sh\necho no pushes on Fridays >&2\nexit 1\n" >refuse.git/hooks/pre-receive &&
	chmod +x refuse.git/hooks/pre-receive &&
	refused 1 gone "" --git-origin="$PWD/refuse.git" &&
	test_grep "no pushes on Fridays" err &&
	[ -z "$(git_refs refuse.git)" ]
'

test_expect_success 'no identity: said before anything is made' '
	git init -q nobody &&
	git config --global --unset user.name && git config --global --unset user.email &&
	git config --global user.useConfigOnly true &&
	test_when_finished "cp \"\$HOP_SRCDIR/tests/lib/gitconfig\" \"\$GIT_CONFIG_GLOBAL\"" &&
	refused 128 nobody "" &&
	test_grep "user.email" err &&
	test_expect_code 128 git hop init nobodynew &&
	[ -z "$(ls -d nobodynew* 2>/dev/null)" ]
'

# found COMMAND FILE TEXT: init in a repository with that file proposes the command.
found() {
	rm -rf guess && git init -q guess && git_commit_file guess "$2" "$3" &&
	git hop -C guess init 2>err &&
	test_grep "^test *$\|^command = $1$" guess/.hop/config &&
	test_grep "^command = $1$" guess/.hop/config &&
	test_grep "test command: $1 (found " err
}

test_expect_success 'a test command is found, written down and named' '
	found "pytest -q" pytest.ini "[pytest]" &&
	found "pytest -q" pyproject.toml "[tool.pytest.ini_options]" &&
	found "pytest -q" test_one.py "def test_one(): pass" &&
	found "make check" Makefile "check: all" &&
	found "make test" Makefile "test:" &&
	found "pg_prove tests/" tests/one.sql "select plan(3);" &&
	rm -rf guess && git init -q guess && git_commit_file guess pyproject.toml "[project]" &&
	git hop -C guess init 2>err &&
	test_grep "no tests found" err &&
	! grep "^command" guess/.hop/config
'

test_expect_success '--test is taken as it is, whatever is found; what cannot be kept is refused' '
	git init -q named && git_commit_file named pytest.ini "" &&
	git hop -C named init --test="prove -r \"t/\" && echo \$HOME" &&
	git -C named show ho-prod:.hop/config >config &&
	test_grep "^command = prove -r \"t/\" && echo \$HOME$" config &&
	git init -q hard &&
	refused 129 hard "one line" --test="a
b" &&
	refused 129 hard ";" --test="a ; b" &&
	refused 129 hard "" --test="$(printf "%300s" x)"
'

test_expect_success 'a database that is not there, or empty, is for development' '
	db=$(pg_name absent) &&
	git init -q absent &&
	git hop -C absent init --test= --database="$(pg_conninfo "$db")" &&
	[ "$(git -C absent config hop.database)" = "$(pg_conninfo "$db")" ] &&
	pg_databases >list && test_must_be_empty list &&
	pg_create_db "$(pg_name empty)" &&
	pg_dump_schema "$(pg_name empty)" >before &&
	git init -q none &&
	git hop -C none init --test= --database="$(pg_conninfo "$(pg_name empty)")" &&
	pg_dump_schema "$(pg_name empty)" >after &&
	test_cmp before after
'

test_expect_success 'a database with objects becomes 0.0.0, marked production, else as it was' '
	db=$(pg_name legacy) && pg_create_db "$db" &&
	pg_query "$db" "create schema crm; create table crm.person (id int primary key, name text);
		insert into crm.person select i, md5(i::text) from generate_series(1, 500) i;
		create table note (person int references crm.person, at timestamptz default now());
		create view crm.named as select * from crm.person where name is not null;
		create function crm.f() returns int language sql as \$\$ select 1; \$\$;
		comment on table note is \$\$it has ; and \"quotes\"\$\$" &&
	"$HOP_TEST_PGBIN/pg_dump" -N hop -d "$(pg_conninfo "$db")" >raw &&
	grep -v "restrict " raw >before &&
	git init -q legacy &&
	git hop -C legacy init --test= --as=production --database="$(pg_conninfo "$db")" 2>err &&
	"$HOP_TEST_PGBIN/pg_dump" -N hop -d "$(pg_conninfo "$db")" >raw &&
	grep -v "restrict " raw >after &&
	test_cmp before after &&
	test_grep "version 0.0.0" err && test_grep "production" err &&
	pg_query "$db" "select role from hop.project" >role &&
	echo production >expect && test_cmp expect role &&
	! git -C legacy config hop.database &&
	git -C legacy show ho-prod:.hop/model/schema.sql >schema &&
	! grep "hop\." schema &&
	pg_create_db "$(pg_name copy)" &&
	pg_psql "$(pg_name copy)" -q -f schema &&
	pg_dump_schema "$(pg_name copy)" >copy &&
	pg_dump_schema "$db" -N hop >original &&
	test_cmp original copy
'

# with_table WORD: a database with a table, and an empty repository of the same name.
with_table() {
	db=$(pg_name "$1") && pg_create_db "$db" && git init -q "$1" &&
	pg_query "$db" "create table t as select 1 as a"
}

test_expect_success 'a copy becomes the development database of this clone' '
	with_table copied && rm -r copied &&
	git hop init --test= --as=development --database="$(pg_conninfo "$db")" copied 2>err &&
	test_grep "development database of this clone now" err &&
	[ "$(git -C copied config hop.database)" = "$(pg_conninfo "$db")" ] &&
	[ "$(pg_query "$db" "select role, clone_directory from hop.project")" = \
		"development|$PWD/copied/" ] &&
	[ "$(pg_query "$db" "select a from t")" = 1 ] &&
	cd copied && git hop release create minor && hop_patch 1 "alter table t add b int" &&
	git hop patch apply &&
	[ "$(pg_query "$db" "select count(a), count(b) from t")" = "0|0" ] &&
	[ "$(pg_query "$db" "select clone_directory from hop.project")" = "$PWD/" ]
'

test_expect_success 'what it is is asked; without a terminal or an answer nothing is made' '
	cd .. && with_table asked &&
	refused 1 asked "no terminal for .*in production" --database="$(pg_conninfo "$db")" &&
	test_grep "^hint: .*--as=production or --as=development" err &&
	refused 129 asked "" --as=production &&
	refused 129 asked "" --as=other --database="$(pg_conninfo "$db")" &&
	init="git hop -C asked init --test= --database=\"$(pg_conninfo "$db")\"" &&
	for answer in "" y prod; do
		echo "$answer" | script -qec "$init" /dev/null >out
		[ $? = 1 ] && test_grep "\[production/development\]" out &&
		test_grep cancelled out &&
		[ "$(pg_query "$db" "select to_regnamespace(\$\$hop\$\$) is null")" = t ] || return
	done &&
	echo production | script -qec "$init" /dev/null &&
	[ "$(pg_query "$db" "select role from hop.project")" = production ]
'

test_expect_success 'an empty database, or one that is not there, is not in production' '
	git init -q hollow &&
	refused 1 hollow "is empty: it is not in production" --as=production \
		--database="$(pg_conninfo "$(pg_name empty)")" &&
	refused 1 hollow "is empty: it is not in production" --as=production \
		--database="$(pg_conninfo "$(pg_name absent)")"
'

test_expect_success 'a database of a project is refused for another one' '
	git init -q thief &&
	refused 1 thief "already belongs to project .legacy." \
		--database="$(pg_conninfo "$(pg_name legacy)")"
'

test_expect_success 'when the project cannot be made the database is as it was' '
	db=$(pg_name safe) && pg_create_db "$db" && pg_query "$db" "create table t (a int)" &&
	pg_dump_schema "$db" >dump.before &&
	git init -q safe &&
	refused 1 safe "refused the push" --as=development \
		--database="$(pg_conninfo "$db")" --git-origin="$PWD/refuse.git" &&
	pg_dump_schema "$db" >dump.after &&
	test_cmp dump.before dump.after
'

test_expect_success 'a database that cannot be reached or read: nothing is made' '
	git init -q far &&
	refused 75 far "" --database="host=/nowhere dbname=x" &&
	refused 129 far "" --database="host=/x dbnam=x" &&
	refused 129 far "password" --database="host=/x dbname=x password=s3cret" &&
	! grep s3cret err &&
	refused 129 far "password" --database="postgresql://me:s3cret@/x" &&
	! grep s3cret err &&
	pg_create_role "$(pg_name nobody)" &&
	test_when_finished "pg_query postgres \"drop role $(pg_name nobody)\"" &&
	pg_create_db "$(pg_name locked)" && pg_query "$(pg_name locked)" "create table t (a int)" &&
	pg_dump_schema "$(pg_name locked)" >dump.before &&
	refused 128 far "" --as=production \
		--database="$(pg_conninfo "$(pg_name locked)" "$(pg_name nobody)")" &&
	pg_dump_schema "$(pg_name locked)" >dump.after &&
	test_cmp dump.before dump.after
'

test_done
