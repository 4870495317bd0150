#!/bin/bash
# Without CREATEDB: what an administrator put into the development database is not the patches'.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

low=$(pg_name low)
db=$(pg_name d)

test_expect_success 'extensions of the administrator s' '
	hop_project a && cd a && git hop release create minor &&
	pg_create_role "$low" && pg_create_db "$db" "$low" &&
	pg_query "$db" "create extension pg_trgm; create extension citext" &&
	git config hop.resetDatabase true &&
	git config hop.database "$(pg_conninfo "$db" "$low")" && git hop restore --take-over="$db"
'
cd "$TRASH/a" || exit 99

test_expect_success 'used by a patch, created by none: refused at apply and merge' '
	hop_patch 1-trgm "create table t (a text);
		create index on t using gist (a gist_trgm_ops);" &&
	for command in apply merge; do
		refused "index .* depends on extension pg_trgm, which no patch creates" \
			git hop patch $command &&
		test_grep "hint:  *CREATE EXTENSION IF NOT EXISTS .pg_trgm.;" "$HOME/err" &&
		test_grep "hint:  *extensions = pg_trgm" "$HOME/err" || return
	done
'

test_expect_success 'listed in .hop/config, it is fine' '
	sed -i "/^postgresql/a extensions = pg_trgm" .hop/config && git commit -qam "List it" &&
	git hop patch apply && git hop patch merge
'

test_expect_success 'created by the patch where it does not exist, it is fine, too' '
	hop_patch 2-citext "create table c (a citext);" --release 0.1.0 &&
	refused "depends on extension citext" git hop patch apply &&
	hop_sql 00.sql "CREATE EXTENSION IF NOT EXISTS citext;" && git hop patch apply &&
	git hop patch merge
'

test_done
