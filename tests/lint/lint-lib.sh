# shellcheck shell=sh
# What lints share; they run in the root of the sources.

faults=0

# fault FILE[:LINE] MESSAGE
fault() {
	printf '%s: %s\n' "$1" "$2"
	faults=$((faults + 1))
}

# forbid PATTERN MESSAGE FILE...: an extended regular expression that must match no line.
forbid() {
	pattern=$1
	message=$2
	shift 2
	if grep -nHE -e "$pattern" -- "$@"; then
		fault "^ in the lines above" "$message"
	fi
}

# The programs, as the makefile lists them.
programs() {
	sed -n 's,^[[:space:]]*cmd/\(git-hop[a-z-]*\)\( \\\)*$,\1,p' cmd/cmd.am
}

c_files() {
	find lib cmd tests -name '*.[ch]' | sort
}

# Everything that people write in shell.
shell_files() {
	echo setup
	echo .ci/run
	find cmd/completion -name '*.bash'
	find tests -type f | sort | while IFS= read -r file; do
		case $file in
		*.sh) echo "$file" ;;
		*) head -n 1 "$file" | grep -qE '^#!.*sh$' && echo "$file" ;;
		esac
	done
}

lint_done() {
	[ "$faults" -eq 0 ]
	exit
}
