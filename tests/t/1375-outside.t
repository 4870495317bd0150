#!/bin/bash
# What a patch may not do to the server and to git hop's own tables: refused at apply and merge.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

{ hop_project a && cd a && git hop release create minor &&
git hop patch create 1 && git hop patch apply; } >/dev/null 2>&1 || exit 99
db=$(pg_name a)
file=Patches/1/1.sql

# outside PATTERN SQL: apply and merge refuse a file of that SQL, and nothing changes.
outside() {
	local command
	printf '%s\n' "$2" >"$file" && git add -A && git commit -q --allow-empty -m "Refuse this" &&
	hop_state . >"$HOME/before" && pg_databases >"$HOME/dbs" &&
	pg_dump_schema "$db" >"$HOME/dump" &&
	for command in apply merge; do
		test_expect_code 1 git hop patch "$command" 2>"$HOME/err" &&
		test_grep "^error: $file:$1" "$HOME/err" && test_grep "^hint: " "$HOME/err" ||
			return
	done &&
	hop_state . >"$HOME/after" && test_cmp "$HOME/before" "$HOME/after" &&
	pg_databases >"$HOME/dbs.after" && test_cmp "$HOME/dbs" "$HOME/dbs.after" &&
	pg_dump_schema "$db" >"$HOME/dump.after" && test_cmp "$HOME/dump" "$HOME/dump.after"
}

test_expect_success 'by its text' '
	outside "1:1: a role belongs to the server" "CREATE ROLE app_w;" &&
	outside "1:1: a role belongs to the server" "ALTER ROLE postgres NOSUPERUSER;" &&
	outside "1:11: affects the server" "SELECT 1; ALTER DATABASE shop RENAME TO xx;" &&
	outside "1:1: changes schema hop" "UPDATE hop.project SET role = '\''development'\'';" &&
	outside "1:1: changes the transaction" "SET TRANSACTION READ ONLY;"
'

test_expect_success 'by what it did' '
	outside " changes a role" "DO \$\$ BEGIN ALTER ROLE postgres NOSUPERUSER; END \$\$;" &&
	outside " changes a database" "COMMENT ON DATABASE postgres IS '\''hello'\'';" &&
	outside " changes schema hop" "DO \$\$ BEGIN DELETE FROM hop.project; END \$\$;" &&
	outside " changes schema hop" "DO \$\$ BEGIN DROP SCHEMA hop CASCADE; END \$\$;" &&
	pg_query postgres "select rolsuper from pg_roles where rolname = current_user" >../out &&
	echo t >../expect && test_cmp ../expect ../out
'

test_expect_success 'settings, comment and privileges of this very database are its own' '
	cat >$file <<-\EOF &&
	DO $$ BEGIN
		EXECUTE format('\''ALTER DATABASE %I SET work_mem = %L'\'',
			current_database(), '\''5MB'\'');
		EXECUTE format('\''COMMENT ON DATABASE %I IS %L'\'',
			current_database(), '\''shop'\'');
		EXECUTE format('\''GRANT CONNECT ON DATABASE %I TO pg_monitor'\'',
			current_database());
	END $$;
	EOF
	git hop patch apply
'

test_expect_success 'a file that failed to demote its role leaves the server usable' '
	echo "CREATE TABLE fine (i int);" >$file && git hop patch apply &&
	git add -A && git commit -qm Fine && git hop patch merge
'

test_done
