#!/bin/bash
# ./setup where it cannot do all by itself.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"

# as_user COMMAND...: as somebody who is not root.
as_user() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid nobody --regid nogroup --clear-groups -- "$@"
	else
		"$@"
	fi
}

test_expect_success 'white space in the path is said before anything is built' '
	mkdir "a b" && cp "$HOP_SRCDIR/setup" "a b" &&
	for verb in demo check bench install check-servers; do
		test_expect_code 128 "a b/setup" $verb 2>err &&
		test_grep "^fatal: .*a b.: the path contains white space" err || return
	done &&
	[ "$(ls -A "a b")" = setup ]
'

# Where no package is installed: as on a new machine.
test_expect_success 'without root and sudo: one line to paste, with all that is missing' '
	place=$(mktemp -d /tmp/hop-setup.XXXXXX) && test_when_finished "rm -r $place" &&
	cp "$HOP_SRCDIR/setup" $place && chmod 755 $place $place/setup && mkdir $place/bin &&
	for program in sh sed dirname id; do
		ln -s "$(command -v $program)" $place/bin/ || return
	done &&
	printf "#!/bin/sh\necho no >&2; exit 1\n" >$place/bin/dpkg-query &&
	printf "#!/bin/sh\necho \"\$@\" >>$place/ran\n" >$place/bin/apt-get &&
	printf "#!/bin/sh\necho \"  Depends: postgresql-99\"\n" >$place/bin/apt-cache &&
	chmod +x $place/bin/* && : >$place/ran && chmod 666 $place/ran &&
	test_expect_code 128 as_user env PATH=$place/bin $place/setup demo 2>err &&
	test_grep "^fatal: .*as root, run: apt-get update -q; .*apt-get install .* libpq-dev" err &&
	test_must_be_empty $place/ran &&
	mkdir $place/build && chmod 777 $place/build && ln -s "$(command -v rm)" \
		"$(command -v mkdir)" $place/bin/ &&
	test_expect_code 128 as_user env PATH=$place/bin $place/setup check 2>err &&
	test_grep "run: apt-get update.* libpq-dev .* valgrind .*postgresql-99-pgtap" err &&
	test_must_be_empty $place/ran &&
	sed -n "s/^fatal: .*as root, run: //p" err >line && test_line_count = 1 line &&
	PATH=$place/bin sh ./line && [ "$(sed -n 1p $place/ran)" = "update -q" ] &&
	test_grep "^install .* zsh" $place/ran
'

test_done
