#!/bin/bash
# git hop restore killed at every step: the old database or the new one, the next leaves nothing.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"
# shellcheck source=tests/lib/restore-lib.sh
. "$(dirname "$0")/../lib/restore-lib.sh"

dev=$(pg_name p)

test_expect_success 'a project' '
	hop_project p &&
	cd p &&
	git config hop.templates 0 &&
	production 1.0.0 "CREATE TABLE public.item (id integer);" &&
	production 1.1.0 "CREATE TABLE public.item (id integer, name text);" &&
	git hop restore 1.0.0 &&
	pg_query "$dev" "insert into item values (1)"
'

# forget: no template is left of any version, nor a spare that was on its way.
forget() {
	local name prefix
	prefix=hop_$(git config -f .hop/config hop.id | cut -c 1-8)_
	while hop_databases | grep -q . || pg_query postgres "select 'busy'
		from pg_stat_activity where state = 'active'
		and query ~ '^(CREATE|DROP) DATABASE.*$prefix'" | grep -q .; do
		for name in $(hop_databases); do
			pg_query postgres "drop database if exists \"$prefix$name\" with (force)" ||
				return
		done
	done
}

test_expect_success 'the steps are those that are killed below' '
	forget &&
	HOP_FAIL=list git hop restore 1.0.0 2>err &&
	grep -oE "(build|swap)\.[a-z]+" err | sort -u >points &&
	printf "%s\n" build.base build.published build.template \
		swap.after swap.before swap.between >expect &&
	test_cmp expect points
'

for point in build.base build.template swap.before swap.between; do
	test_expect_success "killed at $point: the old database, then the next command works" '
		git hop restore 1.0.0 &&
		pg_query "$dev" "insert into item values (1)" &&
		forget &&
		test_expect_code 137 env HOP_FAIL=$point:1:kill git-hop-restore 1.1.0 &&
		[ "$(pg_query "$dev" "select id from item")" = 1 ] &&
		is_at "$dev" 1.0.0 &&
		git hop restore 1.1.0 &&
		is_at "$dev" 1.1.0 &&
		only_templates &&
		rmdir .git/hop/run &&
		mkdir .git/hop/run
	'

	test_expect_success "an error at $point: the old database, nothing left" '
		git hop restore 1.0.0 &&
		forget &&
		test_expect_code 128 env HOP_FAIL=$point:1:error git-hop-restore 1.1.0 &&
		is_at "$dev" 1.0.0 &&
		only_templates &&
		rmdir .git/hop/run &&
		mkdir .git/hop/run
	'
done

test_expect_success 'killed after the swap: the new database' '
	git hop restore 1.0.0 &&
	test_expect_code 137 env HOP_FAIL=swap.after:1:kill git-hop-restore 1.1.0 &&
	is_at "$dev" 1.1.0 &&
	git hop restore 1.0.0 &&
	is_at "$dev" 1.0.0 &&
	only_templates
'

# interrupt SIGNAL: git hop restore, ended by it in the middle of the schema; its exit status.
interrupt() {
	git-hop-restore 1.2.0 2>err &
	until pg_query postgres "select query from pg_stat_activity" |
		grep -q "^SELECT pg_sleep(600)"; do
		sleep 0.1
	done
	kill "-$1" $!
	wait $!
}

test_expect_success 'a signal in a build leaves nothing' '
	git hop restore 1.0.0 &&
	production 1.2.0 "SELECT pg_sleep(600);" &&
	for signal in TERM HUP; do
		test_expect_code $((128 + $(kill -l $signal))) interrupt $signal &&
		test_grep "stopped by signal" err &&
		is_at "$dev" 1.0.0 &&
		only_templates || return
	done
'

test_expect_success 'killed while it empties the one database of a role without CREATEDB' '
	role=$(pg_name role) && low=$(pg_name low) &&
	pg_create_role "$role" &&
	pg_create_db "$low" "$role" &&
	git config hop.resetDatabase true &&
	git config hop.database "$(pg_conninfo "$low" "$role")" &&
	git hop restore 1.0.0 &&
	for point in reset.batch build.base; do
		test_expect_code 137 env HOP_FAIL=$point:1:kill git-hop-restore 1.1.0 &&
		[ "$(pg_query "$low" "select role from hop.project")" = development ] || return
	done &&
	git hop restore 1.1.0 &&
	is_at "$low" 1.1.0 &&
	pg_query postgres "drop database \"$low\"" &&
	pg_query postgres "drop role \"$role\""
'

test_done
