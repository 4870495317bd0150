#!/bin/bash
# SIGTERM, SIGINT and SIGHUP while tests run or while a push is under way.
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

wait_for() {
	while [ ! -s "$1" ]; do
		[ -e "/proc/$pid" ] || [ -s "$1" ] || return
		sleep 0.05
	done
}

# alive PID: a zombie that nobody waits for is not.
alive() {
	grep -q "^State:[[:space:]]*[^ZX[:space:]]" "/proc/$1/status" 2>/dev/null
}

# start COMMAND...: in dev, as a shell with job control would; its process is $pid.
start() {
	rm -f "$HOME/started"
	(cd dev && exec env --default-signal=INT,TERM,HUP "$@" 2>../err) &
	pid=$!
}

# ends STATUS: that of the command which was started.
ends() {
	local got=0
	wait "$pid" || got=$?
	[ "$got" -eq "$1" ] || crash_fail "expected exit status $1, got $got: $(cat err)"
}

test_expect_success 'a patch that is merged, and one whose tests take their time' '
	hop_project dev --test= &&
	cd dev &&
	git hop release create minor &&
	hop_patch 1-one "create table one (a int);" &&
	git hop patch merge &&
	git hop patch create 2-two &&
	cat >tests.sh <<-\END &&
	while [ -e "$HOME/slow" ]; do
		echo "$$" >"$HOME/started"
		sleep 0.1
	done
	END
	sed -i "s/^command *=.*/command = sh tests.sh/" .hop/config &&
	git add . && git commit -q -m "Test slowly" &&
	hop_sql 01.sql "create table two (a int);" &&
	cd .. && crash_save && touch "$HOME/slow"
'

# nothing_done: what there was, and nothing else, without another command.
nothing_done() {
	hop_state dev >state.now &&
	test_cmp state.before state.now &&
	crash_clean
}

for signal in TERM INT HUP; do
	number=$(kill -l $signal)
	test_expect_success "SIG$signal while tests run: exit $((128 + number)), nothing is left" '
		hop_state dev >state.before &&
			start git-hop-patch merge && wait_for "$HOME/started" &&
		kill -$signal $pid && ends $((128 + number)) &&
		test_grep "stopped by signal $number" err &&
		test_grep "patch .2-two. was not merged; nothing was changed" err &&
		nothing_done && ! alive "$(cat "$HOME/started")"
	'
done

test_expect_success 'tests that do not care for signals are killed' '
	cp -a dev dev.kept && test_when_finished "rm -rf dev && mv dev.kept dev" &&
	(
		cd dev &&
		printf "%s\n" "trap : TERM" "echo \$\$ >\"\$HOME/started\"" \
			"sh -c \"trap : TERM; while :; do sleep 1; done\"" >tests.sh &&
		git commit -q -a -m "Stubborn"
	) &&
	hop_state dev >state.before &&
	start git-hop-patch merge && wait_for "$HOME/started" &&
	kill -TERM $pid && ends 143 &&
	nothing_done && ! alive "$(cat "$HOME/started")"
'

test_expect_success 'SIGTERM while the release is tested for production' '
	rm "$HOME/slow" &&
	(cd dev && git hop patch merge) && touch "$HOME/slow" &&
	hop_state dev >state.before &&
	start git-hop-release promote prod && wait_for "$HOME/started" &&
	kill -TERM $pid && ends 143 &&
	test_grep "nothing was promoted" err &&
	nothing_done
'

test_expect_success 'kill -9 while tests run: the next command removes what is left' '
	start git-hop-release promote prod && wait_for "$HOME/started" &&
	kill -9 $pid && ends 137 &&
	rm "$HOME/slow" &&
	(cd dev && git hop release promote prod) &&
	crash_clean && git -C dev rev-parse v0.1.0
'

# At origin the push waits until the command has got its signal.
hook() {
	cat >"origin.git/hooks/$1" &&
	chmod +x "origin.git/hooks/$1"
}

slow_hook() {
	rm -f here go &&
	hook pre-receive <<-END
	#!/bin/sh
	echo \$PPID >"$PWD/here"
	while [ ! -e "$PWD/go" ]; do sleep 0.1; done
	END
}

test_expect_success 'SIGTERM while the push is under way: it happens, and the command says so' '
	(cd dev && git hop release create minor) && crash_save &&
	slow_hook &&
	start git-hop-patch create 3-three && wait_for here &&
	kill -TERM $pid && touch go && ends 0 &&
	test_grep "^created patch .3-three." err &&
	[ "$(git -C dev symbolic-ref --short HEAD)" = ho-patch/3-three ] &&
	git -C origin.git rev-parse refs/hop/patch/3 ho-patch/3-three &&
	crash_clean && crash_followed
'

test_expect_success 'and one that never ends is cut off: the command says that it does not know' '
	slow_hook &&
	start git-hop-patch create --release 0.2.0 4-four && wait_for here &&
	kill -TERM $pid && ends 143 &&
	test_grep "may have accepted the push, completely or not at all: git fetch" err &&
	! grep "nothing was changed" err &&
	touch go && while alive "$(cat here)"; do sleep 0.1; done &&
	rm origin.git/hooks/pre-receive &&
	(cd dev && git hop status && git hop patch create --release 0.2.0 5-five) &&
	crash_clean && crash_followed && crash_fsck origin.git
'

test_expect_success 'kill -9 while the push is under way, of git as well: whole or not at all' '
	slow_hook &&
	start git-hop-patch create --release 0.2.0 14-killed && wait_for here &&
	kill -9 $pid $(cat /proc/$pid/task/$pid/children) && ends 137 && touch go &&
	while alive "$(cat here)"; do sleep 0.1; done && rm origin.git/hooks/pre-receive &&
	git -C origin.git for-each-ref refs/hop/patch/14 refs/heads/ho-patch/14-killed >refs &&
	{ [ ! -s refs ] || test_line_count = 2 refs; } &&
	(cd dev && git hop patch create --release 0.2.0 15-after) &&
	crash_clean && crash_followed && crash_fsck origin.git
'

# here_hook: one for the ref transactions of dev, in the moment before they happen.
here_hook() {
	cat >dev/.git/hooks/reference-transaction <<-END &&
	#!/bin/sh
	[ "\$1" = prepared ] || exit 0
	grep -q "refs/heads/ho-patch/" || exit 0
	echo \$PPID >"$PWD/here"
	while [ ! -e "$PWD/go" ]; do sleep 0.1; done
	END
	chmod +x dev/.git/hooks/reference-transaction &&
	rm -f here go
}

test_expect_success 'SIGTERM in the ref transaction of a project without a remote: it happens' '
	git -C dev remote remove origin && git -C dev config hop.remote "" && rm -rf origin.git &&
	git -C dev switch -q ho-release/0.2.0 && here_hook &&
	start git-hop-patch create 6-six && wait_for here &&
	kill -TERM $pid && touch go && ends 0 &&
	[ "$(git -C dev symbolic-ref --short HEAD)" = ho-patch/6-six ] &&
	crash_clean && crash_followed
'

test_expect_success 'a ref transaction that is killed: the checkout is as it was' '
	git -C dev switch -q ho-release/0.2.0 &&
	hop_state dev >state.before &&
	here_hook &&
	start git-hop-patch create 7-seven && wait_for here &&
	kill -TERM $pid && kill -9 "$(cat here)" && touch go && ends 143 &&
	find dev/.git -name "*.lock" -delete &&
	nothing_done &&
	rm dev/.git/hooks/reference-transaction &&
	(cd dev && git hop patch create 7-seven) && crash_followed
'

test_done
