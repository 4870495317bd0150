#!/bin/bash
# Objects of nearly every kind that PostgreSQL has, from a first release to a last.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"
# shellcheck source=tests/lib/equal-lib.sh
. "$(dirname "$0")/../lib/equal-lib.sh"
major=$(pg_major)
has_icu=$(pg_query postgres "select 'icu' from pg_collation where collprovider = 'i' limit 1")

# kinds PATCH FILE...: makes @PATCH of the files in tests/lib/kinds that this server understands.
kinds() {
	local patch=$1 file
	shift
	mkdir -p "$TRASH/sql/$patch" || return
	for file; do
		case $file in
		*-1[0-9]) [ "$major" -ge "${file##*-}" ] || continue ;;
		*-icu) [ -n "$has_icu" ] || continue ;;
		esac
		cp "$HOP_SRCDIR/tests/lib/kinds/$file.sql" "$TRASH/sql/$patch/" || return
	done
}

kinds types 1-types
kinds tables 1-tables
kinds code 1-code
kinds rights 1-rights
kinds newer 1-newer-14 1-newer-15 1-icu
kinds alter 2-alter 2-newer-14 2-newer-15
kinds after 2-after
kinds hotfix 3-hotfix
kinds move 4-move
kinds drop 5-drop

test_expect_success 'the releases: all is made, altered, fixed, moved and dropped' '
	equal_project kinds &&
	promoted rc @types @tables && promoted rc @code &&
	promoted prod @rights @newer &&
	promoted rc @alter && promoted prod @after && promoted hotfix @hotfix &&
	promoted prod @move "comment on schema other is '\''other'\'';" &&
	promoted prod @drop
'

# The materialized views among the volatile are stale: a model has no rows of them, and a build
# fills them anew.
test_expect_success 'every way to every version ends in the same database' '
	equal_volatile="app.customer.made app.customer.token other.customer.made
		other.customer.token public.totals other.totals other.sums
		public.of_totals public.unfilled" &&
	equal_everywhere
'

test_expect_success 'there are nearly fifty kinds of objects, and rows' '
	sed -n "s/^-- .*; Type: \([A-Z ]*\);.*/\1/p" ../kinds.states/built-0.1.0/dump |
		sort -u >../types && test_line_count -ge 45 ../types &&
	test_line_count -gt 40 ../kinds.states/built-0.1.0/rows
'

test_done
