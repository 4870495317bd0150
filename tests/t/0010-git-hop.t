#!/bin/bash
# The dispatcher.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"

# A command that others put on PATH, and a man that says which page it was asked for.
mkdir bin 'some dir' || exit 99
cat >bin/git-hop-other <<'END'
#!/bin/sh
echo "other in $PWD:" "$@"
exit "${OTHER_STATUS-0}"
END
cat >bin/man <<'END'
#!/bin/sh
echo "man $*"
END
chmod +x bin/git-hop-other bin/man
touch bin/git-hop-not-executable
mkdir bin/git-hop-folder
PATH=$PATH:$TRASH/bin
mkdir man && cp bin/man man/ && MAN_PATH=$TRASH/man:$PATH

test_expect_success '-h and help list every command with a line' '
	git hop -h >out 2>err &&
	test_must_be_empty err &&
	git hop help >out.help &&
	test_cmp out out.help &&
	for name in $(git hop --list-commands)
	do
		[ "$name" = other ] || test_grep "^    $name .* [a-z]" out || return 1
	done
'

test_expect_success 'no command: the usage on standard error, 129' '
	test_expect_code 129 git hop >out 2>err &&
	test_must_be_empty out &&
	test_grep "^usage: git hop" err &&
	test_grep "^    init " err
'

test_expect_success '--version' '
	git hop --version >out &&
	grep -E "^git hop version [0-9]+\.[0-9]+\.[0-9]+$" out
'

test_expect_success '--list-commands is sorted, each name once, and knows those on PATH' '
	PATH=$PATH:$TRASH/bin git hop --list-commands >out &&
	LC_ALL=C sort -u out >expect &&
	test_cmp expect out &&
	grep -x other out &&
	! grep -E "folder|not-exec" out
'

test_expect_success 'a command on PATH gets its arguments and its exit status is ours' '
	OTHER_STATUS=37 test_expect_code 37 git hop other "a b" --flag >out &&
	echo "other in $PWD: a b --flag" >expect &&
	test_cmp expect out
'

test_expect_success '-C changes the folder, several times' '
	mkdir -p "some dir/deep" &&
	git hop -C "some dir" -C deep other >out &&
	echo "other in $PWD/some dir/deep:" >expect &&
	test_cmp expect out &&
	test_expect_code 128 git hop -C absent other 2>err &&
	test_grep "cannot change to .absent." err
'

test_expect_success 'a program beside git-hop comes before one on PATH' '
	mkdir prefix &&
	cp "$HOP_BUILDDIR/cmd/git-hop" prefix/ &&
	printf "#!/bin/sh\necho beside\n" >prefix/git-hop-other &&
	chmod +x prefix/git-hop-other &&
	PATH=$TRASH/bin:$PATH prefix/git-hop other >out &&
	echo beside >expect &&
	test_cmp expect out
'

test_expect_success 'an unknown command names the nearest ones' '
	test_expect_code 129 git hop relase 2>err &&
	test_grep "^fatal: .relase. is not a git hop command" err &&
	test_grep "did you mean .git hop release." err &&
	test_expect_code 129 git hop otehr 2>err &&
	test_grep "did you mean .git hop other." err &&
	test_expect_code 129 git hop xyzzyxyzzy 2>err &&
	! grep "did you mean" err &&
	test_expect_code 129 git hop ../bin/man &&
	test_expect_code 129 git hop ""
'

test_expect_success 'a bad option is 129' '
	test_expect_code 129 git hop --no-such 2>err &&
	test_grep "unknown option .--no-such." err &&
	test_expect_code 129 git hop -C 2>err &&
	test_grep "requires a value" err
'

test_expect_success 'help X and --help open the manual' '
	PATH=$MAN_PATH git hop help other >out &&
	echo "man git-hop-other" >expect &&
	test_cmp expect out &&
	PATH=$MAN_PATH git hop help hop-project >out &&
	echo "man hop-project" >expect &&
	test_cmp expect out &&
	PATH=$MAN_PATH git-hop --help >out &&
	echo "man git-hop" >expect &&
	test_cmp expect out &&
	test_expect_code 129 git hop help relase 2>err &&
	test_grep "did you mean" err
'

test_expect_success 'git hop loads little more than the C library' '
	ldd "$HOP_BUILDDIR/cmd/git-hop" >out &&
	! grep -E "libpq|libgit2|libjansson|libinih" out
'

test_done
