# shellcheck shell=bash
# Projects with releases, put together with plain git. Source after git-lib.sh and pg-lib.sh.

# Databases of hop's are named after its beginning, and go at the end of the script: not those of
# others.
PROJECT_ID=$(printf %08x $$)89abcdef0123456789abcdef

# prod_project NAME [SCHEMA]: NAME.git with ho-prod at 0.0.0, and a clone NAME to work in. Its model
# stays that of 0.0.0, so a database has nothing to be compared with.
prod_project() {
	git config --global hop.driftCheck false &&
	git init -q --bare "$1.git" &&
	git clone -q "$1.git" "$1" 2>/dev/null &&
	git -C "$1" checkout -q -b ho-prod &&
	mkdir -p "$1/.hop/releases" "$1/.hop/model" &&
	printf '[hop]\nformat = 1\nname = %s\nid = %s\n' "$1" "$PROJECT_ID" >"$1/.hop/config" &&
	echo '# the beginning' >"$1/.hop/releases/0.0.0.txt" &&
	printf '%s' "${2-}" >"$1/.hop/model/schema.sql" &&
	: >"$1/.hop/model/data.sql" &&
	: >"$1/.hop/model/metadata.sql" &&
	git -C "$1" add -A &&
	git -C "$1" commit -q -m 'Begin' &&
	git -C "$1" push -q -u origin ho-prod
}

# prod_file NAME ID FILE [TEXT]: a file of a patch; the text from standard input without TEXT.
prod_file() {
	mkdir -p "$1/Patches/$2" &&
	if [ $# -gt 3 ]; then
		printf '%s\n' "$4" >"$1/Patches/$2/$3"
	else
		cat >"$1/Patches/$2/$3"
	fi
}

# prod_release NAME VERSION [ID...]: commits what is there as that release, tags and pushes it.
prod_release() {
	local name=$1 version=$2
	shift 2
	printf '%s\n' "# $version" "$@" >"$name/.hop/releases/$version.txt" &&
	git -C "$name" add -A &&
	git -C "$name" commit -q -m "Release $version" &&
	git -C "$name" tag -a -m "$version" "v$version" &&
	git -C "$name" push -q origin ho-prod "v$version"
}

# prod_db WORD: a new empty database; its name goes to $db and its address to $HOP_DATABASE.
prod_db() {
	db=$(pg_name "$1") &&
	pg_create_db "$db" &&
	HOP_DATABASE=$(pg_conninfo "$db") &&
	export HOP_DATABASE
}

# prod_state [DATABASE]: all that is in it, to compare two moments.
prod_state() {
	"$HOP_TEST_PGBIN/pg_dump" --inserts -d "$(pg_conninfo "${1-$db}")" |
		sed -e '/^\\restrict /d' -e '/^\\unrestrict /d'
}

# prod_versions [DATABASE]: the releases that it has.
prod_versions() {
	pg_query "${1-$db}" "select string_agg(version, ' ' order by applied_at) from hop.release"
}
