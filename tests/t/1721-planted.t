#!/bin/bash
# Databases under the names of hop's templates, and a schema hop, that another role made.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# The newest template of the project, and spare copies of it.
templates() {
	pg_query postgres "select datname from pg_database where datname ~ '^hop_${id}_t_'"
}
spares() {
	pg_query postgres "select datname from pg_database where datname ~ '^hop_${id}_p_'"
}
comment() {
	pg_query postgres "select shobj_description(oid, 'pg_database') from pg_database
		where datname = '$1'"
}
# Spares are made in the background.
wait_for_spare() {
	for _ in $(seq 100); do
		[ -z "$(spares)" ] || return 0
		sleep 0.1
	done
}
drop() {
	while read -r name; do
		pg_query postgres "drop database \"$name\" with (force)" || return
	done
}
planted() {
	pg_query "$(pg_name a)" "select count(*) from pg_class where relname = 'planted'"
}

test_expect_success 'a project, its templates, and another role' '
	hop_project a && cd a && git hop release create minor &&
	hop_patch 1-users "create table users (i int);" && git hop patch apply &&
	id=$(git config --file .hop/config hop.id) && id=${id:0:8} &&
	test -n "$(templates)" && wait_for_spare &&
	pg_create_role "$(pg_name evil)" createdb
'
cd "$TRASH/a" || exit 99

test_expect_success 'of another role, with the comment of a template: not copied' '
	templates >../names && while read -r name; do
		said=$(comment "$name") && echo "$name" | drop &&
		pg_create_db "$name" "$(pg_name evil)" &&
		pg_query "$name" "create table planted (i int)" &&
		pg_query postgres "comment on database \"$name\" is \$\$$said\$\$" || return
	done <../names && spares | drop && git hop patch apply && [ "$(planted)" = 0 ]
'

test_expect_success 'a spare copy of another role: not taken' '
	templates | drop && git hop patch apply && wait_for_spare && spares >../names &&
	test -s ../names && while read -r name; do
		echo "$name" | drop && pg_create_db "$name" "$(pg_name evil)" &&
		pg_query "$name" "create table planted (i int)" || return
	done <../names && git hop patch apply && [ "$(planted)" = 0 ]
'

test_expect_success 'of this role, but without the comment: not copied' '
	spares | drop && templates >../names && test -s ../names && while read -r name; do
		echo "$name" | drop && pg_create_db "$name" &&
		pg_query "$name" "create table planted (i int)" || return
	done <../names && git hop patch apply && [ "$(planted)" = 0 ]
'

# evil SQL: in the victim's database, as a role that may create schemas there.
evil() {
	"$HOP_TEST_PGBIN/psql" -Xq -v ON_ERROR_STOP=1 \
		-d "$(pg_conninfo "$(pg_name victim)" "$(pg_name evil)")" "$@"
}

# distrusts COMMAND...: it is refused, and its superuser made nobody a superuser.
distrusts() {
	test_expect_code 1 "$@" 2>"$HOME/err" &&
	test_grep "schema .hop. .* cannot be trusted" "$HOME/err" &&
	[ "$(pg_query postgres "select rolsuper from pg_roles
		where rolname = '$(pg_name evil)'")" = f ]
}

test_expect_success 'a schema hop of another role is not read, and not written to' '
	pg_create_db "$(pg_name prod)" &&
	git hop clone --production --database="$(pg_conninfo "$(pg_name prod)")" \
		../origin.git ../prod &&
	pg_create_db "$(pg_name victim)" && pg_query postgres "grant create on database
		\"$(pg_name victim)\" to \"$(pg_name evil)\"" &&
	evil -f "$HOP_SRCDIR/lib/sql/hop.sql" -c "
		create function hop.evil() returns trigger language plpgsql as \$\$ begin
			execute \$x\$alter role \"$(pg_name evil)\" superuser\$x\$;
			return new; end \$\$;
		create trigger evil before insert on hop.project for each row
			execute function hop.evil()" &&
	cd ../prod && git config hop.database "$(pg_conninfo "$(pg_name victim)")" &&
	distrusts git hop update && distrusts git hop upgrade --yes && cd .. &&
	distrusts git hop clone --production \
		--database="$(pg_conninfo "$(pg_name victim)")" origin.git no &&
	evil -c "drop trigger evil on hop.project; drop schema hop cascade; create schema hop;
		grant all on schema hop to postgres" &&
	cd prod && distrusts git hop upgrade --yes
'

# upgrade ANSWER: on a terminal.
upgrade() {
	yes "$1" | head -2 | script -qec "git hop upgrade --no-backup" /dev/null >"$HOME/out"
}

test_expect_success 'a superuser is asked once whether to upgrade what belongs to another role' '
	pg_create_db "$(pg_name owned)" "$(pg_name evil)" && cd "$TRASH/prod" &&
	git config hop.database "$(pg_conninfo "$(pg_name owned)")" &&
	test_expect_code 1 git hop upgrade --no-backup 2>../err </dev/null &&
	test_grep "belongs to the role .$(pg_name evil)" ../err &&
	test_grep "git config hop.asSuperuser true" ../err &&
	test_must_fail upgrade n && test_must_fail git config hop.asSuperuser &&
	pg_query "$(pg_name owned)" "select to_regnamespace(\$\$hop\$\$)" >../out &&
	echo >../expect && test_cmp ../expect ../out &&
	git config hop.database "$(pg_conninfo "$(pg_name owned)" "$(pg_name evil)")" &&
	test_expect_code 1 git hop upgrade --no-backup 2>../err </dev/null &&
	test_must_fail grep superuser ../err &&
	git config hop.database "$(pg_conninfo "$(pg_name owned)")" &&
	git hop upgrade --yes --no-backup 2>../err && test_grep "^warning: .* superuser" ../err &&
	test_grep "^hint: what is created belongs to .postgres.; .* connect as .$(pg_name evil)." \
		../err &&
	pg_query "$(pg_name owned)" "drop schema hop cascade" &&
	test_must_fail git config hop.asSuperuser &&
	upgrade y && [ "$(git config hop.asSuperuser)" = true ] &&
	pg_query "$(pg_name owned)" "drop schema hop cascade" &&
	git hop upgrade --yes --no-backup 2>../err && test_must_fail grep superuser ../err
'

test_done
