# shellcheck shell=bash
# Databases on the cluster of the run. Source after test-lib.sh.

# The names of this script's databases and roles begin with this.
PG_PREFIX=t${TEST_NAME%%-*}_$$

# Lets every program called from here on reach the cluster as its superuser.
pg_env() {
	export PGHOST="$HOP_TEST_PGHOST" PGPORT="$HOP_TEST_PGPORT" PGUSER=postgres
}

# pg_name WORD: a name that no other script has.
pg_name() {
	echo "${PG_PREFIX}_$1"
}

# pg_conninfo DATABASE [ROLE]
pg_conninfo() {
	echo "host=$HOP_TEST_PGHOST port=$HOP_TEST_PGPORT dbname=$1 user=${2-postgres}"
}

# pg_psql DATABASE [ARGUMENT...]: PostgreSQL's own psql, not the wrapper that Debian has on PATH.
pg_psql() {
	local db=$1
	shift
	"$HOP_TEST_PGBIN/psql" -XqAt -v ON_ERROR_STOP=1 -d "$(pg_conninfo "$db")" "$@"
}

# pg_query DATABASE SQL: a line a row, columns separated by '|'.
pg_query() {
	pg_psql "$1" -c "$2"
}

# pg_major: the major version of the cluster.
pg_major() {
	echo $(($(pg_query postgres "show server_version_num") / 10000))
}

# pg_atomic SQL: the body of a function or procedure in SQL, as BEGIN ATOMIC where the server has it
# (14), else as a string.
pg_atomic() {
	if [ "$(pg_major)" -ge 14 ]; then
		echo "begin atomic $1 end"
	else
		echo "as \$body\$ $1 \$body\$"
	fi
}

# pg_create_db DATABASE [OWNER]: from template0, which nobody else can be connected to.
pg_create_db() {
	pg_query postgres "create database \"$1\" owner \"${2-postgres}\" template template0"
}

# pg_create_role ROLE [ATTRIBUTE...]: a role that may log in and nothing else.
pg_create_role() {
	local role=$1
	shift
	pg_query postgres "create role \"$role\" login $*"
}

# pg_dump_schema DATABASE [ARGUMENT...]: the same text for the same schema.
pg_dump_schema() {
	local db=$1
	shift
	"$HOP_TEST_PGBIN/pg_dump" --schema-only -d "$(pg_conninfo "$db")" "$@" |
		sed -e '/^\\restrict /d' -e '/^\\unrestrict /d'
}

# pg_databases: those that begin with the prefix of this script.
pg_databases() {
	pg_query postgres "select datname from pg_database
		where starts_with(datname, '$PG_PREFIX') order by 1"
}

# until_true DATABASE SQL: waits for it, a minute at most.
until_true() {
	local n
	for n in $(seq 600); do
		[ "$(pg_query "$1" "$2")" != t ] || return 0
		sleep 0.1
	done
	echo "not true after $n tries: $2"
	return 1
}

# server_user COMMAND...: as the user of PostgreSQL's programs, which do not run as root.
server_user() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid postgres --regid postgres --init-groups -- env HOME=/ "$@"
	else
		"$@"
	fi
}

# server_init DIR: the data of a server of the script's own, in the new directory DIR.
server_init() {
	{ [ "$(id -u)" -ne 0 ] || chown postgres: "$1"; } &&
	server_user "$HOP_TEST_PGBIN/initdb" --no-sync -A trust -U postgres -E UTF8 \
		--locale=C.UTF-8 -D "$1/data" >/dev/null
}

# pg_litter_: those, and what hop keeps for the projects in the trash folder.
pg_litter_() {
	local id
	pg_databases
	find "$TRASH" -path '*/.hop/config' -exec sed -n 's/^id *= *//p' {} + | sort -u |
		while read -r id; do
			pg_query postgres "select datname from pg_database
				where starts_with(datname, 'hop_${id:0:8}_')"
		done
}

# Called by test-lib.sh at the end of the script.
pg_cleanup_() {
	local name
	pg_litter_ | while IFS= read -r name; do
		pg_query postgres "drop database if exists \"${name//\"/\"\"}\" with (force)"
	done >/dev/null 2>&1
}
