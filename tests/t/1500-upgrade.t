#!/bin/bash
# git hop upgrade and git hop update: the plain way.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/prod-lib.sh
. "$(dirname "$0")/../lib/prod-lib.sh"

test_expect_success 'a project with two releases' '
	prod_project shop &&
	prod_file shop 1-users 01_table.sql "create table users (id int primary key, name text);" &&
	prod_file shop 1-users 02_rows.sql <<-EOT &&
	insert into users values (1, '\''ann'\'');
	insert into users values (2, '\''bob'\'');
	EOT
	prod_file shop 1-users README.md "# users" &&
	prod_file shop 2-orders 01_table.sql "create table orders (who int references users);" &&
	prod_release shop 0.1.0 1-users 2-orders &&
	prod_file shop 3-mail 01_mail.sql "alter table users add mail text;" &&
	prod_release shop 0.2.0 3-mail
'

test_expect_success 'no database is ever guessed' '
	test_expect_code 129 git -C shop hop update 2>err &&
	test_grep "no database given" err &&
	test_grep "hop.database" err &&
	PGDATABASE=postgres PGHOST=$HOP_TEST_PGHOST PGUSER=postgres \
		test_expect_code 129 git -C shop hop upgrade --yes
'

test_expect_success 'update lists releases, patches and files of an empty database' '
	prod_db shop &&
	prod_state >before &&
	git -C shop hop update >out &&
	cat >expect <<-EOT &&
	database '\''$db'\'' is empty, 2 releases to apply up to 0.2.0
	0.1.0: 2 patches, 3 files, 4 statements
	  1-users
	    Patches/1-users/01_table.sql (1 statement)
	    Patches/1-users/02_rows.sql (2 statements)
	  2-orders
	    Patches/2-orders/01_table.sql (1 statement)
	0.2.0: 1 patch, 1 file, 1 statement
	  3-mail
	    Patches/3-mail/01_mail.sql (1 statement)
	EOT
	test_cmp expect out &&
	prod_state >after &&
	test_cmp before after
'

test_expect_success 'update for programs' '
	git -C shop hop update --porcelain >out &&
	hash=$(git -C shop rev-parse v0.2.0:Patches/3-mail) &&
	commit=$(git -C shop rev-parse "v0.2.0^{commit}") &&
	{
		printf "# git-hop update 1\n" &&
		printf "database\t%s\t-\t0.2.0\n" "$db"
	} >expect &&
	head -n 2 out >first &&
	test_cmp expect first &&
	{
		printf "release\t0.2.0\t%s\t1\n" "$commit" &&
		printf "patch\t0.2.0\t3-mail\t%s\tfalse\n" "$hash" &&
		printf "file\t0.2.0\t3-mail\tPatches/3-mail/01_mail.sql\t1\ttransaction\t-\n"
	} >expect &&
	tail -n 3 out >last &&
	test_cmp expect last &&
	git -C shop hop update --json >json &&
	python3 -c "
import json
j = json.load(open(\"json\"))
assert j[\"command\"] == \"update\" and j[\"database\"][0][\"version\"] is None
assert [r[\"version\"] for r in j[\"release\"]] == [\"0.0.0\", \"0.1.0\", \"0.2.0\"]
assert j[\"file\"][-1][\"statements\"] == 1
"
'

test_expect_success 'a dry run prints the same and changes nothing, not even schema hop' '
	git -C shop hop update >expect &&
	git -C shop hop upgrade --dry-run >out &&
	test_cmp expect out &&
	git -C shop hop upgrade -n --porcelain >out &&
	test_grep "^# git-hop upgrade 1" out &&
	prod_state >after &&
	test_cmp before after &&
	test_path_is_missing shop/.hop/backups &&
	test_expect_code 129 git -C shop hop upgrade --json
'

test_expect_success 'without a terminal and --yes it is refused' '
	test_expect_code 1 git -C shop hop upgrade 2>err &&
	test_grep "Apply 2 releases to database" err &&
	test_grep "--yes" err &&
	prod_state >after &&
	test_cmp before after
'

test_expect_success 'upgrade to a release on the way' '
	git -C shop hop upgrade --yes --to-release 0.1.0 >out 2>err &&
	test_grep "1 release to apply up to 0.1.0" out &&
	test_grep "release 0.1.0: 2 patches in" err &&
	test_grep "is at 0.1.0" err &&
	echo "0.0.0 0.1.0" >expect &&
	prod_versions >versions &&
	test_cmp expect versions &&
	pg_query $db "select id, name from users order by 1" >rows &&
	printf "1|ann\n2|bob\n" >expect &&
	test_cmp expect rows
'

test_expect_success 'output that cannot be written: what was done is said' '
	prod_db full && test_expect_code 128 git -C shop hop upgrade --yes --no-backup \
		--to-release 0.1.0 2>err >/dev/full &&
	test_grep "^fatal: cannot write to standard output" err &&
	test_grep "^hint: the command itself is done" err && prod_versions >versions &&
	echo "0.0.0 0.1.0" >expect && test_cmp expect versions && db=$(pg_name shop) &&
	HOP_DATABASE=$(pg_conninfo "$db")
'

test_expect_success 'the database says whose and what it is' '
	pg_query $db "select id, name, role from hop.project" >out &&
	echo "$PROJECT_ID|shop|production" >expect &&
	test_cmp expect out &&
	pg_query $db "select id, version, hash, position from hop.patch order by position" >out &&
	{
		echo "1-users|0.1.0|$(git -C shop rev-parse v0.1.0:Patches/1-users)|1" &&
		echo "2-orders|0.1.0|$(git -C shop rev-parse v0.1.0:Patches/2-orders)|2"
	} >expect &&
	test_cmp expect out &&
	pg_query $db "select commit_id from hop.release where version = '\''0.1.0'\''" >out &&
	git -C shop rev-parse "v0.1.0^{commit}" >expect &&
	test_cmp expect out
'

test_expect_success 'the second upgrade goes on, with another backup' '
	pg_query $db "insert into users values (3, '\''eve'\'')" &&
	git -C shop hop upgrade --yes 2>err &&
	echo "0.0.0 0.1.0 0.2.0" >expect &&
	prod_versions >versions &&
	test_cmp expect versions &&
	pg_query $db "select count(mail), count(*) from users" >rows &&
	echo "0|3" >expect &&
	test_cmp expect rows &&
	ls shop/.hop/backups >list &&
	test_line_count = 2 list &&
	test_grep "^shop-$db-[0-9a-f]*-none-20[0-9]*T[0-9]*Z\$" list &&
	test_grep "^shop-$db-[0-9a-f]*-0.1.0-20[0-9]*T[0-9]*Z\$" list &&
	git -C shop status --porcelain >status &&
	test_must_be_empty status
'

test_expect_success 'the backup restores to what was there' '
	back=$(pg_name back) &&
	pg_create_db "$back" &&
	"$HOP_TEST_PGBIN/pg_restore" -d "$(pg_conninfo "$back")" \
		shop/.hop/backups/shop-$db-*-0.1.0-* &&
	pg_query "$back" "select id, name from users order by 1" >rows &&
	printf "1|ann\n2|bob\n3|eve\n" >expect &&
	test_cmp expect rows &&
	echo "0.0.0 0.1.0" >expect &&
	prod_versions "$back" >versions &&
	test_cmp expect versions
'

test_expect_success 'nothing to do is said, with no backup' '
	git -C shop hop upgrade >out 2>err &&
	test_grep "is at 0.2.0: nothing to apply" out &&
	git -C shop hop upgrade --to-release 0.2.0 &&
	ls shop/.hop/backups >list &&
	test_line_count = 2 list
'

test_expect_success 'versions that cannot be' '
	test_expect_code 1 git -C shop hop upgrade --yes --to-release 0.1.0 2>err &&
	test_grep "lower than" err &&
	test_expect_code 1 git -C shop hop upgrade --yes --to-release 9.9.9 2>err &&
	test_grep "nearest" err &&
	test_expect_code 1 git -C shop hop upgrade --yes --to-release 0.3.0-rc1 2>err &&
	test_grep "release candidate" err &&
	test_expect_code 129 git -C shop hop upgrade --yes --to-release "1; drop table users" &&
	test_expect_code 129 git -C shop hop upgrade --yes stray
'

test_expect_success 'a bare clone serves, and gets newer releases by itself' '
	git clone -q --bare shop.git bare.git &&
	prod_file shop 4-log 01_log.sql "create table log (at timestamptz default now());" &&
	prod_release shop 0.2.1 4-log &&
	git -C bare.git hop update >out &&
	test_grep "^0.2.1: 1 patch, 1 file" out &&
	git -C bare.git hop upgrade --yes 2>err &&
	pg_query $db "select count(*) from log" &&
	ls bare.git/hop/backups >list &&
	test_grep "^shop-$db-[0-9a-f]*-0.2.0-" list
'

test_expect_success 'an origin that is gone ends it, --no-fetch goes on' '
	mv shop.git gone.git &&
	test_expect_code 128 git -C shop hop update 2>err &&
	test_grep "no-fetch" err &&
	git -C shop hop update --no-fetch >out &&
	test_grep "nothing to apply" out &&
	mv gone.git shop.git
'

test_expect_success 'a clone that is behind the database says so' '
	git clone -q shop.git old &&
	git -C old update-ref refs/remotes/origin/ho-prod v0.1.0^{commit} &&
	test_expect_code 1 git -C old hop upgrade --yes --no-fetch 2>err &&
	test_grep "is at 0.2.1: the tag .v0.2.1. is ahead of .ho-prod." err &&
	test_grep "^hint: .*this clone is only behind: git fetch origin$" err
'

test_expect_success 'the schema that a project began with is played into an empty database' '
	prod_project based "CREATE TABLE public.old (a integer);
" &&
	prod_file based 1-more 01.sql "alter table old add b int;" &&
	prod_release based 0.1.0 1-more &&
	prod_db based &&
	git -C based hop upgrade --yes >out &&
	test_grep "^0.0.0: 0 patches, 1 file, 1 statement" out &&
	pg_query $db "select a, b from old" &&
	echo "0.0.0 0.1.0" >expect &&
	prod_versions >versions &&
	test_cmp expect versions
'

test_done
