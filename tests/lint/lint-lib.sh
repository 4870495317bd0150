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

# judges PROGRAM VERSION: does what PROGRAM finds count? Another version formats in another way and
# finds other things, so what it finds is shown and is no fault.
judges() {
	version=$("$1" --version | grep -o '[0-9][0-9.]*' | head -n 1)
	case $version in
	"$2" | "$2".*) return 0 ;;
	esac
	echo "note: $1 $2 would be the judge here, and this is $version: what it finds is no fault"
	return 1
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
