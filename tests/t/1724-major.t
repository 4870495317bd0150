#!/bin/bash
# One major version of PostgreSQL: merge and promote need it, apply and restore take a newer one.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# set_major MAJOR: what the project is for, on ho-prod and then in the release.
set_major() {
	git switch -q ho-prod && git pull -q &&
	sed -i "s/^postgresql = .*/postgresql = $1/" .hop/config &&
	git commit -q --no-verify -am "PostgreSQL $1" && git push -q --no-verify &&
	git switch -q ho-release/0.1.0 && git pull -q && git merge -q ho-prod &&
	git push -q
}

# no MAJOR COMMAND...: refused for the major version, with all ways out.
no() {
	refused "the development server is PostgreSQL $major, but the project is for" "${@:2}" &&
	test_grep "for PostgreSQL $1" "$HOME/err" &&
	test_grep "hint: .*package postgresql-$1" "$HOME/err" &&
	test_grep "hint: .*HOP_PGBIN" "$HOME/err" &&
	test_grep "hint: .*git config hop.database" "$HOME/err" &&
	test_grep "hint: .*postgresql =.*in a patch" "$HOME/err"
}

test_expect_success 'init writes the major version, and what is of it works silently' '
	hop_project a && cd a && major=$(pg_major) &&
	[ "$(git config --file .hop/config hop.postgresql)" = "$major" ] &&
	git hop release create minor && hop_patch 1-users "create table users (i int);" &&
	git hop patch apply 2>../err && ! grep "^warning:.*PostgreSQL" ../err &&
	git hop patch merge 2>../err && ! grep "^warning:.*PostgreSQL" ../err
'
cd "$TRASH/a" || exit 99

# A server of 13 is newer than no project.
if [ "$(pg_major)" -eq 13 ]; then
	test_expect_success 'no project is for an older server than git hop' '
		set_major 12 &&
		test_expect_code 128 git hop patch create 2-more --release 0.1.0 2>../err &&
		test_grep "13 or later" ../err
	'
else
	test_expect_success 'a server newer than the project: apply and restore warn, once' '
		set_major $((major - 1)) &&
		hop_patch 2-more "create table more (i int);" --release 0.1.0 &&
		for command in "patch apply" restore; do
			git hop $command 2>../err &&
			grep "^warning: .* server is PostgreSQL $major, newer" ../err >../out &&
			test_line_count = 1 ../out || return
		done
	'

	test_expect_success 'a server newer than the project: merge and promote are refused' '
		no $((major - 1)) git hop patch merge &&
		no $((major - 1)) git hop release promote rc &&
		git hop patch detach 2-more &&
		no $((major - 1)) git hop release promote prod
	'
fi

test_expect_success 'a server older than the project: apply and restore are refused, too' '
	set_major $((major + 1)) &&
	hop_patch 3-old "create table old (i int);" --release 0.1.0 &&
	no $((major + 1)) git hop patch merge && no $((major + 1)) git hop patch apply &&
	no $((major + 1)) git hop restore &&
	(cd .. && test_expect_code 1 git hop clone \
		--database="$(pg_conninfo "$(pg_name c)")" origin.git c 2>err) &&
	test_path_is_missing ../c &&
	test_grep "the development server is PostgreSQL $major" ../err
'

test_expect_success 'a patch that changes the line is merged on the server of its version' '
	sed -i "s/^postgresql = .*/postgresql = $major/" .hop/config &&
	git commit -qam "Go to PostgreSQL $major" && git hop patch merge &&
	git hop release promote prod && git hop restore 2>../err &&
	! grep "^warning:.*PostgreSQL" ../err
'

test_expect_success 'production of another major: upgrade and status say so' '
	git switch -q ho-prod && git pull -q &&
	sed -i "s/^postgresql = .*/postgresql = $((major + 1))/" .hop/config &&
	git commit -q --no-verify -am "Another" && git push -q --no-verify &&
	pg_create_db "$(pg_name prod)" && git clone -q --bare ../origin.git ../prod.git &&
	cd ../prod.git && git config hop.production true &&
	git config hop.database "$(pg_conninfo "$(pg_name prod)")" &&
	for command in "upgrade --yes --no-backup" status; do
		git hop $command 2>../err &&
		test_grep "^warning: .*runs on PostgreSQL $major, but the project is for" ../err ||
		return
	done
'
cd "$TRASH/a" || exit 99

test_expect_success 'without the line nothing is checked' '
	git switch -q ho-prod && sed -i "/^postgresql = /d" .hop/config &&
	git commit -q --no-verify -am "None" && git push -q --no-verify &&
	git hop release create minor && hop_patch 5 "select 5;" && git hop patch apply 2>../err &&
	git hop patch merge 2>>../err && ! grep "^warning:.*PostgreSQL" ../err
'

test_expect_success 'a private server of another major: the data are moved aside' '
	git switch -q ho-prod && sed -i "/^id = /a postgresql = $((major + 1))" .hop/config &&
	git commit -q --no-verify -am "Another" && git push -q --no-verify &&
	git config --unset hop.database &&
	test_expect_code 1 git hop restore 2>../err &&
	test_grep "package postgresql-$((major + 1))" ../err &&
	test_grep "create the private server again, with PostgreSQL $((major + 1)):" ../err &&
	sed -n "s/^\(hint:\)\? *\(git hop server stop\|mv .*\)$/\2/p" ../err >../ways &&
	test_line_count = 2 ../ways && . ../ways &&
	test_expect_code 1 git hop restore && git hop server stop &&
	find .git/hop/server /var/lib/git-hop -maxdepth 2 -name "data.$major" 2>/dev/null | grep .
'

test_done
