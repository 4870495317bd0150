#!/bin/bash
# Patches that would take the private server away from its repository: refused, and it still works,
# though they run as superuser, with consent.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# server_query SQL: of the private server.
server_query() {
	(eval "$(git hop server env)" && "$HOP_TEST_PGBIN/psql" -XqAt -d postgres -c "$1")
}

# What a patch could spoil for those that follow.
server_state() {
	server_query "select rolname, rolsuper, rolcanlogin, rolconnlimit, rolvaliduntil, rolconfig
			from pg_roles order by 1" &&
	server_query "select datname, datallowconn, datconnlimit, datacl, setrole, setconfig
		from pg_database d left join pg_db_role_setting s on s.setdatabase = d.oid
		where datname !~ '^hop_' order by 1, 5"
}

test_expect_success 'a project with its private server' '
	hop_origin && git init -q --initial-branch=ho-prod p && cd p &&
	git remote add origin ../origin.git && git config hop.buildAsSuperuser true &&
	git hop init --test= &&
	git hop release create minor && git hop patch create 1 && git hop patch apply &&
	user=$(server_query "select current_user") &&
	server_query "create database other" &&
	server_query "alter database other set work_mem = \$\$5MB\$\$" &&
	server_query "alter role \"$user\" in database other set work_mem = \$\$6MB\$\$" &&
	server_state >../before && test_grep "$user.t.t" ../before
'
[ -d "$TRASH/p" ] && cd "$TRASH/p" || exit 99

# hidden SQL: in DO, in a block whose failure is caught, in a function, and as a plain statement.
hidden() {
	printf 'DO $x$ BEGIN %s END $x$;\n' "$1"
	printf 'DO $x$ BEGIN BEGIN %s END; EXCEPTION WHEN division_by_zero THEN NULL; END $x$;\n' \
		"$1"
	printf 'CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS '
	printf '$x$ BEGIN %s RETURN 1; END $x$; ' "$1"
	printf 'CREATE TABLE t (i int DEFAULT f()); INSERT INTO t DEFAULT VALUES;\n'
	printf '%s\n' "$1"
}

test_expect_success 'what patches would do to it is refused, however it is hidden' '
	for sql in "ALTER ROLE \"$user\" NOSUPERUSER;" "ALTER ROLE \"$user\" NOLOGIN;" \
		"ALTER ROLE \"$user\" SET search_path = nowhere;" \
		"ALTER ROLE ALL SET default_transaction_read_only = on;" \
		"ALTER ROLE \"$user\" IN DATABASE other RESET ALL;" \
		"ALTER DATABASE other RESET work_mem;" "ALTER DATABASE other RESET ALL;" \
		"ALTER DATABASE other SET work_mem = \$\$7MB\$\$;" \
		"ALTER DATABASE postgres CONNECTION LIMIT 0;" \
		"ALTER DATABASE template1 RENAME TO gone;" \
		"REVOKE CONNECT ON DATABASE other FROM PUBLIC;"; do
		hidden "$sql" >../lines && while read -r line; do
			printf "%s\\n" "$line" >Patches/1/1.sql &&
			test_expect_code 1 git hop patch apply 2>../err </dev/null &&
			test_grep "^error: Patches/1/1.sql:" ../err &&
			test_grep "^hint: " ../err || { cat Patches/1/1.sql; return 1; }
		done <../lines || return
	done &&
	server_state >../after && test_cmp ../before ../after
'

test_expect_success 'merge refuses it, too, and the server still builds' '
	echo "ALTER ROLE \"$user\" NOSUPERUSER;" >Patches/1/1.sql && git add . &&
	git commit -q -m "Demote" && refused "a role belongs to the server" git hop patch merge &&
	hidden "ALTER ROLE \"$user\" NOSUPERUSER;" | head -n 1 >Patches/1/1.sql &&
	git commit -qam "Hide it" && refused "changes a role" git hop patch merge &&
	git hop server stop && echo "CREATE EXTENSION pg_stat_statements;" >Patches/1/1.sql &&
	git commit -qam "Needs a superuser" && git hop patch merge &&
	git hop release promote prod && server_state >../after && test_cmp ../before ../after
'

test_done
