#!/bin/bash
# Zabbix as Debian ships it, the whole way: patches, releases, a production database with rows.
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

zabbix=${HOP_TEST_ZABBIX:-$HOP_BUILDDIR/zabbix}

# start_server REPOSITORY: its private server, as the words of a conninfo.
start_server() {
	(cd "$1" && eval "$(git hop server env)" && echo "host='$PGHOST' port=$PGPORT user=$PGUSER")
}

# Production has a server of its own: production_psql DATABASE [ARGUMENT...]
production_psql() {
	local db=$1
	shift
	"$HOP_TEST_PGBIN/psql" -XqAt -v ON_ERROR_STOP=1 -d "$production dbname=$db" "$@"
}

# dump CONNINFO [OPTION...]: without what hop keeps there, and the same text for the same database,
# whether it belongs to the role of a private server or to that of the test's cluster.
dump() {
	"$HOP_TEST_PGBIN/pg_dump" -N hop -d "$@" |
		sed -e '/^\\restrict /d' -e '/^\\unrestrict /d' \
			-e 's/ Owner: hop_build$/ Owner: postgres/' \
			-e 's/ OWNER TO hop_build;$/ OWNER TO postgres;/'
}

# row_counts CONNINFO: "table|rows" for every table but hop's own.
row_counts() {
	"$HOP_TEST_PGBIN/psql" -XqAt -v ON_ERROR_STOP=1 -d "$1" <<-'SQL'
		select relname, (xpath('//n/text()', query_to_xml(
			format('select count(*) as n from %s', oid::regclass), true, true, '')))[1]
		from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
		order by relname;
	SQL
}

# same_database A B: schema, number of rows and rows.
same_database() {
	dump "$1" --schema-only >schema.a &&
	dump "$2" --schema-only >schema.b &&
	test_cmp schema.a schema.b &&
	row_counts "$1" >rows.a &&
	row_counts "$2" >rows.b &&
	test_cmp rows.a rows.b &&
	dump "$1" >all.a &&
	dump "$2" >all.b &&
	cmp all.a all.b
}

test_expect_success 'the files of Debian'\''s package are there' '
	for name in schema images data; do
		zcat "$zabbix/$name.sql.gz" >$name.sql || return
	done &&
	grep -c "^CREATE TABLE" schema.sql
'

test_expect_success 'a database that plain psql makes of them, on the server of production' '
	git init -q host &&
	production=$(start_server host) &&
	production_psql postgres -c "create database plain" -c "create database app" &&
	for name in schema images data; do
		production_psql plain -f $name.sql || return
	done &&
	row_counts "$production dbname=plain" >rows &&
	test_line_count -gt 150 rows
'

test_expect_success 'the schema and the images are patches' '
	(
		hop_project app &&
		cd app &&
		git hop release create minor &&
		for name in schema images; do
			git hop patch create "$([ $name = schema ] && echo 1 || echo 2)-$name" &&
			cp ../$name.sql Patches/*-$name/ &&
			git add . &&
			git commit -q -m "Add $name" &&
			git hop patch apply &&
			git hop patch merge || return
		done
	)
'

test_expect_success 'data.sql ends in the middle a transaction: refused with file and line' '
	(
		cd app &&
		git hop patch create 3-data &&
		{ cat ../data.sql && echo "SELECT 1;"; } >Patches/3-data/data.sql &&
		test_expect_code 1 git hop patch apply 2>err &&
		test_grep "Patches/3-data/data.sql:[0-9]*:1: transaction control" err
	)
'

test_expect_success 'a transaction around the whole file makes no difference' '
	(
		cd app &&
		cp ../data.sql Patches/3-data/ &&
		git add . &&
		git commit -q -m "Add data" &&
		git hop patch merge
	)
'

test_expect_success 'promoted, and installed on production' '
	(cd app && git hop release promote prod) &&
	git hop clone --production --database="$production dbname=app" origin.git production &&
	git -C production hop upgrade --yes &&
	same_database "$production dbname=plain" "$production dbname=app" &&
	mv schema.b schema.0.1.0
'

# The second release alters tables that have rows.
write_owners() {
	cat <<-'SQL'
		CREATE TABLE team (
			teamid bigint PRIMARY KEY,
			name text NOT NULL UNIQUE
		);
		INSERT INTO team VALUES (1, 'operations'), (2, 'database');
		ALTER TABLE hosts ADD teamid bigint NOT NULL DEFAULT 1;
		UPDATE hosts SET teamid = 2 WHERE host ILIKE '%sql%';
		ALTER TABLE hosts ADD CONSTRAINT hosts_team FOREIGN KEY (teamid) REFERENCES team;
		CREATE INDEX hosts_team ON hosts (teamid);
	SQL
}

write_view() {
	cat <<-'SQL'
		CREATE INDEX items_delay ON items (delay, status) WHERE delay <> '0';
		ALTER TABLE triggers ADD reviewed timestamptz, ALTER comments SET DEFAULT '-';
		CREATE VIEW team_load AS
			SELECT t.name, count(DISTINCT h.hostid) AS hosts, count(i.itemid) AS items
			FROM team t
			LEFT JOIN hosts h USING (teamid)
			LEFT JOIN items i USING (hostid)
			GROUP BY t.name;
	SQL
}

test_expect_success 'a second release alters the tables' '
	(
		cd app &&
		git hop release create patch &&
		git hop patch create 4-owners &&
		write_owners >Patches/4-owners/01_owners.sql &&
		git add . && git commit -q -m "Add owners" &&
		git hop patch apply &&
		git hop patch merge &&
		git hop patch create 5-view &&
		write_view >Patches/5-view/01_view.sql &&
		git add . && git commit -q -m "Add a view" &&
		git hop patch apply &&
		git hop patch merge &&
		git hop release promote prod
	)
'

write_own_rows() {
	cat <<-'SQL'
		INSERT INTO hosts (hostid, host, name)
			VALUES (900001, 'mysql-7', 'ours');
		UPDATE triggers SET comments = 'ours'
			WHERE triggerid = (SELECT min(triggerid) FROM triggers);
	SQL
}

test_expect_success 'production is upgraded with the rows of its own in place' '
	write_own_rows >own.sql &&
	production_psql app -f own.sql &&
	production_psql plain -f own.sql &&
	git -C production hop upgrade --yes &&
	for file in app/Patches/4-owners/01_owners.sql app/Patches/5-view/01_view.sql; do
		production_psql plain -f $file || return
	done &&
	same_database "$production dbname=plain" "$production dbname=app" &&
	mv schema.b schema.0.1.1 &&
	production_psql app -c "select teamid from hosts where hostid = 900001" >out &&
	echo 2 >expect &&
	test_cmp expect out &&
	production_psql app -c "select bool_and(items > 100) from team_load" >out &&
	echo t >expect &&
	test_cmp expect out
'

test_expect_success 'every version that is built has the schema that the upgrade to it left' '
	production_psql postgres -c "create database empty" &&
	dump "$production dbname=empty" --schema-only >schema.0.0.0 &&
	for version in 0.0.0 0.1.0 0.1.1; do
		git -C app hop restore $version &&
		dump "$(pg_conninfo "$(pg_name app)")" --schema-only >built &&
		test_cmp schema.$version built || return
	done
'

test_expect_success 'every way to every version ends in the same database' '
	pg_create_db "$(pg_name app_production)" &&
	git hop clone --production --database="$(pg_conninfo "$(pg_name app_production)")" \
		origin.git app.production &&
	cd app && equal_begin app && equal_everywhere && cd ..
'

test_done
