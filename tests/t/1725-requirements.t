#!/bin/bash
# Roles and extensions that patches need and no patch makes, listed in .hop/config.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

app=$(pg_name app)
odd=$(pg_name "odd role")
low=$(pg_name low)
maker=$(pg_name maker)
prod=$(pg_name prod)

drop_roles() {
	pg_query postgres "drop role if exists \"$app\"" &&
	pg_query postgres "drop role if exists \"$odd\""
}
# As on a server that never had them; spare databases may still be on their way.
forget() {
	local id name
	id=$(git config --blob ho-prod:.hop/config hop.id)
	for _ in $(seq 50); do
		pg_query postgres "select datname from pg_database
			where datname ~ '^hop_${id:0:8}_' or datname = '$(pg_name a)'" |
			while read -r name; do
			pg_query postgres "drop database if exists \"$name\" with (force)"
		done
		drop_roles 2>/dev/null && return
		sleep 0.1
	done
	return 1
}
has_role() {
	[ "$(pg_query postgres "select rolcanlogin from pg_roles where rolname = '$1'")" = f ]
}

test_expect_success 'a patch lists roles that it mentions: hop creates them' '
	hop_project a && cd a && git hop release create minor &&
	git hop patch create 1-users &&
	sed -i "/^postgresql/a roles = $app \"$odd\"" .hop/config && git add .hop &&
	hop_sql 01.sql "create schema s; grant usage, create on schema s to \"$odd\";
		create table s.users (id int); grant select on s.users to \"$app\";
		alter table s.users owner to \"$odd\";" &&
	git hop patch apply && has_role "$app" && has_role "$odd" && git hop patch merge
'
cd "$TRASH/a" || exit 99

test_expect_success 'a role that may create no role: it is told the statements' '
	pg_create_role "$low" createdb && git switch -q ho-prod &&
	forget && git switch -q ho-release/0.1.0 &&
	hop_patch 2 "select 2;" && git config hop.database "$(pg_conninfo "$(pg_name a)" "$low")" &&
	refused "lacks the roles .$app., .$odd." git hop patch apply &&
	test_grep "hint:  *CREATE ROLE .$app. NOLOGIN; GRANT .$app. TO .$low.;" "$HOME/err" &&
	test_grep "hint:  *CREATE ROLE .$odd. NOLOGIN; GRANT .$odd. TO .$low.;" "$HOME/err" &&
	refused "lacks the roles" git hop patch merge &&
	sed -n "s/^hint:  *\(CREATE ROLE .*\)/\1/p" "$HOME/err" >../lines &&
	pg_psql postgres <../lines && git hop patch apply
'

test_expect_success 'one that may create roles becomes a member of them, as OWNER TO needs' '
	forget &&
	pg_create_role "$maker" createdb createrole &&
	git config hop.database "$(pg_conninfo "$(pg_name a)" "$maker")" &&
	git hop patch apply && has_role "$app" && git hop patch merge &&
	git hop release promote prod
'

test_expect_success 'upgrade: what is missing is said before anything is changed' '
	forget && pg_create_db "$prod" "$low" &&
	git clone -q --bare ../origin.git ../prod.git && cd ../prod.git &&
	git config hop.production true &&
	git config hop.database "$(pg_conninfo "$prod" "$low")" &&
	test_expect_code 1 git hop upgrade --yes 2>../err &&
	test_grep "^error: the server lacks the roles .$app., .$odd." ../err &&
	test_grep "nothing was changed" ../err &&
	[ "$(pg_query "$prod" "select count(*) from pg_tables where schemaname = \$\$s\$\$")" \
		= 0 ] &&
	sed -n "s/^hint:  *\(CREATE ROLE .*\)/\1/p" ../err >../lines && pg_psql postgres <../lines
'

test_expect_success 'upgrade: OWNER TO needs membership' '
	cd "$TRASH/prod.git" && test_expect_code 1 git hop upgrade --yes --no-backup 2>../err &&
	test_grep "^error: role .$low. is not a member of .$odd." ../err &&
	test_must_fail test_grep "GRANT .$app" ../err &&
	sed -n "s/^hint:  *\(GRANT .*\)/\1/p" ../err >../lines && pg_psql postgres <../lines &&
	git hop upgrade --yes --no-backup &&
	[ "$(pg_query "$prod" "select tableowner from pg_tables where schemaname = \$\$s\$\$")" \
		= "$odd" ]
'
cd "$TRASH/a" || exit 99

test_expect_success 'extensions: created in scratch databases where the role may' '
	hop_database . a && git hop release create minor && git hop patch create 3 &&
	sed -i "/^postgresql/a extensions = pg_trgm" .hop/config && git add .hop &&
	hop_sql 01.sql "create index on s.users using gist ((id::text) gist_trgm_ops);" &&
	git hop patch apply && git hop patch merge && git hop release promote prod
'

test_expect_success 'extensions: upgrade needs them' '
	cd "$TRASH/prod.git" && test_expect_code 1 git hop upgrade --yes 2>../err &&
	test_grep "^error: database .$prod. lacks the extensions .pg_trgm." ../err &&
	sed -n "s/^hint:  *\(CREATE EXTENSION .*\)/\1/p" ../err >../lines &&
	pg_psql "$prod" <../lines && git hop upgrade --yes --no-backup
'
cd "$TRASH/a" || exit 99

test_expect_success 'an extension that the server does not have' '
	git hop release create minor && git hop patch create 4 &&
	sed -i "s/^extensions = .*/extensions = nosuch_thing/" .hop/config && git add .hop &&
	hop_sql 01.sql "select 4;" &&
	refused "cannot create the extension .nosuch_thing." git hop patch apply &&
	test_grep "hint:  *CREATE EXTENSION .nosuch_thing." "$HOME/err"
'

drop_roles >/dev/null 2>&1
test_done
