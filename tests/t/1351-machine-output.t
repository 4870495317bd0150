#!/bin/bash
# What a program reads: release list and show, patch list and show, status.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

# at DAY COMMAND...: with commits of that day at noon in UTC.
at() {
	local time="$1T12:00:00Z"
	shift
	GIT_AUTHOR_DATE=$time GIT_COMMITTER_DATE=$time "$@"
}

noon() {
	date -d "$1T12:00:00Z" +%s
}

# patch ID FIELD; release VERSION FIELD: of the JSON of list.
patch() {
	git hop patch list --json >"$HOME/json" &&
		hop_json "$HOME/json" "[p for p in d['patch'] if p['id'] == '$1'][0]['$2']"
}

release() {
	git hop release list --json >"$HOME/json" &&
		hop_json "$HOME/json" "[r for r in d['release'] if r['version'] == '$1'][0]['$2']"
}

# same COMMAND...: both forms of it hold the same kinds, records, fields and values.
same() {
	"$@" --porcelain >"$HOME/porcelain" && "$@" --json >"$HOME/json" &&
	python3 - "$HOME/porcelain" "$HOME/json" <<-'PY'
		import json, re, sys
		lines = open(sys.argv[1], newline="\n").read().split("\n")
		d = json.load(open(sys.argv[2]))
		assert lines.pop() == "" and lines[0] == "# git-hop %s 1" % d["command"], lines[0]
		assert d["version"] == 1
		def value(text):
		    if text == "-":
		        return None
		    if not text.startswith('"'):
		        return text
		    text = text[1:-1].encode().decode("unicode_escape")
		    return text.encode("latin-1").decode()
		def text(v):
		    return v if v is None or isinstance(v, str) else json.dumps(v)
		seen = {}
		for line in lines[1:]:
		    kind, *fields = line.split("\t")
		    record = d[kind][seen.get(kind, 0)]
		    seen[kind] = seen.get(kind, 0) + 1
		    assert [value(f) for f in fields] == [text(v) for v in record.values()], line
		assert all(len(v) == seen[k] for k, v in d.items() if isinstance(v, list))
	PY
}

# described PAGE KIND: the fields of KIND that the page describes, in order.
described() {
	awk -v kind=".It Cm $2" '
		$0 == kind { inside = 1; next }
		!inside { next }
		/^\.Bl/ { depth++; next }
		/^\.El/ { if (--depth <= 0) exit; next }
		/^\.It/ && depth == 0 { exit }
		/^\.It/ { print $3 }
	' "$HOP_SRCDIR/man/$1"
}

test_expect_success 'releases and patches of certain days' '
	hop_project a && cd a &&
	at 2026-01-05 git hop release create minor &&
	at 2026-01-06 hop_patch 1-users "create table users (i int);" -d "Who they are" &&
	at 2026-01-07 git hop patch merge &&
	at 2026-01-08 hop_patch 2-orders "create table orders (i int);" --release 0.1.0 &&
	at 2026-01-09 git commit -q --allow-empty -m "Think" &&
	at 2026-01-10 hop_patch 3 "select 3" --release 0.1.0 &&
	at 2026-01-12 git hop release create major
'
cd "$TRASH/a" || exit 99

test_expect_success 'both forms say the same, and a new field is one more at the end' '
	same git hop release list && same git hop release show && same git hop release show 0.0.0 &&
	same git hop patch list && same git hop patch show 1-users &&
	same git hop patch show 2-orders && same git hop status
'

test_expect_success 'the pages describe each field, in this order' '
	git hop release list --json >../json &&
	hop_json ../json "\"\\n\".join(d[\"release\"][0])" >../out &&
	described git-hop-release.1 release >../expect && test_cmp ../expect ../out &&
	git hop patch show --json 1-users >../json &&
	hop_json ../json "\"\\n\".join(d[\"patch\"][0])" >../out &&
	described git-hop-patch.1 patch >../expect && test_cmp ../expect ../out &&
	git hop status --json >../json &&
	for kind in project checkout database; do
		hop_json ../json "\"\\n\".join(d[\"$kind\"][0])" >../out &&
		described git-hop-status.1 $kind >../expect && test_cmp ../expect ../out || return
	done
'

test_expect_success 'ages: when a patch was started, when its branch last changed, by whom' '
	[ "$(patch 2-orders created)" = "$(noon 2026-01-08)" ] &&
	[ "$(patch 2-orders updated)" = "$(noon 2026-01-09)" ] &&
	[ "$(patch 1-users created)" = "$(noon 2026-01-06)" ] &&
	[ "$(patch 2-orders author)" = "$(git config user.name)" ] &&
	[ "$(patch 1-users title)" = "Who they are" ] && [ "$(patch 3 title)" = None ] &&
	[ "$(release 0.1.0 created)" = "$(noon 2026-01-05)" ] &&
	[ "$(release 0.1.0 since)" = "$(noon 2026-01-10)" ] &&
	[ "$(release 0.0.0 created)" = 0 ]
'

test_expect_success 'positions are those that git counts, commits not pushed yet included' '
	[ "$(patch 2-orders ahead)" = \
		"$(git rev-list --count origin/ho-release/0.1.0..ho-patch/2-orders)" ] &&
	[ "$(patch 2-orders behind)" = \
		"$(git rev-list --count ho-patch/2-orders..origin/ho-release/0.1.0)" ] &&
	[ "$(patch 2-orders behind)" -gt 0 ] &&
	[ "$(patch 2-orders commit)" = "$(git rev-parse ho-patch/2-orders)" ] &&
	[ "$(patch 1-users ahead)" = 0 ] &&
	[ "$(release 0.1.0 ahead)" = \
		"$(git rev-list --count origin/ho-prod..origin/ho-release/0.1.0)" ] &&
	[ "$(release 0.1.0 lacks)" = 0 ] && [ "$(release 0.1.0 behind)" = False ]
'

test_expect_success 'a release that lacks a commit of ho-prod, and since when it has been open' '
	git switch -q ho-prod && git commit -q --allow-empty -m "By hand" --no-verify &&
	git push -q --no-verify &&
	[ "$(release 0.1.0 lacks)" = 1 ] && [ "$(release 0.1.0 behind)" = True ] &&
	[ "$(release 0.1.0 created)" = "$(noon 2026-01-05)" ] &&
	git switch -q ho-release/0.1.0 && git pull -q &&
	at 2026-01-20 git merge -q --no-edit origin/ho-prod && git push -q &&
	[ "$(release 0.1.0 lacks)" = 0 ] && [ "$(release 0.1.0 created)" = "$(noon 2026-01-05)" ]
'

test_expect_success 'the script of the page: every candidate older than a week' '
	git hop patch list --porcelain | awk -F "\t" -v now="$(noon 2026-01-16)" '\''
		$1 == "patch" && $4 == "candidate" && now - $8 > 7 * 86400 { print $2 }
	'\'' >../out && echo 2-orders >../expect && test_cmp ../expect ../out
'

test_expect_success 'a title and a name with anything in it' '
	git switch -q ho-patch/3 &&
	printf "# 3\n\n  a\ttab \\\\t \033[31mred \302\233 <&> \"q\" \$HOME\nmore\n" \
		>Patches/3/README.md && git commit -qam Title &&
	git hop patch show --json 3 >../json &&
	[ "$(hop_json ../json "d[\"patch\"][0][\"title\"]")" = \
		"$(printf "a\ttab \\\\t \033[31mred \302\233 <&> \"q\" \$HOME")" ] &&
	same git hop patch list && same git hop status && same git hop release show 0.1.0 &&
	git hop patch show 3 >../out && ! grep "$(printf "\033")" ../out &&
	! LC_ALL=C grep "$(printf "\233")" ../out && test_grep "red" ../out &&
	printf "\377\376 not UTF-8\n" >Patches/3/README.md && git commit -qam Bytes &&
	git hop patch show --json 3 >../json && hop_json ../json "d[\"patch\"][0][\"title\"]" &&
	printf "# only a heading\n\n\n" >Patches/3/README.md && git commit -qam None &&
	[ "$(patch 3 title)" = None ] &&
	git rm -q Patches/3/README.md && git commit -qm Gone && [ "$(patch 3 title)" = None ]
'

test_expect_success 'a branch that somebody deleted at origin, and a number nobody reserved' '
	git push -q origin :ho-patch/3 && git switch -q ho-prod && git branch -D ho-patch/3 &&
	git fetch -q --prune && same git hop patch list && [ "$(patch 3 branch)" = None ] &&
	[ "$(patch 3 commit)" = None ] && [ "$(patch 3 updated)" = 0 ] &&
	git hop patch show 3 >../out && test_grep "^state *candidate" ../out &&
	git update-ref -d refs/hop/patch/3 && [ "$(patch 3 created)" = 0 ] &&
	[ "$(patch 3 author)" = None ] && git hop patch list >../out && test_grep " -  3$" ../out
'

test_expect_success 'released ones keep their number, their day and their author' '
	git switch -q ho-release/0.1.0 &&
	sed -i -e /3/d -e /2-orders/d .hop/releases/0.1.0-patches.toml &&
	git commit -qam Less --no-verify &&
	git push -q --no-verify && at 2026-02-01 git hop release promote prod &&
	same git hop patch show 1-users && same git hop release show 0.1.0 &&
	git hop release show --json 0.1.0 >../json &&
	[ "$(hop_json ../json "d[\"patch\"][0][\"state\"], d[\"patch\"][0][\"created\"]")" = \
		"('\''released'\'', $(noon 2026-01-06))" ] &&
	[ "$(hop_json ../json "d[\"patch\"][0][\"position\"]")" = 1 ] &&
	[ "$(hop_json ../json "d[\"patch\"][0][\"title\"]")" = "Who they are" ] &&
	[ "$(release 0.1.0 since)" = "$(noon 2026-02-01)" ] &&
	same git hop patch show 2-orders && git hop patch show --json 2-orders >../json &&
	[ "$(hop_json ../json "d[\"patch\"][0][\"state\"], d[\"patch\"][0][\"position\"]")" = \
		"('\''detached'\'', 0)" ]
'

test_expect_success 'a bare clone that has fetched nothing is told so' '
	git clone -q --bare ../origin.git ../bare.git &&
	for words in "release list" "release show" "release graph" "patch list" "patch show 9" \
		status; do
		test_expect_code 128 git -C ../bare.git hop $words 2>../err &&
		test_grep "^fatal: there is no refs/remotes/origin/ho-prod$" ../err &&
		test_grep "^hint: git hop update" ../err || return
	done &&
	git -C ../bare.git remote remove origin && git -C ../bare.git hop release list
'

test_expect_success 'without a remote it is the same' '
	git init -q --initial-branch=ho-prod ../alone && cd ../alone && hop_database . alone &&
	git hop init --test= && at 2026-03-01 git hop release create minor &&
	at 2026-03-02 hop_patch 9 "select 9" && same git hop patch list &&
	same git hop release list && same git hop status &&
	[ "$(patch 9 created)" = "$(noon 2026-03-02)" ] && [ "$(patch 9 ahead)" = 2 ] &&
	[ "$(release 0.1.0 created)" = "$(noon 2026-03-01)" ]
'

test_done
