# shellcheck shell=bash
# Production versions made by hand, and what restore made of them. Source after hop-lib.sh.

# production VERSION SCHEMA: ho-prod has this version as its newest.
production() {
	printf '%s\n' "$2" >.hop/model/schema.sql &&
	: >.hop/model/data.sql &&
	cat >.hop/model/metadata.sql <<-END &&
		COPY hop.release (version, hop_version, duration_ms) FROM stdin;
		$1	0.1.0	1
		\\.
	END
	rm -f .hop/model/*-*.sql &&
	ln -s schema.sql ".hop/model/schema-$1.sql" &&
	ln -s metadata.sql ".hop/model/metadata-$1.sql" &&
	: >".hop/releases/$1.txt" &&
	git add -A .hop &&
	git commit -q --no-verify -m "Release $1" &&
	git tag -a -m "$1" "v$1" &&
	git push -q --no-verify origin ho-prod "v$1"
}

# is_at DATABASE VERSION
is_at() {
	[ "$(pg_query "$1" 'select version from hop.release')" = "$2" ]
}

# hop_databases: those that hop made on the cluster for the project here, without its prefix.
hop_databases() {
	local prefix
	prefix=hop_$(git config -f .hop/config hop.id | cut -c 1-8)_ &&
	pg_query postgres "select replace(datname, '$prefix', '') from pg_database
		where starts_with(datname, '$prefix') order by 1"
}

# Whether there are templates and spares only, once the server did what it was left to do.
only_templates() {
	local i
	for i in $(seq 600); do
		hop_databases | grep -qv '^[tp]_' || return 0
		sleep 0.1
	done
	hop_databases
	return 1
}

# settled N: whether N templates are left, and no spare without its template.
settled() {
	local i
	for i in $(seq 600); do
		[ "$(hop_databases | grep -c '^t_')" = "$1" ] && return
		sleep 0.1
	done
	hop_databases
	return 1
}
