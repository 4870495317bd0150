# bash completion for git hop. git's own completion loads this file for "git hop" and calls
# _git_hop; the programs themselves say what they take, so there is nothing to keep in step.

# The words that a program takes after its own name, or after one of its verbs.
__git_hop_words() {
	"$@" --list-options 2>/dev/null </dev/null
}

# Files of a value are left to readline; IDs and versions are read from the refs.
__git_hop_values() {
	local prefix
	case "$1 $2" in
	"patch merge" | "patch attach" | "patch detach" | "patch show" | "patch list")
		git for-each-ref --format='%(refname:lstrip=3)' 'refs/heads/ho-patch/*' 2>/dev/null
		;;
	"lock "*)
		git for-each-ref --format='%(refname:lstrip=3)' refs/hop/lock 2>/dev/null
		;;
	"release show" | "restore "* | "rollback "* | "upgrade "*)
		prefix=$(git show refs/heads/ho-prod:.hop/config 2>/dev/null |
			sed -n 's/^tagPrefix *= *//p')
		prefix=${prefix:-v}
		git for-each-ref --format='%(refname)' "refs/tags/$prefix*" 2>/dev/null |
			cut -c$((${#prefix} + 11))-
		;;
	esac
}

# __git_hop_complete CURRENT [WORD...]: fills COMPREPLY; WORD are those after "git hop".
__git_hop_complete() {
	local cur=$1 words
	shift
	case $# in
	0) words=$(git-hop --list-commands && git-hop --list-options | grep '^-') ;;
	1)
		if [ "$1" = help ]; then
			words=$(git-hop --list-commands)
		else
			words=$(__git_hop_words "git-hop-$1" && __git_hop_values "$1" "")
		fi
		;;
	*)
		if __git_hop_words "git-hop-$1" | grep -qx -e "$2"; then
			words=$(__git_hop_words "git-hop-$1" "$2" && __git_hop_values "$1" "$2")
		else
			words=$(__git_hop_words "git-hop-$1" && __git_hop_values "$1" "")
		fi
		;;
	esac
	if [ -z "$cur" ]; then
		words=$(printf '%s\n' "$words" | grep -v '^-')
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
	case ${COMPREPLY[0]-} in
	*=) compopt -o nospace 2>/dev/null ;;
	esac
}

# "git hop ...": git's completion has set cur, words and cword.
_git_hop() {
	local i=0 args=()
	while [ "${words[i]}" != hop ] && [ "$i" -lt "$cword" ]; do
		i=$((i + 1))
	done
	args=("${words[@]:i+1:cword-i-1}")
	__git_hop_complete "$cur" "${args[@]}"
}

# "git-hop ...", typed with the dash.
_git_hop_dashed() {
	__git_hop_complete "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[@]:1:COMP_CWORD-1}"
}
complete -o default -F _git_hop_dashed git-hop
