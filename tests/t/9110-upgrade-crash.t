#!/bin/bash
# git hop upgrade killed at each of its steps: the next one goes on.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/prod-lib.sh
. "$(dirname "$0")/../lib/prod-lib.sh"

test_expect_success 'a project, and what an upgrade that nobody disturbs makes of a database' '
	prod_project shop &&
	prod_file shop 1-one 01.sql "create table one (id int primary key);" &&
	prod_file shop 1-one 02.sql "insert into one select generate_series(1, 10);" &&
	prod_file shop 2-two 01.sql "create table two (id int references one);" &&
	prod_release shop 0.1.0 1-one 2-two &&
	prod_file shop 3-three 01.sql "alter table two add three int; insert into one values (0)" &&
	prod_release shop 0.2.0 3-three &&
	prod_db whole &&
	git -C shop hop upgrade --yes --no-backup &&
	pg_dump_schema $db >schema &&
	pg_query $db "table one" >rows &&
	pg_query $db "select id, version, position, hash from hop.patch order by 1" >patches
'

# state VERSIONS: the database has exactly those releases, and what they made.
state_is() {
	local one two three
	one=$(pg_query "$db" "select to_regclass('one') is not null") &&
	two=$(pg_query "$db" "select to_regclass('two') is not null") &&
	three=$(pg_query "$db" "select exists (select from pg_attribute
		where attrelid = to_regclass('two') and attname = 'three')") &&
	case "$1 $one $two $three" in
	" f f f" | "0.0.0 f f f" | "0.0.0 0.1.0 t t f" | "0.0.0 0.1.0 0.2.0 t t t") ;;
	*) echo "half a release: '$1' $one $two $three" && return 1 ;;
	esac
}

crash() {
	prod_db "$(echo "crash_$1_$2$3" | tr -c 'a-z0-9_\n' _)" &&
	test_expect_code 137 env HOP_FAIL="$1:$2:kill" git-hop-upgrade --yes ${3:+"$3"} &&
	versions= &&
	if [ "$(pg_query "$db" "select to_regclass('hop.release') is not null")" = t ]; then
		versions=$(prod_versions "$db")
	fi &&
	state_is "$versions" &&
	git-hop-upgrade --yes &&
	pg_dump_schema "$db" >again &&
	test_cmp ../schema again &&
	pg_query "$db" "table one" >again &&
	test_cmp ../rows again &&
	pg_query "$db" "select id, version, position, hash from hop.patch order by 1" >again &&
	test_cmp ../patches again &&
	rm again &&
	find .hop/backups -name "*.part" >unfinished &&
	test_must_be_empty unfinished
}

test_expect_success 'the points that there are' '
	prod_db points &&
	HOP_FAIL=list git -C shop hop upgrade --yes 2>err &&
	sed -n "s/^failpoint \(upgrade.*\)/\1/p" err | sort | uniq -c |
		awk "{ print \$2, \$1 }" >points &&
	cat >expect <<-\EOT &&
	upgrade.after-commit 3
	upgrade.backup 1
	upgrade.before-commit 3
	upgrade.begin 3
	upgrade.file 4
	upgrade.patch 3
	EOT
	test_cmp expect points
'

while read -r point count; do
	for n in $(seq "$count"); do
		test_expect_success "killed at $point, time $n" "(cd shop && crash $point $n)"
	done
done <points

for point in begin file patch before-commit after-commit; do
	test_expect_success "--atomic, killed at $point" \
		"(cd shop && crash upgrade.$point 1 --atomic)"
done

test_expect_success 'a step that fails with an error rolls back too' '
	prod_db error &&
	(
		cd shop &&
		export HOP_FAIL=upgrade.before-commit:3:error &&
		test_expect_code 128 git-hop-upgrade --yes 2>../err
	) &&
	test_grep "release 0.2.0 was rolled back" err &&
	echo "0.0.0 0.1.0" >expect &&
	prod_versions >versions &&
	test_cmp expect versions
'

test_done
