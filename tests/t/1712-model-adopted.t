#!/bin/bash
# A database that git hop init adopts: proven, without rows and without secrets.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

app=$(pg_name app)

test_expect_success 'no secret gets into a file; what was left out is said' '
	pg_query postgres "create role \"$app\"" && db=$(pg_name old) && pg_create_db "$db" &&
	pg_query "$db" "create extension postgres_fdw;
		create server s foreign data wrapper postgres_fdw options (host \$\$x\$\$);
		create user mapping for postgres server s
			options (user \$\$u\$\$, password \$\$topsecret\$\$);
		create user mapping for \"$app\" server s options (password \$\$topsecret\$\$);
		create foreign table far (i int) server s;
		alter database \"$db\" set app.key = \$\$topsecret\$\$;
		alter database \"$db\" set work_mem = \$\$7MB\$\$;
		create table users (name text); insert into users values (\$\$topsecret\$\$);
		grant select on users to \"$app\"" &&
	git init -q old &&
	git hop -C old init --test= --as=production --database="$(pg_conninfo "$db")" 2>err &&
	! git -C old grep -i topsecret ho-prod && test_grep "user mapping" err &&
	test_grep "app.key" err && git -C old show ho-prod:.hop/config >config &&
	test_grep "roles = $app" config && test_grep "extensions = .*postgres_fdw" config &&
	git -C old grep -q 7MB ho-prod -- .hop/model/schema.sql &&
	git -C old grep -q "FOR CURRENT_USER SERVER s;" ho-prod -- .hop/model/schema.sql
'

test_expect_success 'it builds, with its settings' '
	cd old && git config hop.database "$(pg_conninfo "$(pg_name dev)")" && git hop restore &&
	[ "$(pg_query "$(pg_name dev)" "show work_mem")" = 7MB ] &&
	[ "$(pg_query "$(pg_name dev)" "select count(*) from users")" = 0 ]
'

test_expect_success 'one that cannot be built again is refused, and stays as it was' '
	cd .. && db=$(pg_name bad) && pg_create_db "$db" &&
	pg_query "$db" "create schema x; create function x.f(text) returns text language sql
			immutable
			as \$\$ select lower(\$1) \$\$;
		create function g(text) returns text language sql immutable
			as \$\$ select x.f(\$1) \$\$; create table t (a text);
		create index on t (g(a));
		create or replace function g(text) returns text language plpgsql immutable
			as \$\$ begin return gone(\$1); end \$\$;
		create materialized view m as select 1 as i;" &&
	pg_query "$db" "create function fails() returns int language plpgsql as
			\$\$ begin
			if current_database() <> \$q\$$db\$q\$ then raise \$q\$no\$q\$; end if;
			return 1; end \$\$;
		create materialized view w as select fails() as i" &&
	git init -q bad &&
	test_expect_code 1 git hop -C bad init --test= --as=production \
		--database="$(pg_conninfo "$db")" 2>err &&
	test_grep "schema.sql:[0-9]*:" err && ! git -C bad rev-parse -q --verify ho-prod &&
	[ "$(pg_query "$db" "select to_regnamespace(\$\$hop\$\$) is null")" = t ]
'

test_done
