#!/bin/bash
# [hop] tagPrefix: the tags of releases beside those that the repository has for itself.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# tags: the names of all tags at origin, in one line.
tags() {
	git -C "$TRASH/origin.git" for-each-ref --format="%(refname:lstrip=2)" refs/tags | xargs
}

# with_tags DIR [OPTION...]: a project in a repository whose own tags look like those of hop.
with_tags() {
	local dir=$1
	shift
	git init -q --initial-branch=main "$dir" && git_commit_file "$dir" app one &&
	git -C "$dir" tag v0.1.0 && git -C "$dir" tag v0.1.0-rc1 &&
	git -C "$dir" tag -a -m own v1.0.0 &&
	hop_origin && git -C "$dir" remote add origin ../origin.git &&
	git -C "$dir" push -q origin main --tags && hop_database "$dir" "$dir" &&
	git -C "$dir" hop init --test= "$@" 2>err
}

test_expect_success 'init sees the tags of the repository, and chooses another prefix' '
	with_tags own && test_grep "begin with .schema-v. (there is a tag v1.0.0)" err &&
	test_grep "^tagPrefix = schema-v$" own/.hop/config &&
	git init -q none && git -C none hop init --test= 2>err && ! grep tag err &&
	! grep tagPrefix none/.hop/config
'
cd "$TRASH/own" || exit 99

test_expect_success 'a life with it: rc, production, hotfix' '
	git hop release create minor && merged 1 "create table a (i int);" &&
	git hop release promote rc &&
	git hop restore 0.1.0-rc1 && git hop release graph >../out && test_grep rc1 ../out &&
	git hop release promote prod && git hop release hotfix &&
	merged 2 "alter table a add j int;" && git hop release promote hotfix &&
	[ "$(tags)" = "$(printf "%s " schema-v0.1.0 schema-v0.1.0-hotfix1 schema-v0.1.0-rc1 \
		v0.1.0 v0.1.0-rc1)v1.0.0" ] &&
	git hop check && git hop restore 0.1.0 && git hop restore &&
	test_expect_code 1 git hop restore 1.0.0-rc1 2>../err &&
	test_grep "no tag .schema-v1.0.0-rc1." ../err
'

test_expect_success 'its own tags are nobody else'\''s: a minor release may be 1.0.0' '
	git hop release create major && merged 3 "alter table a add k int;" &&
	git hop release promote prod && git hop status >../out && test_grep "1.0.0" ../out
'

test_expect_success 'production: update, upgrade through an rc and all releases' '
	pg_create_db "$(pg_name prod)" && cd .. &&
	git hop clone --production --database="$(pg_conninfo "$(pg_name prod)")" origin.git prod &&
	cd prod && git hop update >../out && test_grep "1.0.0" ../out &&
	git hop upgrade --yes &&
	[ "$(pg_query "$(pg_name prod)" "select string_agg(version, \$\$ \$\$ order by version)
		from hop.release")" = "0.0.0 0.1.0 0.1.0-hotfix1 1.0.0" ] &&
	pg_create_db "$(pg_name rc)" && cd ../own && git hop release create minor &&
	merged 4 "alter table a add l int;" && git hop release promote rc &&
	git hop upgrade --database="$(pg_conninfo "$(pg_name rc)")" --to-release 1.1.0-rc1 --yes
'

test_expect_success 'the audit names the tag' '
	git switch -q ho-prod && echo "# more" >>.hop/releases/1.0.0.txt &&
	git commit -qam x --no-verify && git push -q --no-verify &&
	test_expect_code 1 git hop check >../out &&
	test_grep "schema-v1.0.0" ../out &&
	git revert --no-edit HEAD && git push -q --no-verify &&
	test_expect_code 1 git hop check >../out && ! grep schema-v ../out
'

test_expect_success 'completion offers versions, without the prefix' '
	bash --norc -c ". \"\$HOP_SRCDIR/cmd/completion/git-hop.bash\"
		COMP_WORDS=(git-hop restore \"\") COMP_CWORD=2
		_git_hop_dashed
		printf \"%s\\n\" \"\${COMPREPLY[@]}\"" >../out &&
	grep -x 1.1.0-rc1 ../out && grep -x 0.1.0-hotfix1 ../out && ! grep v1 ../out
'

test_expect_success 'a patch cannot change it' '
	git switch -q ho-release/1.1.0 && git hop patch create 5 && hop_sql 01.sql "select 1;" &&
	sed -i "s/^tagPrefix.*/tagPrefix = v/" .hop/config && git commit -qam "Change" &&
	refused "tagPrefix in .hop/config is .v., but .schema-v. on ho-prod" git hop patch merge
'

test_expect_success '--tag-prefix is taken as it is, and so are its collisions' '
	cd .. && mv origin.git own.git && with_tags given --tag-prefix=v && cd given &&
	! grep tagPrefix .hop/config &&
	refused "there is a tag .v0.1.0. that belongs to no release" git hop release create minor &&
	test_grep "another tagPrefix to .hop/config" "$HOME/err" &&
	sed -i "/^id = /a tagPrefix = db/" .hop/config && git commit -qam Prefix --no-verify &&
	git push -q --no-verify && git hop release create minor &&
	merged 1 "create table a (i int);" && git hop release promote prod &&
	[ "$(tags)" = "db/0.1.0 v0.1.0 v0.1.0-rc1 v1.0.0" ] && git hop check &&
	git init -q ../bad &&
	test_expect_code 129 git -C ../bad hop init --test= --tag-prefix=-v 2>../err &&
	test_grep "tagPrefix cannot be .-v." ../err && test_path_is_missing ../bad/.hop
'

test_done
