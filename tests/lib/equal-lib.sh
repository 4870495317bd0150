# shellcheck shell=bash
# Whether databases are equal: built, upgraded release by release, upgraded at once. Source after
# hop-lib.sh.
#
# A state is a folder with what one database holds:
#   dump       pg_dump of all but schema hop
#   schema     the entries of the dump that are not rows, sorted
#   rows       "table {row}" for each row, also of materialized views, and large objects; sorted
#   facts      what pg_dump leaves out, and the releases and patches that hop recorded
#   sequences  name, direction and next value of each
# Two states are equal if they are after one dump and load, so loaded/ may be a state within it.

# Values of volatile functions, of which only the number of rows counts: "schema.table.column ...",
# and "schema.table" for a materialized view that is stale.
equal_volatile=

# How two states are compared: equal_cmp, or another below.
equal_compare=equal_cmp

# Rows as jsonb, so that they do not depend on the order of columns.
equal_queries_() {
	cat <<-'SQL'
		\o rows
		select format('copy (select %L || (to_jsonb(row_) - %L::text[])::text
				from only %s row_) to stdout',
			n.nspname || '.' || c.relname || ' ', array(
				select a.attname from pg_attribute a
				where a.attrelid = c.oid
				and array[n.nspname || '.' || c.relname,
					concat_ws('.', n.nspname, c.relname, a.attname)]
					&& regexp_split_to_array(:'volatile', '\s+')),
			c.oid::regclass)
		from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where (c.relkind = 'r' or c.relkind = 'm' and c.relispopulated)
		and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'hop')
		\gexec
		select 'large object ' || oid || ' ' || md5(lo_get(oid))
		from pg_largeobject_metadata;
		\o facts
		select 'setting of', coalesce('role ' || r.rolname, 'the database'),
			unnest(setconfig)
		from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase
		left join pg_roles r on r.oid = s.setrole
		where d.datname = current_database();
		select 'comment of the database', shobj_description(oid, 'pg_database')
		from pg_database where datname = current_database();
		select 'privilege on the database', a.grantee::regrole, a.grantor::regrole,
			a.privilege_type, a.is_grantable
		from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
		where d.datname = current_database();
		select 'privilege on schema public', a.grantee::regrole, a.privilege_type,
			a.is_grantable
		from pg_namespace, aclexplode(coalesce(nspacl, acldefault('n', nspowner))) a
		where nspname = 'public';
		select 'schema', nspname from pg_namespace
		where nspname !~ '^pg_' and nspname not in ('information_schema', 'hop');
		select 'materialized view', oid::regclass, relispopulated
		from pg_class where relkind = 'm';
		select 'invalid index', indexrelid::regclass from pg_index where not indisvalid;
		select 'extension', extname, extversion from pg_extension;
		select 'release', version from hop.release where version !~ '-rc';
		select 'patch', id from hop.patch;
		\o sequences
		select format('select %L, %s, last_value + is_called::int * %s::numeric from %s',
			seqrelid::regclass, sign(seqincrement), seqincrement, seqrelid::regclass)
		from pg_sequence s join pg_class c on c.oid = s.seqrelid
		where relnamespace <> 'hop'::regnamespace \gexec
	SQL
}

# Its caller is a subshell, and leaves no trace from here on: only what it says matters.
equal_quiet_() {
	{ set +x; } 5>/dev/null
}

# The order of entries depends on the order in which objects were made, where names are the same.
equal_schema_() {
	sed -E -e '/^\\(un)?restrict /d' -e '/^SET default_table/d' "$1" |
		awk -v RS='\n--\n-- ' 'NR > 1 {
			heading = $0
			sub(/\n.*/, "", heading)
			if (heading ~ /; Type: (TABLE DATA|SEQUENCE SET|BLOBS);/ ||
			    heading ~ /; Type: MATERIALIZED VIEW DATA;/)
				next
			gsub(/\n\n+/, "\n")
			printf "-- %s%c", $0, 0
		}' | LC_ALL=C sort -z | tr '\0' '\n'
}

# equal_state CONNINFO FOLDER: makes the state of that database.
equal_state() (
	equal_quiet_
	rm -rf "$2" && mkdir -p "$2" && cd "$2" &&
	"$HOP_TEST_PGBIN/pg_dump" --exclude-schema=hop -f dump -d "$1" &&
	equal_schema_ dump >schema &&
	export PGOPTIONS="-c datestyle=ISO -c intervalstyle=postgres -c timezone=UTC
		-c extra_float_digits=1 -c bytea_output=hex -c row_security=off" &&
	equal_queries_ | "$HOP_TEST_PGBIN/psql" -XqAt -v ON_ERROR_STOP=1 -d "$1" \
		-v volatile="$equal_volatile" &&
	for file in rows facts sequences; do
		LC_ALL=C sort -o $file $file || return
	done
)

# With the search_path of the database, as hop loads its model: pg_dump's empty one is too little
# for functions that find others by it.
equal_load_() {
	local path absent
	path=$(sed -n 's/^setting of|the database|search_path=//p' "$1/facts") &&
	{ grep -q '^schema|public$' "$1/facts" || echo 'drop schema public;'; } &&
	printf 'set search_path = %s;\n' "${path:-\"\$user\", public}" &&
	sed -E -e "/^SELECT pg_catalog.set_config\('search_path', ''/d" \
		-e '/^\\(un)?restrict /d' "$1/dump"
}

# equal_loaded STATE: makes STATE/loaded, the schema after one load and dump.
equal_loaded() {
	local db
	[ ! -s "$1/loaded/schema" ] || return 0
	db=$(pg_name loaded) && mkdir -p "$1/loaded" &&
	pg_query postgres "drop database if exists \"$db\"" 2>/dev/null && pg_create_db "$db" &&
	equal_load_ "$1" >"$1/loaded/sql" || return
	pg_psql "$db" -f "$1/loaded/sql" >"$1/loaded/log" 2>&1 || {
		echo "the dump of $1 cannot be loaded:"
		tail "$1/loaded/log"
		return 1
	}
	"$HOP_TEST_PGBIN/pg_dump" -f "$1/loaded/dump" -d "$(pg_conninfo "$db")" &&
	equal_schema_ "$1/loaded/dump" >"$1/loaded/schema" &&
	pg_query postgres "drop database \"$db\""
}

equal_diff_() {
	diff -u --label "$1/$3" --label "$2/$3" "$1/$3" "$2/$3" >"$HOME/.diff" && return
	head -n 60 "$HOME/.diff"
	return 1
}

# A sequence of the second state may have gone further.
equal_sequence_diff_() {
	LC_ALL=C join -t '|' -a 1 -a 2 "$1/sequences" "$2/sequences" |
		awk -F '|' -v a="$1" -v b="$2" 'NF != 5 || ($5 - $3) * $2 < 0 {
			print "sequence in " a " and " b ": " $0
			bad = 1
		} END { exit bad }'
}

# equal_cmp BUILT UPGRADED: says what differs.
equal_cmp() (
	equal_quiet_
	bad=0
	cmp -s "$1/schema" "$2/schema" || {
		equal_loaded "$1" && equal_loaded "$2" && equal_diff_ "$1" "$2" loaded/schema
	} || bad=1
	equal_diff_ "$1" "$2" rows || bad=1
	equal_diff_ "$1" "$2" facts || bad=1
	equal_sequence_diff_ "$1" "$2" || bad=1
	return $bad
)

# equal_cmp_columns A B: the same, whatever the order of columns.
equal_cmp_columns() (
	equal_quiet_
	for state; do
		sed 's/,$//' "$state/schema" | LC_ALL=C sort >"$state/lines" || return
	done
	equal_diff_ "$1" "$2" lines && equal_diff_ "$1" "$2" rows && equal_diff_ "$1" "$2" facts
)

# equal_cmp_aliases A B: the same, whatever name a table has within a view that has it twice.
equal_cmp_aliases() (
	equal_quiet_
	for state; do
		equal_loaded "$state" &&
		sed -E 's/\b[a-z]+_[1-9]\b/alias/g' "$state/loaded/schema" >"$state/lines" || return
	done
	equal_diff_ "$1" "$2" lines && equal_diff_ "$1" "$2" rows && equal_diff_ "$1" "$2" facts
)

# equal_project NAME [OPTION...]: a project in NAME with a production clone NAME.production; the
# shell is in it afterwards.
equal_project() {
	cd "$TRASH" && rm -rf origin.git && hop_project "$@" && mv origin.git "$1.git" &&
	cd "$1" && git remote set-url origin "../$1.git" &&
	pg_create_db "$(pg_name "$1_production")" &&
	git hop clone --production --database="$(pg_conninfo "$(pg_name "$1_production")")" \
		"../$1.git" "../$1.production" && equal_begin "$1"
}

# equal_begin NAME: the same for a project whose two clones are there.
equal_begin() {
	equal_name=$1 && equal_dev=$(git config hop.database) && equal_patches=0 equal_volatile= &&
	equal_compare=equal_cmp
}

# sql NAME: keeps standard input as the file of a patch; see promoted. In a line "@COMMAND;" the
# name of the database stands for %I.
sql() {
	mkdir -p "$TRASH/sql/$1" &&
	sed 's/^@\(.*\);$/DO $do$ BEGIN EXECUTE format($sql$\1$sql$, current_database());\
		END $do$;/' >"$TRASH/sql/$1/01.sql"
}

# promoted prod|rc|hotfix SQL...: a release with a patch for each text, or for each @NAME of sql.
promoted() {
	local kind=$1 branch sql
	shift
	branch=$(git for-each-ref --format='%(refname:short)' 'refs/heads/ho-release/*') &&
	if [ "$kind" = hotfix ]; then
		git hop release hotfix
	elif [ -n "$branch" ]; then
		git switch -q "$branch"
	else
		git hop release create minor
	fi &&
	for sql; do
		equal_merged "$sql" || return
	done && git hop release promote "$kind"
}

# equal_merged SQL: one more patch of the release whose branch is checked out.
equal_merged() {
	equal_patches=$((equal_patches + 1)) &&
	git hop patch create "$equal_patches" &&
	case $1 in
	@*) cp "$TRASH/sql/${1#@}"/* "Patches/$equal_patches/" ;;
	*) printf '%s\n' "$1" >"Patches/$equal_patches/01.sql" ;;
	esac && git add Patches && git commit -q -m "Add files" && git hop patch merge
}

# equal_versions: those in production, in their order.
equal_versions() {
	echo 0.0.0
	git log --first-parent --reverse --decorate-refs='refs/tags/v*' --format=%D ho-prod |
		sed -n 's/^tag: v//p'
}

# equal_rcs VERSION BEFORE: the release candidates of VERSION made since BEFORE, the production
# version that precedes it.
equal_rcs() {
	git tag -l --sort=version:refname "v$1-rc*" | while read -r tag; do
		[ "$2" != 0.0.0 ] && ! git merge-base --is-ancestor "v$2" "$tag" || echo "${tag#v}"
	done
}

# equal_way NAME VERSION CONNINFO COMMAND...: the command is a way to get that database to VERSION.
equal_way() {
	local name=$1 version=$2 conninfo=$3
	shift 3
	"$@" && equal_state "$conninfo" "$name" && $equal_compare "built-$version" "$name" && return
	echo "not equal to the build of $version: $name"
	return 1
}

equal_restored_() {
	git -C "$TRASH/$equal_name" hop restore -q "$1"
}

# equal_upgraded_ CONNINFO VERSION...: one after the other, in a clone for production.
equal_upgraded_() {
	local conninfo=$1 version
	shift
	for version; do
		git -C "$TRASH/$equal_name.production" hop upgrade -q --yes --no-backup \
			--to-release "$version" --database="$conninfo" >/dev/null || return
	done
}

equal_both_() {
	equal_restored_ "$2" && equal_upgraded_ "$1" "${@:3}"
}

# A new database for production, at once.
equal_installed_() {
	pg_query postgres "drop database if exists \"$(pg_name new)\"" &&
	pg_create_db "$(pg_name new)" &&
	equal_upgraded_ "$@"
}

# equal_from_nothing_ VERSION...: an empty database, release by release and at once.
equal_from_nothing_() {
	local version count=0 bad=0 steps new
	steps=$(pg_conninfo "$(pg_name steps)") && new=$(pg_conninfo "$(pg_name new)") &&
	pg_query postgres "drop database if exists \"$(pg_name steps)\"" &&
	pg_create_db "$(pg_name steps)" || return
	for version; do
		equal_way "by-steps-$version" "$version" "$steps" \
			equal_upgraded_ "$steps" "$version" || bad=1
		[ $((count++)) = 0 ] ||
			equal_way "at-once-$version" "$version" "$new" \
				equal_installed_ "$new" "$version" || bad=1
	done
	return $bad
}

# equal_from_ FROM VERSION...: a build of FROM, upgraded to each of them.
equal_from_() {
	local from=$1 to bad=0
	shift
	for to; do
		equal_way "from-$from-to-$to" "$to" "$equal_dev" \
			equal_both_ "$equal_dev" "$from" "$to" || bad=1
	done
	return $bad
}

# equal_through_rcs_ BEFORE VERSION RC...: through each of them alone, and through all.
equal_through_rcs_() {
	local before=$1 version=$2 rc bad=0
	shift 2
	for rc; do
		equal_way "from-$rc-to-$version" "$version" "$equal_dev" \
			equal_both_ "$equal_dev" "$rc" "$version" || bad=1
		equal_way "from-$before-by-$rc" "$version" "$equal_dev" \
			equal_both_ "$equal_dev" "$before" "$rc" "$version" ||
			bad=1
	done
	[ $# -lt 2 ] ||
		equal_way "from-$before-by-all" "$version" "$equal_dev" \
			equal_both_ "$equal_dev" "$before" "$@" "$version" ||
		bad=1
	return $bad
}

# equal_everywhere: in the project here every way to every production version ends in the same
# database. The states of the versions stay in NAME.states/built-VERSION.
equal_everywhere() (
	equal_quiet_
	before='' bad=0 count=0
	mapfile -t versions < <(equal_versions) &&
	for version in "${versions[@]}"; do
		rcs[count++]=$([ -z "$before" ] || equal_rcs "$version" "$before")
		before=$version
	done &&
	rm -rf "../$equal_name.states" && mkdir "../$equal_name.states" &&
	cd "../$equal_name.states" &&
	for version in "${versions[@]}"; do
		equal_restored_ "$version" && equal_state "$equal_dev" "built-$version" || return
	done &&
	equal_from_nothing_ "${versions[@]:1}" || bad=1
	for i in "${!versions[@]}"; do
		[ "$i" = 0 ] || equal_from_ "${versions[@]:i}" || bad=1
		# shellcheck disable=SC2086
		[ -z "${rcs[i]}" ] ||
			equal_through_rcs_ "${versions[i - 1]}" "${versions[i]}" ${rcs[i]} || bad=1
	done
	return $bad
)
