#!/bin/bash
# git hop release graph: on a terminal, in ASCII, as a picture for a browser.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

export LC_ALL=C.UTF-8
unset COLUMNS NO_COLOR
ESC=$(printf '\033')

# history DIR: a repository with the history that standard input specifies.
history() {
	cat >"$1.json" && git init -q "$1" &&
	"$HOP_SRCDIR/tests/lib/make-history" "$1.json" | git -C "$1" fast-import --quiet &&
	git -C "$1" symbolic-ref HEAD refs/heads/ho-prod && git -C "$1" reset -q --hard
}

# on_terminal COMMAND: its output on a terminal of 80 columns.
on_terminal() {
	TERM=xterm script -qec "stty cols 80; $1" /dev/null </dev/null | tr -d '\r'
}

# svg FILE: it is well-formed, and nothing in it acts or comes from elsewhere; prints its texts.
svg() {
	python3 - "$1" <<-'PY'
		import sys, xml.etree.ElementTree as tree
		root = tree.parse(sys.argv[1]).getroot()
		ns = "{http://www.w3.org/2000/svg}"
		assert root.tag == ns + "svg"
		names = {e.tag.replace(ns, "") for e in root.iter()}
		known = {"svg", "title", "style", "rect", "path", "circle", "g", "text"}
		assert names <= known, names
		for e in root.iter():
		    for name, value in e.attrib.items():
		        assert not name.startswith("on") and "href" not in name, name
		        assert ":" not in value, value
		style = root.find(ns + "style").text
		assert "url(" not in style and "@import" not in style
		assert "var(" not in style, "viewers other than browsers do not know it"
		assert "prefers-color-scheme:dark" in style
		height = int(root.get("height"))
		for e in root.iter(ns + "text"):
		    assert int(e.get("y")) < height
		    print(e.text)
	PY
}

test_expect_success 'a history with much in it' '
	history shop <<-\END
		{"name": "shop", "released": [
		["1.0.0", "2026-01-12", ["1-accounts"]],
		["1.1.0", "2026-02-16", ["2-orders", "3-invoices"]],
		["1.1.0-hotfix1", "2026-02-20", ["4-rounding"]]],
		"open": [
		{"version": "1.2.0", "day": "2026-03-01", "patches": [
		["5-customers", "staged", "2026-03-02", "Ada", "Apart from accounts"],
		["6-search", "candidate", "2026-03-03", "Grace", "Over products"]],
		"rcs": [["1.2.0-rc1", "2026-03-04", ["5-customers"]]]},
		{"version": "1.3.0", "day": "2026-03-05", "patches": []},
		{"version": "2.0.0", "base": "1.1.0", "day": "2026-02-17", "patches": [
		["7-split", "candidate", "2026-02-18", "Ada", "Lines of their own"]]}]}
	END
'

test_expect_success 'on 80 columns of UTF-8, to the letter' '
	git -C shop hop release graph -n 2 >out &&
	cat >expect <<-\END &&
		shop

		⋮       2 older versions
		◆       1.1.0          released    2026-02-16  2 patches
		│         2-orders  3-invoices
		├─────╮
		◆     │ 1.1.0-hotfix1  production  2026-02-20  1 patch
		│     │   4-rounding
		╰─┬─╮ │
		  │ ◇ │ 1.2.0          open        2026-03-01  1 of 2 staged
		  │ ● │   5-customers  in rc1      2026-03-02  Apart from accounts
		  │ ◈ │ 1.2.0-rc1      rc          2026-03-04  1 patch
		  │ ○ │   6-search     candidate   2026-03-03  Over products
		  │   │
		  ◇   │ 1.3.0          open        2026-03-05
		      │   no patches yet
		      │
		      ◇ 2.0.0          behind      2026-02-17  0 of 1 staged
		      ○   7-split      candidate   2026-02-18  Lines of their own
	END
	test_cmp expect out
'

test_expect_success 'in ASCII: when asked for, and when the locale is not UTF-8' '
	git -C shop hop release graph -n 2 --ascii >out &&
	cat >expect <<-\END &&
		shop

		:       2 older versions
		@       1.1.0          released    2026-02-16  2 patches
		|         2-orders  3-invoices
		+-----+
		@     | 1.1.0-hotfix1  production  2026-02-20  1 patch
		|     |   4-rounding
		+-+-+ |
		  | = | 1.2.0          open        2026-03-01  1 of 2 staged
		  | * |   5-customers  in rc1      2026-03-02  Apart from accounts
		  | % | 1.2.0-rc1      rc          2026-03-04  1 patch
		  | o |   6-search     candidate   2026-03-03  Over products
		  |   |
		  =   | 1.3.0          open        2026-03-05
		      |   no patches yet
		      |
		      = 2.0.0          behind      2026-02-17  0 of 1 staged
		      o   7-split      candidate   2026-02-18  Lines of their own
	END
	test_cmp expect out &&
	LC_ALL=C git -C shop hop release graph -n 2 >out && test_cmp expect out
'

test_expect_success 'how many of the past: five, so many, all, at least the one in production' '
	git -C shop hop release graph >out && test_grep "◆.*0\.0\.0" out && ! grep older out &&
	git -C shop hop release graph --max-count=1 >out && test_grep "3 older versions" out &&
	test_grep "production" out && ! grep released out &&
	git -C shop hop release graph -n 0 >zero && test_cmp out zero &&
	git -C shop hop release graph --all >all && ! grep older all &&
	git -C shop hop release graph -n 99999 >out && test_cmp all out
'

test_expect_success 'colour on a terminal only, and never with NO_COLOR or a dumb one' '
	on_terminal "git -C shop hop release graph" >out && test_grep "$ESC\[" out &&
	sed "s/$ESC\[[0-9;]*m//g" out >bare && git -C shop hop release graph >expect &&
	! grep "$ESC" expect && test_cmp expect bare &&
	on_terminal "NO_COLOR=1 git -C shop hop release graph" >out && test_cmp expect out &&
	on_terminal "TERM=dumb git -C shop hop release graph" >out && test_cmp expect out
'

test_expect_success 'a title is cut to the columns there are, and is whole where there is room' '
	history long <<-\END &&
		{"name": "long", "released": [], "open": [
		{"version": "1.0.0", "base": "0.0.0", "day": "2026-03-01", "patches": [
		["5-a", "staged", "2026-03-02", "Ada",
		"Würde und Öl und ein 漢字 or two, and more words than a line of 80 has"]]}]}
	END
	for columns in 40 60 80 100; do
		COLUMNS=$columns git -C long hop release graph >out &&
		python3 -c "
import sys, unicodedata
for line in sys.stdin.read().splitlines():
    width = sum(2 if unicodedata.east_asian_width(c) == \"W\" else 1 for c in line)
    assert width <= max(int(sys.argv[1]), 64), (width, line)
" $columns <out || return
	done &&
	COLUMNS=200 git -C long hop release graph >out && test_grep "80 has$" out &&
	COLUMNS=100 git -C long hop release graph --ascii >out && ! LC_ALL=C grep "[^ -~]" out &&
	test_grep "W?rde und ?l und ein ?? or" out && test_grep "\.\.\.$" out
'

test_expect_success 'the picture: well-formed, all in it, the same each time, written whole' '
	git -C shop hop release graph --svg="$PWD/shop.svg" && svg shop.svg >texts &&
	for text in shop 1.1.0-hotfix1 2-orders 1.2.0-rc1 5-customers 6-search "Over products" \
		"in production" candidate "in rc1" "lacks 1.1.0-hotfix1" "no patches yet" \
		"released 2026-02-20" "opened 2026-03-01"; do
		grep -qxF -e "$text" texts || { echo "no $text"; return 1; }
	done &&
	git -C shop hop release graph --svg - >out.svg && test_cmp shop.svg out.svg &&
	TZ=Asia/Tokyo LC_ALL=C COLUMNS=30 git -C shop hop release graph --svg=- >out.svg &&
	test_cmp shop.svg out.svg &&
	[ "$(stat -c %a shop.svg)" = "$(printf %o "$((0666 & ~0$(umask)))")" ] &&
	test_grep "<title>6-search: Over products" shop.svg &&
	git -C shop hop release graph --svg=/dev/stdout | cat >out.svg &&
	test_cmp shop.svg out.svg &&
	: >real.svg && ln -s real.svg link.svg && git -C shop hop release graph --svg=../link.svg &&
	[ -L link.svg ] && test_cmp shop.svg real.svg &&
	test_expect_code 128 git -C shop hop release graph --svg=.. 2>err &&
	test_grep "'\''..'\''" err &&
	test_expect_code 128 git -C shop hop release graph --svg= 2>err &&
	test_expect_code 128 git -C shop hop release graph --svg=/nowhere/x.svg 2>err &&
	test_grep "/nowhere/x.svg" err &&
	test_expect_code 128 git -C shop hop release graph --svg=- >/dev/full
'

test_expect_success 'hostile titles and names stay text, in the picture and on the terminal' '
	cat >hostile.py <<-\END &&
		import json
		bad = "</text></svg><script>alert(1)</script>&amp; ]]> \" \x27 "
		bad += "\x1b[2J\x07 \u202e \ufffe \udcff\udc9b"
		base = [["1.0.0", "2026-01-01", ["1-a"]]]
		print(json.dumps({"name": "shop", "released": base, "open": [
		    {"version": "1.1.0", "day": "2026-01-02", "patches": [
		        ["2-b", "candidate", "2026-01-03", "\x1b[31mEve \" & \x27", bad],
		        ["3-" + "x" * 98, "staged", "2026-01-03", "Ada", bad * 20]]}]}))
	END
	python3 hostile.py | history hostile &&
	git -C hostile hop release graph --svg=../hostile.svg && svg hostile.svg >texts &&
	grep -qF "</text></svg><script>" texts && ! grep "<script" hostile.svg &&
	git -C hostile hop release graph >out &&
	! LC_ALL=C grep -P "[\x00-\x08\x0b-\x1f\x7f]" out &&
	! grep "$(printf "\342\200\256")" out && iconv -f UTF-8 -t UTF-8 <out >/dev/null &&
	test_grep "3-xxxxx" out
'

test_expect_success 'a project with nothing in it, and twenty releases with fifty patches' '
	echo "{\"name\": \"new\", \"released\": [], \"open\": []}" | history new &&
	git -C new hop release graph >out &&
	printf "%s\n" new "" "◆ 0.0.0         production  2026-01-01  0 patches" "" \
		"no release is open" >expect && test_cmp expect out &&
	git -C new hop release graph --svg=../new.svg && svg new.svg >texts &&
	test_grep "no release is open" texts &&
	python3 -c "
import json
n = iter(range(1, 9999))
print(json.dumps({\"name\": \"big\", \"released\": [], \"open\": [
    {\"version\": \"1.%d.0\" % r, \"base\": \"0.0.0\", \"day\": \"2026-01-01\", \"patches\": [
        [\"%d-patch\" % next(n), \"candidate\", \"2026-01-02\", \"Ada\", \"T\"]
        for k in range(50)]} for r in range(20)]}))" | history big &&
	git -C big hop release graph >out && [ "$(grep -c "○.*-patch" out)" = 1000 ] &&
	git -C big hop release graph --svg=../big.svg && svg big.svg >texts &&
	[ "$(grep -cx "[0-9]*-patch" texts)" = 1000 ]
'

test_expect_success 'a real project: what the commands make is drawn, from any branch' '
	hop_project a && cd a && git hop release create minor &&
	hop_patch 1-users "create table users (i int);" -d "Who they are" &&
	git hop release graph >../out &&
	test_grep "○   1-users  *candidate .*  Who they are$" ../out &&
	git hop patch merge && git hop release graph >../out &&
	test_grep "●   1-users  *staged" ../out && git hop release promote prod &&
	git hop release graph >../out && test_grep "◆ 0.1.0  *production" ../out &&
	test_grep "^    1-users$" ../out && git status --porcelain >../out &&
	test_must_be_empty ../out && cd ..
'

test_expect_success 'release candidates and hotfixes that the commands make' '
	cd "$TRASH/a" && git hop release create minor &&
	hop_patch 2-two "select 2" && git hop patch merge &&
	git hop release promote rc && hop_patch 3-three "select 3" --release 0.2.0 &&
	git hop patch merge && git hop release hotfix && hop_patch 4-fix "select 4" &&
	git hop release graph >../out &&
	test_grep "◇  *0.1.0-hotfix1  *hotfix .* 0 of 1 staged" ../out &&
	test_grep "●  *2-two  *in rc1" ../out &&
	test_grep "◈  *0.2.0-rc1  *rc .* 1 patch$" ../out &&
	test_grep "●  *3-three  *staged" ../out && ! grep " \$" ../out &&
	git for-each-ref --format="delete %(refname)" refs/hop/patch | git update-ref --stdin &&
	git hop release graph >../out && test_grep "3-three  *staged  *-\$" ../out &&
	git fetch -q origin "refs/hop/*:refs/hop/*" && git hop release graph --svg=../a.svg &&
	svg ../a.svg >../texts && grep -qx hotfix ../texts && git hop patch merge &&
	git hop release promote hotfix && git hop release graph >../out &&
	test_grep "◆  *0.1.0-hotfix1  *production" ../out && ! grep "behind" ../out &&
	git hop release promote prod && git hop release graph >../out &&
	test_grep "◆  *0.2.0  *production .*  2 patches, 1 rc$" ../out
'
cd "$TRASH" || exit 99

test_expect_success 'a tag that looks like a release candidate and is none of ours is passed over' '
	git -C shop hop release graph >expect && git -C shop tag v1.2.0-rcx ho-prod &&
	git -C shop tag v1.2.0-rc7 ho-prod && git -C shop tag v1.2.0-rc8 ho-prod^{tree} &&
	git -C shop hop release graph >out && test_cmp expect out
'

test_expect_success 'wrong command lines' '
	test_expect_code 129 git -C shop hop release graph extra &&
	test_expect_code 129 git -C shop hop release graph --svg &&
	test_expect_code 129 git -C shop hop release graph --svg=x --ascii &&
	test_expect_code 129 git -C shop hop release graph -n many &&
	test_expect_code 129 git -C shop hop release graph -n -1 &&
	git hop-release graph --list-options >out && grep -x -e --svg= out
'

test_done
