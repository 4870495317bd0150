#!/bin/bash
# Origin's refs are the truth, whoever fetched: what a fetch leaves behind is not believed.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# What b says of releases in preparation, one version a line.
open_in_b() {
	git -C b hop status --json >"$HOME/json" &&
		hop_json "$HOME/json" "'\n'.join(r['version'] for r in d.get('release', []))"
}

test_expect_success 'two clones, the second of which keeps what is deleted' '
	hop_project a && hop_clone b && git -C b config remote.origin.prune false &&
	(cd a && git hop release create minor && merged 1-users "create table users (i int);") &&
	git -C b fetch -q && [ "$(open_in_b)" = 0.1.0 ]
'

test_expect_success 'a promoted release is over, though a plain fetch leaves its branch behind' '
	(cd a && git hop release promote prod) &&
	git -C b pull -q && git -C b rev-parse -q --verify refs/remotes/origin/ho-release/0.1.0 &&
	[ -z "$(open_in_b)" ] &&
	git -C b hop status >out && test_grep "^production  *0\.1\.0$" out &&
	! grep hotfix out &&
	git -C b hop release list --porcelain >out && test_line_count = 3 out &&
	git -C b hop release graph >out && ! grep -i hotfix out
'

test_expect_success 'what works on that release says so without the network of origin' '
	git -C b remote set-url origin "$PWD/gone.git" &&
	test_expect_code 1 git -C b hop release show 0.1.0-hotfix1 2>err &&
	git -C b remote set-url origin "$TRASH/origin.git"
'

test_expect_success 'a hotfix that is really open is one, also beside the stale branch' '
	(cd a && git hop release hotfix) && git -C b fetch -q &&
	[ "$(open_in_b)" = 0.1.0-hotfix1 ] &&
	(cd a && merged 2-fix "create table fix (i int);" && git hop release promote hotfix) &&
	git -C b pull -q && [ -z "$(open_in_b)" ]
'

test_expect_success 'a command that fetches removes what origin no longer has' '
	git -C b hop check >/dev/null &&
	test_must_fail git -C b rev-parse -q --verify refs/remotes/origin/ho-release/0.1.0
'

test_expect_success 'without a remote the local branches count' '
	git init -q --initial-branch=ho-prod lone && hop_database lone lone &&
	(cd lone && git hop init --test= && git hop release create minor &&
		merged 1-a "create table a (i int);" && git hop release promote prod &&
		git hop status >../out && ! grep "^remote" ../out &&
		git hop status --json >../json) &&
	[ "$(hop_json json "d.get(\"release\", [])")" = "[]" ]
'

test_expect_success 'init and clone make a plain fetch prune, unless the user chose otherwise' '
	[ "$(git -C a config remote.origin.prune)" = true ] &&
	[ "$(git -C b config remote.origin.prune)" = false ] &&
	HOP_DATABASE=$(pg_conninfo "$(pg_name c)") git hop clone origin.git c &&
	[ "$(git -C c config remote.origin.prune)" = true ] &&
	test_when_finished "git config --global --unset fetch.prune" &&
	git config --global fetch.prune false &&
	HOP_DATABASE=$(pg_conninfo "$(pg_name d)") git hop clone origin.git d &&
	test_must_fail git -C d config remote.origin.prune
'

test_expect_success 'check sets it in a plain clone, once' '
	git clone -q origin.git plain && hop_database plain plain &&
	git -C plain hop check --dry-run --porcelain >out && test_grep "prune" out &&
	test_must_fail git -C plain config remote.origin.prune &&
	git -C plain hop check >out && test_grep "remote.origin.prune" out &&
	[ "$(git -C plain config remote.origin.prune)" = true ] &&
	git -C plain hop check --porcelain >out && ! grep prune out
'

# fetched CLONE: the time that status gives, as seconds.
fetched() {
	git -C "$1" hop status --json >"$HOME/json" &&
		hop_json "$HOME/json" "d['remote'][0]['fetched']"
}

test_expect_success 'status says when origin was last asked: by hop, or by git' '
	touch -d "2020-01-01 00:00:00 UTC" b/.git/hop/fetched b/.git/FETCH_HEAD &&
	[ "$(fetched b)" = 1577836800 ] &&
	git -C b hop status >out &&
	test_grep "^remote  *origin, last fetched [0-9]* days ago$" out &&
	git -C b fetch -q && [ "$(fetched b)" -gt 1577836800 ] &&
	touch -d "2020-01-01 00:00:00 UTC" b/.git/FETCH_HEAD &&
	git -C b hop lock && [ "$(fetched b)" -gt 1577836800 ] &&
	git -C b hop status >out &&
	test_grep "^remote  *origin, last fetched .*\(ago\|just now\)$" out
'

test_expect_success 'a clone that never fetched says so' '
	git clone -q origin.git fresh && hop_database fresh fresh &&
	git -C fresh hop status >out && test_grep "^remote  *origin, never fetched$" out &&
	git -C fresh hop status --porcelain >out && test_grep "^remote	origin	0$" out
'

test_done
