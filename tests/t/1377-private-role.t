#!/bin/bash
# SQL of a repository on the private server: it does not run as superuser, and cannot become one.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# Where both root's server and a user's could write.
mkdir -m 777 open && PWNED=$TRASH/open/pwned

# untouched: no attack has run a program or written a file, and no role gained anything.
untouched() {
	[ -z "$(ls "$TRASH/open")" ] &&
	[ "$(server_query "select string_agg(rolname, ' ') from pg_roles
		where rolsuper or rolcreaterole or rolbypassrls")" = postgres ] &&
	[ "$(server_query "select count(*) from pg_auth_members
		join pg_roles r on r.oid = roleid where member = 'hop_build'::regrole
		and (rolsuper or rolname ~ '^pg_')")" = 0 ]
}

# server_query SQL: as superuser.
server_query() {
	git hop server psql -U postgres -XqAt -d postgres -c "$1"
}

test_expect_success 'a project with its private server, that lists what could be abused' '
	hop_origin && git init -q --initial-branch=ho-prod p && cd p &&
	git remote add origin ../origin.git && git hop init --test= &&
	git hop release create minor && git hop patch create 1 &&
	sed -i "/^postgresql/a extensions = dblink, postgres_fdw, file_fdw" .hop/config &&
	sed -i "/^postgresql/a roles = app, \"a\$\$b\"" .hop/config &&
	echo "select 1;" >Patches/1/1.sql && git add . &&
	git commit -q -m "List them" && git hop patch apply && untouched &&
	[ "$(git hop server psql -At -c "select current_user,
		pg_has_role(\$\$app\$\$, \$\$MEMBER\$\$), (select pg_get_userbyid(datdba)
			from pg_database where datname = current_database()),
		(select string_agg(extname, \$\$ \$\$ order by extname) from pg_extension)")" = \
		"hop_build|t|hop_build|dblink file_fdw plpgsql postgres_fdw" ] &&
	eval "$(git hop server env)" && "$HOP_TEST_PGBIN/psql" -w -c "select 1" &&
	test_must_fail "$HOP_TEST_PGBIN/psql" -w -U postgres -c "select 1" &&
	test_must_fail env PGPASSWORD=x "$HOP_TEST_PGBIN/psql" -w -U postgres -c "select 1" &&
	unset PGHOST PGPORT PGUSER PGDATABASE
'
[ -d "$TRASH/p" ] && cd "$TRASH/p" || exit 99
socket=$(git hop server status --porcelain | sed 1d | cut -f 4)
secret=$(git hop server status --porcelain | sed 1d | cut -f 3)/password

# What needs a superuser, a line each. All but the last group is refused with 42501.
cat >../attacks <<END
COPY (SELECT 1) TO PROGRAM 'touch "$PWNED"'
CREATE TABLE x AS SELECT ''; COPY x FROM PROGRAM 'touch "$PWNED"'
COPY (SELECT 1) TO '$PWNED'
CREATE TABLE x (t text); COPY x FROM '$secret'
PERFORM pg_read_file('$secret')
PERFORM pg_ls_dir('$TRASH')
PERFORM lo_import('$secret')
PERFORM lo_export(lo_create(0), '$PWNED')
PERFORM rolpassword FROM pg_authid
PERFORM pg_reload_conf()
CREATE EXTENSION amcheck
CREATE EXTENSION pg_stat_statements
CREATE FUNCTION x(cstring) RETURNS int LANGUAGE c AS '/lib/x86_64-linux-gnu/libc.so.6', 'system'
CREATE FUNCTION x() RETURNS int LANGUAGE internal AS 'pg_backend_pid'
LOAD '$PWNED.so'
SET session_preload_libraries = '$PWNED.so'
SET ROLE postgres
SET SESSION AUTHORIZATION postgres
CREATE FUNCTION x() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; \
CREATE EVENT TRIGGER x ON ddl_command_end EXECUTE FUNCTION x()
UPDATE pg_proc SET prosecdef = true
ALTER TABLE pg_authid OWNER TO hop_build
CREATE SERVER x FOREIGN DATA WRAPPER file_fdw
CREATE FUNCTION x() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION x() OWNER TO postgres
ALTER FUNCTION dblink_connect_u(text) SECURITY DEFINER
PERFORM dblink_connect_u('host=$socket user=postgres dbname=postgres')
ALTER DATABASE postgres SET search_path = x
CREATE TABLE x AS SELECT 1; ALTER TABLE x OWNER TO pg_execute_server_program
PERFORM dblink_connect('host=$socket user=postgres dbname=postgres')
PERFORM dblink_connect('host=$socket user=postgres dbname=postgres password=x')
PERFORM dblink_connect('host=$socket user=postgres dbname=postgres passfile=$secret')
PERFORM dblink_connect('host=$socket user=hop_build dbname=postgres')
CREATE SERVER x FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '$socket', dbname 'postgres'); \
CREATE USER MAPPING FOR CURRENT_USER SERVER x OPTIONS (user 'postgres', password_required 'false')
CREATE SERVER x FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '$socket', dbname 'postgres'); \
CREATE USER MAPPING FOR CURRENT_USER SERVER x OPTIONS (user 'postgres', password 'x'); \
CREATE FOREIGN TABLE x (t text) SERVER x; PERFORM * FROM x
CREATE SERVER x FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '$socket', dbname 'postgres'); \
CREATE USER MAPPING FOR CURRENT_USER SERVER x OPTIONS (user 'postgres'); \
CREATE FOREIGN TABLE x (t text) SERVER x; PERFORM * FROM x
END

# harmless FILE: SQL that tries each and keeps the error; one that works fails the build.
harmless() {
	echo "CREATE TABLE refused (n int, state text, message text);"
	local n=0 line
	while IFS= read -r line; do
		n=$((n + 1))
		printf '%s\n' "DO \$x\$ BEGIN $line;
			RAISE EXCEPTION 'works: %', $n USING ERRCODE = 'HOP01';
			EXCEPTION WHEN SQLSTATE 'HOP01' THEN RAISE;
			WHEN OTHERS THEN INSERT INTO refused VALUES ($n, SQLSTATE, SQLERRM);
			END \$x\$;"
	done <"$1"
}

test_expect_success 'nothing that needs a superuser works in a build' '
	harmless ../attacks >Patches/1/1.sql && git hop patch apply && untouched &&
	git hop server psql -At -c "select * from refused order by 1" >../refused &&
	test_line_count = "$(wc -l <../attacks)" ../refused &&
	! grep -v "|42501|\||2F003|" ../refused
'

test_expect_success 'as plain statements, refused by apply and merge, with what to do' '
	while IFS= read -r line; do
		printf "%s;\\n" "$line" >Patches/1/1.sql &&
		test_expect_code 1 git hop patch apply 2>../err </dev/null &&
		test_grep "^error: Patches/1/1.sql:" ../err || return
	done <<-END &&
		COPY (SELECT 1) TO PROGRAM \$\$touch "$PWNED"\$\$
		ALTER SYSTEM SET work_mem = 64
		SET SESSION AUTHORIZATION postgres
		ALTER ROLE hop_build SUPERUSER
		GRANT postgres TO hop_build
	END
	echo "COPY (SELECT 1) TO PROGRAM \$\$touch \"$PWNED\"\$\$;" >Patches/1/1.sql &&
	git commit -qam "Run a program" &&
	refused "COPY to or from an external program" git hop patch merge &&
	test_grep "^hint: .*hop_build.*not a superuser; in production" "$HOME/err" &&
	test_grep "hint:  *extensions = NAME" "$HOME/err" &&
	test_grep "git config hop.buildAsSuperuser true" "$HOME/err" && untouched
'

test_expect_success 'what the owner of a database may do works, and the model names nobody' '
	cat >Patches/1/1.sql <<-END &&
		CREATE EXTENSION hstore;
		CREATE SCHEMA s AUTHORIZATION app;
		CREATE TABLE t (a hstore, who name DEFAULT current_user);
		CREATE TABLE s.u (i int); ALTER TABLE s.u OWNER TO app;
		ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app;
		ALTER DEFAULT PRIVILEGES FOR ROLE app REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
		GRANT SELECT ON t TO app, PUBLIC; GRANT CREATE ON SCHEMA public TO app;
		CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS \$\$ SELECT 1 \$\$;
		CREATE POLICY p ON t TO app, CURRENT_USER; COMMENT ON TABLE t IS \$\$of none\$\$;
		DO \$\$ BEGIN EXECUTE format(\$q\$ALTER DATABASE %I SET work_mem = 5000\$q\$,
			current_database()); END \$\$;
		SET ROLE app; CREATE TABLE s.v (i int);
	END
	git commit -qam "Be modest" && git hop patch apply && git hop patch merge &&
	git hop release promote prod &&
	! git grep -E "hop_build|postgres;" -- .hop/model/schema.sql .hop/model/data.sql &&
	git grep -q "CREATE EXTENSION IF NOT EXISTS dblink" -- .hop/model &&
	git hop release create patch && git hop patch create 2 &&
	echo "SELECT dblink_get_connections(); ALTER TABLE s.u ADD j int;" >Patches/2/1.sql &&
	git add . && git commit -q -m "Use it" && git hop patch merge &&
	git hop release promote prod
'

test_expect_success 'clone: a model that would run a program' '
	git clone -q ../origin.git ../evil && cd ../evil && git switch -q ho-prod &&
	echo "COPY (SELECT 1) TO PROGRAM \$\$touch \"$PWNED\"\$\$;" >>.hop/model/schema.sql &&
	git -c core.hooksPath=/dev/null commit -qam "Innocent" && git push -q origin ho-prod &&
	cd .. && test_expect_code 1 git hop clone origin.git c 2>err &&
	test_grep "^error: .hop/model/schema.sql:.*external program" err &&
	test_grep "git config hop.buildAsSuperuser true" err && [ -z "$(ls open)" ] &&
	test_path_is_missing c
'

test_expect_success 'with consent of the person, everything works, and consent ends' '
	git config --global hop.buildAsSuperuser true &&
	git hop clone origin.git c && rm open/pwned &&
	git config --global --unset hop.buildAsSuperuser && cd c &&
	git -c core.hooksPath=/dev/null push -q --force origin HEAD^:ho-prod &&
	git reset -q --hard HEAD^ &&
	[ "$(server_query "select rolsuper from pg_roles where rolname = current_user")" = t ] &&
	[ "$(git hop server psql -Atc "show is_superuser")" = on ] &&
	git hop restore && [ "$(git hop server psql -Atc "show is_superuser")" = off ] && untouched
'

cd "$TRASH" || exit 99

test_expect_success 'an adopted database whose extensions are in schemas of their own' '
	db=$(pg_name old) && pg_create_db "$db" && pg_query "$db" "create schema \"Ext s\";
		create schema more; create extension earthdistance schema \"Ext s\" cascade;
		create extension dblink schema \"Ext s\";
		create extension pg_stat_statements schema more version \$\$1.4\$\$;
		create table t (i int); comment on schema \"Ext s\" is \$\$x\$\$;
		create view v as select calls from more.pg_stat_statements" &&
	git init -q old && cd old && git hop init --test= --as=production \
		--database="$(pg_conninfo "$db")" &&
	test_grep "dblink.*earthdistance" .hop/config &&
	git config hop.database "" && git hop restore && git hop release create minor &&
	git hop patch create 1 && echo "create table u (i int);" >Patches/1/1.sql && git add . &&
	git commit -q -m "Add a table" && git hop patch merge && git hop release promote prod &&
	[ "$(git hop server psql -At -c "select extname, extversion, extnamespace::regnamespace
		from pg_extension where extname <> \$\$plpgsql\$\$ order by 1" |
		tee ../is)" = "$(pg_query "$db" "
		select extname, extversion, extnamespace::regnamespace
		from pg_extension where extname <> \$\$plpgsql\$\$ order by 1")" ] &&
	grep -Fx "pg_stat_statements|1.4|more" ../is
'
cd "$TRASH" || exit 99

test_expect_success 'data of an older git hop, which built as superuser, is moved away' '
	cd p && dir=$(dirname "$secret") && rm "$secret" && git hop server start 2>../err &&
	test_grep "they are now in .*data.old" ../err && [ -d "$dir/data.old" ] &&
	git hop restore && untouched && rm "$secret" &&
	test_expect_code 128 git hop server start 2>../err && test_grep "^hint: remove" ../err &&
	rm -r "$dir/data.old" && git hop server start && git hop server stop
'

test_done
