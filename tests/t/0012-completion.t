#!/bin/bash
# Completion in bash, alone and through git's own, and in zsh.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"

# A command with verbs, as our programs are.
mkdir bin || exit 99
cat >bin/git-hop-sample <<'END'
#!/bin/sh
case $1 in
--list-options) printf '%s\n' create list --verbose -v ;;
create) printf '%s\n' --description= -d --dry-run ;;
esac
END
chmod +x bin/git-hop-sample
PATH=$PATH:$TRASH/bin
mkdir -p bash-completion/completions &&
	cp "$HOP_SRCDIR/cmd/completion/git-hop.bash" bash-completion/completions/ || exit 99

# complete_bash WORD...: what bash offers for the last word, a line each, sorted.
complete_bash() {
	bash --norc -c '
		. "$1" && shift
		COMP_WORDS=("$@")
		COMP_CWORD=$(($# - 1))
		_git_hop_dashed
		printf "%s\n" "${COMPREPLY[@]}" | sort
	' bash "$HOP_SRCDIR/cmd/completion/git-hop.bash" "$@"
}

# complete_git WORD...: the same through the completion that git brings.
complete_git() {
	XDG_DATA_DIRS=$TRASH bash --norc -c '
		. /usr/share/bash-completion/bash_completion
		. /usr/share/bash-completion/completions/git
		COMP_WORDS=("$@")
		COMP_CWORD=$(($# - 1))
		COMP_LINE="$*"
		COMP_POINT=${#COMP_LINE}
		__git_wrap__git_main 2>/dev/null
		printf "%s\n" "${COMPREPLY[@]}" | sed "s/ *$//" | sort
	' bash "$@"
}

# complete_zsh WORD...: what the function hands to compadd.
complete_zsh() {
	zsh -f -c '
		compadd() {
			while [[ $1 != -- ]]; do shift; done
			shift
			print -l -- "$@"
		}
		_files() { : }
		file=$1 && shift
		words=("$@")
		CURRENT=$#
		PREFIX=${@[-1]}
		. $file
	' zsh "$HOP_SRCDIR/cmd/completion/_git-hop" "$@" | sed '/^$/d' | sort
}

for shell in bash zsh; do
	test_expect_success "$shell: commands, those of others too" '
		complete_$shell git-hop "" >out &&
		grep -x patch out &&
		grep -x sample out &&
		! grep -e - out
	'

	test_expect_success "$shell: the options of git hop" '
		complete_$shell git-hop --l >out &&
		grep -x -e --list-commands out
	'

	test_expect_success "$shell: verbs of a command" '
		complete_$shell git-hop sample "" >out &&
		printf "%s\n" create list >expect &&
		test_cmp expect out
	'

	test_expect_success "$shell: options of a command" '
		complete_$shell git-hop sample -- >out &&
		grep -x -e --verbose out &&
		! grep -x -e --dry-run out
	'

	test_expect_success "$shell: options of a verb" '
		complete_$shell git-hop sample create -- >out &&
		grep -x -e --description= out &&
		grep -x -e --dry-run out &&
		! grep -x -e --verbose out
	'

	test_expect_success "$shell: help takes a command" '
		complete_$shell git-hop help "" >out &&
		grep -x sample out
	'
done

test_expect_success 'bash: only what begins with the word' '
	complete_bash git-hop pa >out &&
	echo patch >expect &&
	test_cmp expect out
'

test_expect_success 'git completes git hop: commands, verbs, options' '
	complete_git git hop "" >out &&
	grep -x sample out &&
	complete_git git hop sample c >out &&
	echo create >expect &&
	test_cmp expect out &&
	complete_git git hop sample create --dr >out &&
	echo --dry-run >expect &&
	test_cmp expect out &&
	complete_git git -C . hop sample l >out &&
	echo list >expect &&
	test_cmp expect out
'

test_done
