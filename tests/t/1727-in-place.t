#!/bin/bash
# Without CREATEDB: what is proven and promoted in a database that has something of its own.
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

as_low() {
	"$HOP_TEST_PGBIN/psql" -XqAt -v ON_ERROR_STOP=1 -d "$(pg_conninfo "$db" "$low")" -c "$1"
}

# What the administrator and the user gave to the database.
own() {
	pg_query "$db" "select a.grantee::regrole, privilege_type, is_grantable
		from pg_database, aclexplode(datacl) a where datname = current_database()
		order by 1, 2"
	pg_query "$db" "select shobj_description(oid, 'pg_database')
		from pg_database where datname = current_database()"
	pg_query "$db" "select extname, extversion from pg_extension order by 1"
}

test_expect_success 'a database with extensions, privileges and a comment of its own' '
	hop_project a && cd a && git hop release create minor &&
	pg_create_role "$low" && pg_create_db "$db" "$low" &&
	pg_query "$db" "create extension pg_trgm; create extension pg_stat_statements;
		comment on extension pg_trgm is \$\$of the administrator\$\$;
		revoke all on database \"$db\" from public;
		grant connect on database \"$db\" to pg_monitor with grant option;
		comment on database \"$db\" is \$\$mine\$\$" &&
	git config hop.resetDatabase true &&
	git config hop.database "$(pg_conninfo "$db" "$low")" &&
	git hop restore --take-over="$db" && own >../own && test_grep "^mine" ../own
'
cd "$TRASH/a" || exit 99

test_expect_success 'they do not get into the model, and stay' '
	merged 1 "create extension unaccent; create table t (id int primary key, name text);
		create function f(text) returns text language sql immutable as
			'\''select unaccent(\$1)'\'';
		create index on t (f(name)); insert into t values (1, '\''é'\'');" &&
	git hop release promote prod &&
	! grep -e pg_trgm -e pg_stat -e mine -e pg_monitor -r .hop/model &&
	grep "CREATE EXTENSION IF NOT EXISTS unaccent" .hop/model/schema.sql &&
	grep "^1.é" .hop/model/data.sql && git hop restore &&
	[ "$(as_low "select f(name) from t")" = e ] &&
	pg_query "$db" "select 1 from pg_extension where extname = '\''unaccent'\''" >../out &&
	own | grep -v unaccent >../now && test_cmp ../own ../now
'

test_expect_success 'another role builds it elsewhere, and promotes privileges and a comment' '
	cd .. && hop_clone b && cd b && git hop restore && git hop release create minor &&
	merged 2 "DO \$\$ BEGIN
		EXECUTE format('\''COMMENT ON DATABASE %I IS %L'\'',
			current_database(), E'\''of\\n\\\\the \\\$\\\$ project'\'');
		EXECUTE format('\''GRANT TEMPORARY ON DATABASE %I TO pg_read_all_stats'\'',
			current_database());
		EXECUTE format('\''ALTER DATABASE %I SET work_mem = %L'\'',
			current_database(), '\''5MB'\'');
		END \$\$;" && git hop release promote prod &&
	grep "TO .pg_read_all_stats" .hop/model/schema.sql && cd ../a
'

test_expect_success 'builds in place leave that out, and the next model has it' '
	git pull -q && git hop restore &&
	own | grep -v unaccent >../now && test_cmp ../own ../now &&
	[ "$(as_low "show work_mem")" = 5MB ] &&
	grep "^DO " .hop/model/schema.sql >../do && git hop release create patch &&
	merged 3 "create table three (id int);" && git hop release promote prod &&
	grep "^DO " .hop/model/schema.sql >../do.now && test_cmp ../do ../do.now &&
	own | grep -v unaccent >../now && test_cmp ../own ../now &&
	cp .hop/model/schema.sql ../in-place && cd ../b && git switch -q ho-prod && git pull -q &&
	git hop release create patch && merged 4 "drop table three;" &&
	git hop release promote prod && sed "/three/d" ../in-place >../want &&
	grep -c "^DO \|^GRANT\|^COMMENT" ../in-place >../count &&
	grep -c "^DO \|^GRANT\|^COMMENT" .hop/model/schema.sql >../count.now &&
	test_cmp ../count ../count.now && cd ../a
'

test_expect_success 'the proof: what does not load is refused, and the next build is fine' '
	git switch -q ho-prod && git pull -q && git hop release create patch &&
	merged 6 "create function g(text) returns text
		language plpgsql immutable as '\''begin return \$1; end'\'';
		create index on t (g(name)); create or replace function g(text) returns text
		language plpgsql immutable as '\''begin return gone(\$1); end'\'';" &&
	refused "schema cannot be rebuilt from its dump: .hop/model/schema.sql:[0-9]*:" \
		git hop release promote prod &&
	hop_patch 7 "create or replace function g(text) returns text
		language plpgsql immutable as '\''begin return \$1; end'\'';" &&
	git hop patch merge && git hop release promote prod && git hop restore &&
	[ "$(as_low "select g(name) from t")" = "é" ] &&
	own | grep -v unaccent >../now && test_cmp ../own ../now
'

test_expect_success 'another form of the same objects is published as it stays' '
	git switch -q ho-prod && git hop release create patch && merged 8 "create table p (id int,
		c timestamp(3) default now()) partition by range (id); create table p1 (like p);
		alter table p attach partition p1 for values from (1) to (2);
		create table q (v varchar(9) check (v in ('\''a'\'', '\''b'\'')));" &&
	git hop release promote prod && cp .hop/model/schema.sql ../published &&
	cd ../b && git pull -q && git hop restore && git hop release create patch &&
	merged 9 "select 1;" && git hop release promote prod &&
	test_cmp ../published .hop/model/schema.sql && cd ../a
'

test_expect_success 'a patch that changes them can be applied, but not promoted' '
	git switch -q ho-prod && git pull -q && git hop release create patch &&
	hop_patch 5 "DO \$\$ BEGIN EXECUTE format('\''COMMENT ON DATABASE %I IS %L'\'',
		current_database(), '\''theirs'\''); END \$\$;" &&
	git hop patch apply && git hop patch merge &&
	for n in 1 2; do
		refused "error: the patches change privileges or comment of the database" \
			git hop release promote prod || return
	done && test_grep "^hint: .*may create databases" "$HOME/err"
'

test_done
