# shellcheck shell=bash
# Projects for tests. Source after test-lib.sh, git-lib.sh and pg-lib.sh.

# hop_origin: an empty bare repository origin.git.
hop_origin() {
	git init -q --bare origin.git
}

# hop_database DIR WORD: the clone DIR develops in a database of its own, whose name ends in WORD.
hop_database() {
	git -C "$1" config hop.database "$(pg_conninfo "$(pg_name "$2")")"
}

# hop_project DIR [OPTION...]: a project in DIR, shared through origin.git, with a database of its
# own.
hop_project() {
	local dir=$1
	shift
	hop_origin &&
	git init -q --initial-branch=ho-prod "$dir" &&
	git -C "$dir" remote add origin ../origin.git &&
	hop_database "$dir" "$(basename "$dir")" &&
	(cd "$dir" && git hop init "${@:---test=}")
}

# hop_clone DIR: one more clone of origin.git; its database is built when it is needed.
hop_clone() {
	git clone -q origin.git "$1" &&
	git -C "$1" switch -q ho-prod &&
	hop_database "$1" "$(basename "$1")"
}

# hop_sql FILE TEXT: writes a file of the patch whose branch is checked out, and commits it.
hop_sql() {
	local id
	id=$(git symbolic-ref --short HEAD) && id=${id#ho-patch/} &&
	printf '%s\n' "$2" >"Patches/$id/$1" &&
	git add -- "Patches/$id/$1" &&
	git commit -q -m "Add $1"
}

# hop_patch ID SQL [OPTION...]: a patch with one file, committed; it stands on its branch.
hop_patch() {
	local id=$1 sql=$2
	shift 2
	git hop patch create "$@" "$id" && hop_sql 01.sql "$sql"
}

# merged ID SQL [OPTION...]: the same, and it is staged.
merged() {
	hop_patch "$@" && git hop patch merge
}

# hop_json FILE EXPRESSION: an expression of Python over the object d that is in the file.
hop_json() {
	python3 -c 'import json, sys
d = json.load(open(sys.argv[1]))
print(eval(sys.argv[2]))' "$@"
}

# hop_state DIR: what a command may change, but for databases: refs there and here, HEAD, files.
hop_state() {
	git -C "$1" ls-remote -q origin 2>/dev/null
	git_refs "$1"
	git -C "$1" symbolic-ref -q HEAD || git -C "$1" rev-parse HEAD
	git -C "$1" status --porcelain
	git -C "$1" worktree list --porcelain
}

# refused PATTERN COMMAND...: it says no and why, and everything is as it was.
refused() {
	local pattern=$1
	shift
	git fetch -q --prune && hop_state . >"$HOME/before" &&
	test_expect_code 1 "$@" 2>"$HOME/err" && test_grep "$pattern" "$HOME/err" &&
	hop_state . >"$HOME/after" && test_cmp "$HOME/before" "$HOME/after" &&
	[ -z "$(ls "$TMPDIR")" ]
}

# What a person reads after "hint:" as commands, one a line, to be run as they are.
commands_of() {
	sed -nE 's/^(hint:)? *(git .*)/\2/p' "$1"
}

# hop_model_of VERSION: the model here is that of VERSION: three files, and two links to them.
hop_model_of() {
	printf '%s\n' data.sql "metadata-$1.sql" metadata.sql "schema-$1.sql" schema.sql |
		sort >"$HOME/model.want" &&
	find .hop/model -mindepth 1 -printf "%f\n" | sort >"$HOME/model" &&
	test_cmp "$HOME/model.want" "$HOME/model" &&
	[ "$(readlink ".hop/model/schema-$1.sql")" = schema.sql ] &&
	[ "$(readlink ".hop/model/metadata-$1.sql")" = metadata.sql ]
}
