#!/bin/bash
# Roles, owners and limits of a model: who promotes does not matter, and what cannot be in a model
# is refused by name.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

app=$(pg_name app)
other=$(pg_name other)

# setting LINE...: these lines go to the settings of the project, in the patch that is checked out.
setting() {
	printf '%s\n' "$@" >>.hop/config && git commit -qam "Change settings"
}

test_expect_success 'a role that the project does not name is refused at promote, with the line' '
	pg_query postgres "create role \"$app\"; create role \"$other\"" &&
	hop_project p && cd p &&
	git hop release create minor &&
	merged 1 "create table t (id int primary key);
		grant select on t to \"$app\", \"$other\";
		grant create on schema public to \"$app\";
		create table owned (i int); alter table owned owner to \"$app\";" &&
	test_expect_code 1 git hop release promote prod 2>../err &&
	test_grep "$app.*$other" ../err && test_grep "roles = $app $other" ../err
'
cd "$TRASH/p" || exit 99
db=$(pg_name p)

test_expect_success 'named, it is promoted; the next release has owner and privileges' '
	git hop patch create 2 && sed -i "s/^id = .*/&\nroles = $app $other/" .hop/config &&
	hop_sql 01.sql "select 1;" && git commit -qam "Name the roles" && git hop patch merge &&
	git hop release promote prod && git hop restore &&
	pg_query "$db" "select tableowner from pg_tables where tablename = \$\$owned\$\$" >../out &&
	echo "$app" >../expect && test_cmp ../expect ../out &&
	pg_query "$db" "set role \"$other\"; select count(*) from t" &&
	! grep -i "owner to postgres\|to postgres\|Owner: postgres" .hop/model/schema.sql
'

test_expect_success 'two roles of other names promote the same bytes' '
	for name in a_first z_last; do
		role=$(pg_name $name) &&
		pg_query postgres "create role \"$role\" login createdb
			in role \"$app\", \"$other\"" &&
		rm -rf ../$name.git ../$name && git clone -q --bare ../origin.git ../$name.git &&
		git clone -q ../$name.git ../$name && cd ../$name && git switch -q ho-prod &&
		git config hop.database "$(pg_conninfo "$(pg_name db_$name)" "$role")" &&
		git hop release create minor &&
		merged 3 "create schema mine; grant usage on schema mine to current_user, \"$app\";
			create table mine.t (i int); insert into mine.t values (1);
			revoke all on mine.t from current_user;
				grant select on mine.t to current_user;
			alter default privileges in schema mine grant select on tables to \"$app\";
			alter default privileges grant execute on functions to \"$other\";
			create policy p on mine.t to current_user, \"$app\" using (true);" &&
		git hop release promote prod && cd ../p || return
	done &&
	git -C ../a_first show HEAD:.hop/model/schema.sql >../one &&
	git -C ../z_last show HEAD:.hop/model/schema.sql >../two && test_cmp ../one ../two &&
	git -C ../a_first show HEAD:.hop/model/data.sql >../one &&
	git -C ../z_last show HEAD:.hop/model/data.sql >../two && test_cmp ../one ../two &&
	! grep "a_first" ../one
'

test_expect_success 'a dump that changes once when it is loaded is published as it stays' '
	git hop release create minor &&
	merged 4 "create table q (id int, c timestamp(3) default now()) partition by range (id);
		create table q1 (like q);
			alter table q attach partition q1 for values from (1) to (2);
		create table n (id int, c int default null) partition by range (id);
		create table n1 (like n);
			alter table n attach partition n1 for values from (1) to (2);" &&
	git hop release promote prod && git hop release create minor && merged 5 "select 1;" &&
	git hop release promote prod && git diff --quiet HEAD^ HEAD -- .hop/model/schema.sql
'

test_expect_success 'more rows than a model may have are refused, until the table is schema-only' '
	git hop release create minor && git hop patch create 6 &&
	sed -i "s/^id = .*/&\nmodelRows = 1000/" .hop/config &&
	hop_sql 01.sql "create table big as
		select i, md5(i::text) from generate_series(1, 99) i;" &&
	git commit -qam "Limit rows" && git hop patch merge &&
	test_expect_code 1 git hop release promote prod 2>../err &&
	test_grep "public.big" ../err && test_grep "schema-only" ../err &&
	git hop patch create 7 && printf "\n[model]\nschema-only = public.big\n" >>.hop/config &&
	hop_sql 01.sql "select 1;" && git commit -qam "Leave rows out" && git hop patch merge &&
	git hop release promote prod && ! grep big .hop/model/data.sql
'

test_done
