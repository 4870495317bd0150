#!/bin/bash
# An origin that refuses, that cannot be reached, that cannot push atomically, whose answer is lost.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"
# shellcheck source=tests/lib/crash-lib.sh
. "$(dirname "$0")/../lib/crash-lib.sh"

# hook NAME: at origin, the script from standard input.
hook() {
	{ echo "#!/bin/sh" && cat; } >"origin.git/hooks/$1" &&
	chmod +x "origin.git/hooks/$1"
}

# Two commands that publish, each from where crash_save was called.
create() {
	git -C dev hop patch create --release 1.0.0 7-seven
}
promote() {
	git -C dev hop release promote prod
}

test_expect_success 'one release ready, another with a patch that is ready' '
	hop_project dev &&
	cd dev &&
	git hop release create minor &&
	hop_patch 1-one "create table one (a int);" &&
	git hop patch merge &&
	git hop release create major &&
	hop_patch 2-two "create table two (a int);" &&
	cd .. && crash_save
'

# unchanged STATUS COMMAND: ends with STATUS, and nothing is another than before.
unchanged() {
	hop_state dev >state.before && git_refs origin.git >refs.before &&
	test_expect_code "$1" "$2" 2>err &&
	hop_state dev >state.after && git_refs origin.git >refs.after &&
	test_cmp state.before state.after && test_cmp refs.before refs.after &&
	crash_clean
}

test_expect_success 'a hook refuses: exit 1, its words are shown, nothing has changed' '
	for command in create promote; do
		crash_back && echo "echo not on a Friday >&2; exit 1" | hook pre-receive &&
		unchanged 1 $command &&
		test_grep "not on a Friday" err &&
		test_grep "refused the push" err || return
	done
'

test_expect_success 'a hook refuses one of the refs: none moves' '
	crash_back &&
	echo "case \$1 in refs/hop/*) echo no such names here >&2; exit 1 ;; esac" | hook update &&
	unchanged 1 create &&
	test_grep "no such names here" err &&
	crash_back &&
	echo "case \$1 in refs/tags/*) echo no tags here >&2; exit 1 ;; esac" | hook update &&
	unchanged 1 promote &&
	test_grep "no tags here" err
'

test_expect_success 'the origin is away: exit 128, and later it works' '
	for command in create promote; do
		crash_back && mv origin.git away &&
		git_refs dev >refs.before &&
		test_expect_code 128 $command 2>err &&
		git_refs dev >refs.after && test_cmp refs.before refs.after &&
		test_grep "cannot fetch from .origin." err &&
		mv away origin.git && crash_clean && $command || return
	done
'

test_expect_success 'an origin that cannot push atomically: said, nothing has changed' '
	for command in create promote; do
		crash_back && git -C origin.git config receive.advertiseAtomic false &&
		unchanged 128 $command &&
		test_grep "cannot push atomically" err &&
		test_grep "hint: nothing was changed; use a remote" err || return
	done
'

# The answer is lost: what the command says of it, and the state, are as if it had come.
for command in create promote; do
	test_expect_success "origin dies after it took the push: $command sees that it happened" '
		crash_back && $command && crash_read_shared >shared.new && crash_back &&
		echo "kill -9 \$PPID" | hook post-receive &&
		$command 2>err && cat err &&
		crash_read_shared >shared.now && test_cmp shared.new shared.now &&
		crash_clean && crash_followed
	'
	test_expect_success "the connection ends before the answer comes: $command" '
		crash_back &&
		cat >lossy <<-\END && chmod +x lossy &&
		#!/usr/bin/perl
		# What a client sends reaches origin; of what comes back, only the refs do.
		open(my $origin, "-|", "git", "receive-pack", $ARGV[0]) or die;
		my ($said, $byte) = ("", "");
		$| = 1;
		while ($said !~ /\n0000\z/ && sysread($origin, $byte, 1)) {
			$said .= $byte;
			print $byte;
		}
		1 while sysread($origin, $byte, 4096);
		exit 1;
		END
		git -C dev config remote.origin.receivepack "\"$PWD/lossy\"" &&
		$command 2>err && cat err &&
		crash_read_shared >shared.now && test_cmp shared.new shared.now &&
		crash_clean && crash_followed
	'
done

test_expect_success 'the answer is lost and origin is away: not known, and said so' '
	crash_back && mkdir hidden &&
	hook post-receive <<-END &&
	mv "$PWD/origin.git" "$PWD/hidden/"
	kill -9 \$PPID
	END
	test_expect_code 128 create 2>err &&
	test_grep "may have accepted the push, completely or not at all: git fetch" err &&
	! grep "nothing was changed" err &&
	mv hidden/origin.git . && rm origin.git/hooks/post-receive &&
	test_expect_code 1 create 2>err &&
	test_grep "the number 7 is taken by patch .7-seven." err &&
	git -C dev hop patch create --release 1.0.0 8-eight &&
	crash_clean && crash_followed
'

test_expect_success 'origin dies before it took the push: nothing has changed, and it says so' '
	crash_back && echo "kill -9 \$PPID" | hook pre-receive &&
	unchanged 128 promote &&
	test_grep "cannot push to .origin." err &&
	test_grep "nothing was promoted" err &&
	rm origin.git/hooks/pre-receive && promote
'

test_done
