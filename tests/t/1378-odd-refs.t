#!/bin/bash
# Refs of git hop's that name no commit, and hostile values of HOP_DATABASE.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

test_expect_success 'a project, and refs that git hop does not make' '
	hop_project p && cd p && git hop release create minor && merged 1 "select 1;" &&
	git hop release promote rc && blob=$(echo x | git hash-object -w --stdin) &&
	tag=$(printf "object %s\ntype tree\ntag x\ntagger A <a@b> 0 +0000\n\nx\n" \
		"$(git rev-parse "HEAD^{tree}")" | git mktag) &&
	git push -q --no-verify origin "$blob:refs/hop/patch/77" "$tag:refs/hop/patch/78" \
		"+$blob:refs/hop/patch/1" ho-prod:refs/heads/ho-release/999999.999999.999999 \
		"$blob:refs/tags/v0.0.1" "$tag:refs/tags/v0.1.0-rc2" &&
	git tag -d v0.1.0-rc1 && git fetch -q --prune &&
	git push -q --no-verify --force origin "$tag:refs/tags/v0.1.0-rc1" &&
	git fetch -q --tags --force
'
[ -d "$TRASH/p" ] && cd "$TRASH/p" || exit 99

test_expect_success 'they are named in words of git hop' '
	for n in 77 78; do
		test_expect_code 1 git hop patch create --release=0.1.0 $n 2>../err &&
		test_grep "number $n is reserved by .refs/hop/patch/$n., which names no commit" \
			../err && test_grep "hint: .*git hop check" ../err || return
	done &&
	for command in status "release list" "patch list" "patch show 1" "release graph" \
		"check -n" \
		"restore 0.1.0-rc1" "release promote prod --dry-run" \
		"patch create 79 --release=0.1.0"; do
		# shellcheck disable=SC2086
		git hop $command >../out 2>../err </dev/null || cat ../err &&
		! grep -iE "requested type|ODB|object not found" ../out ../err || return
	done &&
	test_expect_code 1 git hop restore 0.1.0-rc1 2>../err &&
	test_grep "the tag .v0.1.0-rc1. does not count: it names no commit" ../err
'

test_expect_success 'check names each, with commands that delete it' '
	test_expect_code 1 git hop check --porcelain >../out &&
	for ref in refs/hop/patch/1 refs/hop/patch/77 refs/hop/patch/78 \
		refs/tags/v0.0.1 refs/tags/v0.1.0-rc2; do
		grep "ref-kind.*$ref" ../out || return
	done &&
	test_expect_code 1 git hop check >../text 2>&1 &&
	sed -n "s/^.*\(git push origin :refs.*\|git update-ref -d refs.*\)/\1/p" \
		../text >../lines &&
	test_line_count = 12 ../lines && sh -e ../lines &&
	git push -q --no-verify origin :ho-release/999999.999999.999999 && git hop check &&
	git hop patch create --release=0.1.0 77
'

escape=$(printf '\033')
return=$(printf '\r')
broken=$(printf 'x\nforged%s]0;%s' "$escape" "$return")

# hostile VALUE: with it as HOP_DATABASE, nothing runs, and neither password nor escape is shown.
hostile() {
	local command
	for command in status check "patch apply" "upgrade --yes" "backup list" "restore"; do
		# shellcheck disable=SC2086
		HOP_DATABASE=$1 HOP_TRACE=$TRASH/trace timeout 60 git hop $command \
			>../out 2>&1 </dev/null
		if cat ../out ../trace | grep -aE "sEcReT|$escape|$return" ||
			grep "^forged" ../out || [ -n "$(ls "$TRASH/open")" ]; then
			echo "$command: $1" && return 1
		fi
	done
}

test_expect_success 'HOP_DATABASE reaches no shell, and its password no message' '
	mkdir ../open && run="touch $TRASH/open/x" && here="host=$HOP_TEST_PGHOST user=postgres" &&
	db=$(pg_name d) &&
	for value in "\$($run)" "\`$run\`" "; $run" "| $run" "-h; $run" "dbname=x; $run" \
		"$here dbname='\''\$($run)'\''" "$here dbname='\''%s%n%s'\''" "%s%n" \
		"postgresql://u:sEcReT@/x?host=/nowhere" " postgresql://u:sEcReT@h/x" \
		"POSTGRESQL://u:sEcReT@h/x" "u:sEcReT@h/x" "postgresql://u:sEc@ReT@h/sEcReT" \
		"host=/nowhere password=sEcReT dbname=x" "$here password=sEcReT dbname=$db" \
		"$here password='\''sEcReT" "dbname=postgresql://u:sEcReT@h/x" \
		"$here dbname=$db sslpassword=sEcReT" \
		"$here dbname=postgres options='\''-c search_path=x -c role=sEc'\''" \
		"$here dbname=postgres options='\''-c log_statement=all; $run'\''" \
		"$here dbname='\''$broken'\''" "$broken"; do
		hostile "$value" || return
	done
'

test_expect_success 'the password in the URL of a remote reaches no message and no trace' '
	rm -f ../trace &&
	for url in https://u:sEcReT@127.0.0.1:9/x "ftp://u:sEc:ReT@h@127.0.0.1:9/x"; do
		! HOP_TRACE=$TRASH/trace git hop clone -v "$url" ../far >../out 2>&1 &&
		test_grep "u:\*\*\*@127" ../trace && ! grep -a "sEc" ../out ../trace || return
	done && export PGDATABASE=postgresql://u:sEcReT@h/x && hostile host=/nowhere &&
	unset PGDATABASE
'

test_expect_success 'a service file may hold the password; its name and host may be hostile' '
	printf "[s]\nhost=%s\nuser=postgres\ndbname=%s\npassword=sEcReT\n" "$HOP_TEST_PGHOST" \
		"$(pg_name d)" >"$HOME/.pg_service.conf" && hostile service=s &&
	printf "[s]\nhost=/nowhere/\033[2J\nuser=u\ndbname=\$(touch x)\npassword=sEcReT\n" \
		>"$HOME/.pg_service.conf" && hostile service=s && test_path_is_missing x
'

test_done
