#!/bin/bash
# Names and messages that drive a terminal: they forge no line, erase none, and stay data.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"
# shellcheck source=tests/lib/prod-lib.sh
. "$(dirname "$0")/../lib/prod-lib.sh"

# Up a line, erase it, carriage return, a line of its own, C1 controls, right to left.
EVIL=$(printf '\033[1A\033[2K\r\nhint: FORGED\302\2332K\342\200\256\b')
BRANCH=$(printf 'x\302\2332K\342\200\256y') # all that git lets into the name of a branch

# shown COMMAND...: what it prints, and whatever it answers.
shown() {
	"$@" >"$HOME/shown" 2>&1
	[ $? -le 130 ]
}

# harmless: what was shown is text, and nobody's name begins a line.
harmless() {
	python3 - "$HOME/shown" <<-'PY'
		import re, sys
		text = open(sys.argv[1], "rb").read().decode("utf-8")
		shown = "\\n\\t -~\u00a0-\u061b\u061d-\u200d\u2010-\u2027\u202f-\u2065\u206a-\uffff"
		bad = re.search("[^" + shown + "]|^(hint: )*FORGED", text, re.M)
		assert not bad, (bad, text)
	PY
}

# both COMMAND...: --porcelain is lines of fields and --json is JSON, with the same values in them.
both() {
	"$@" --porcelain >"$HOME/porcelain" && "$@" --json >"$HOME/json" &&
	cat "$HOME/porcelain" "$HOME/json" >"$HOME/shown" && harmless &&
	python3 - "$HOME/porcelain" "$HOME/json" <<-'PY'
		import json, re, sys
		d = json.load(open(sys.argv[2], encoding="ascii"))
		seen = {}
		for line in open(sys.argv[1], newline="\n").read().split("\n")[1:-1]:
		    kind, *fields = line.split("\t")
		    record = list(d[kind][seen.get(kind, 0)].values())
		    seen[kind] = seen.get(kind, 0) + 1
		    assert len(record) == len(fields), line
		    for field, value in zip(fields, record):
		        if isinstance(value, str) and field != value:
		            field = field[1:-1].encode().decode("unicode_escape")
		            field = field.encode("latin-1").decode()
		            assert field == value, (field, value)
	PY
}

test_expect_success 'a patch: names of files, its title, its author, what its SQL says' '
	hop_project a && cd a && git hop release create minor &&
	GIT_AUTHOR_NAME="Eve$EVIL" hop_patch 1-users "create table users (i int)" &&
	printf "# Users%s\n" "$EVIL" >Patches/1-users/README.md &&
	git add Patches && git commit -qm "Title $EVIL" && git push -q &&
	both git hop patch show && both git hop patch list &&
	shown git hop patch show && harmless &&
	shown git hop release graph && harmless &&
	echo "select 1" >"Patches/1-users/02_$EVIL.sql" && echo >"Patches/1-users/note$EVIL" &&
	shown git hop patch apply && test_grep "note" "$HOME/shown" && harmless &&
	shown git hop patch merge && harmless &&
	git add Patches && git commit -qm Evil && shown git hop patch merge && harmless &&
	shown git hop patch show && harmless && both git hop patch show &&
	git rm -q "Patches/1-users/02_$EVIL.sql" "Patches/1-users/note$EVIL" &&
	cat >Patches/1-users/03.sql <<-\END &&
	DO $$ BEGIN RAISE EXCEPTION E'\''gone\u001b[2K\r\nhint: FORGED\u009b\u202e'\''
	    USING DETAIL = E'\''\u001b[2K\rFORGED'\'', HINT = E'\''x\nFORGED\u001b[1A'\''; END $$;
	END
	shown git hop patch apply && test_grep gone "$HOME/shown" && harmless &&
	shown git hop patch apply -v -v && test_grep gone "$HOME/shown" && harmless &&
	sed -i "s/EXCEPTION/WARNING/" Patches/1-users/03.sql &&
	shown git hop patch apply -v && harmless && cd ..
'

test_expect_success 'the names of a conflict, and of files that are not committed' '
	cd a && git switch -q ho-release/0.1.0 && git reset -q --hard &&
	printf 1 >"f$EVIL" && git add . && git commit -qm 1 --no-verify &&
	git push -q --no-verify && git switch -q ho-patch/1-users && git reset -q --hard &&
	git rm -q "Patches/1-users/note$EVIL" "Patches/1-users/02_$EVIL.sql" &&
	printf 2 >"f$EVIL" && git add . && git commit -qm 2 && git push -q &&
	shown git hop patch merge && test_grep conflict "$HOME/shown" && harmless &&
	git rm -q "f$EVIL" && git commit -qm 3 && echo 3 >"Patches/1-users/g$EVIL" &&
	git add . && shown git hop patch merge && test_grep "uncommitted changes" "$HOME/shown" &&
	harmless &&
	git reset -q --hard && cd ..
'

test_expect_success 'branches, and whoever holds a lock' '
	cd a && git switch -q -c "$BRANCH" && shown git hop status && harmless &&
	both git hop status && shown git hop patch merge && harmless &&
	shown git hop patch create "2-$EVIL" && harmless &&
	shown git hop patch show "$EVIL" && shown git hop release show "$EVIL" && harmless &&
	shown git hop "$EVIL" && harmless && shown git hop status "--$EVIL" && harmless &&
	git switch -q ho-patch/1-users && cd ..
'

test_expect_success 'databases, hosts and roles' '
	cd a && for word in "dbname" "host" "user" "service" "application_name"; do
		evil=$(pg_conninfo "$(pg_name a)") &&
		evil="$evil $word='\''e$EVIL'\''" &&
		shown git hop status --database="$evil" && harmless &&
		shown git hop patch apply --database="$evil" && harmless &&
		git hop status --porcelain --database="$evil" >"$HOME/shown" && harmless &&
		shown env HOP_DATABASE="$evil" git hop check && harmless || return
	done && cd ..
'

test_expect_success 'update: a release whose author put anything into the names of its files' '
	prod_project shop && prod_file shop 1-a 01.sql "create table a (i int);" &&
	: >"shop/Patches/1-a/n$EVIL" && : >"shop/Patches/1-a/01$EVIL.sql" &&
	: >"shop/Patches/1-a/$(printf "caf\\351").sql" && prod_release shop 0.1.0 1-a &&
	git clone -q --bare shop.git prod.git && prod_db prod &&
	git -C prod.git config hop.production true &&
	shown git -C prod.git hop update && test_grep 1-a "$HOME/shown" && harmless &&
	both git -C prod.git hop update && shown git -C prod.git hop upgrade --yes && harmless
'

test_expect_success 'a takeover shows lines of a schema that others wrote' '
	db=$(pg_name taken) && pg_create_db "$db" &&
	pg_query "$db" "create table \"t$EVIL\" (i int)" &&
	shown git hop clone --production --database="$(pg_conninfo "$db")" --at=0.0.0 --yes \
		shop.git taken && test_grep "only in the database" "$HOME/shown" && harmless
'

test_expect_success 'a trace is text, too' '
	grep -q . a/.hop/config && cd a &&
	HOP_TRACE="$HOME/shown" git hop patch apply && cd .. && harmless
'

test_done
