#!/bin/bash
# Files of patches: whatever bytes they have and whatever they are called.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"

{ hop_project a && cd a && git hop release create minor &&
git hop patch create 1; } >/dev/null 2>&1 || exit 99
db=$(pg_name a)
dir=Patches/1

# Nothing but what a test writes is in the folder of the patch.
empty() {
	rm -rf "$dir" && mkdir "$dir" && echo "# 1" >"$dir/README.md"
}

# applies [SQL VALUE]: apply takes it, and the query gives the value.
applies() {
	git hop patch apply 2>"$HOME/err" || { cat "$HOME/err"; return 1; }
	[ $# -eq 0 ] && return
	pg_query "$db" "$1" >"$HOME/got" && printf '%s\n' "$2" >"$HOME/want" &&
	test_cmp "$HOME/want" "$HOME/got"
}

# refused PATTERN SQLSTATE: apply and merge say so with exit 1; databases and refs are as before.
refused() {
	git add -A "$dir" && git commit -q --allow-empty -m "Refuse this" &&
	hop_state . >"$HOME/before" && pg_databases >"$HOME/dbs" &&
	pg_dump_schema "$db" >"$HOME/dump" &&
	for command in apply merge; do
		test_expect_code 1 git hop patch "$command" 2>"$HOME/err" &&
		test_grep "^error: $1" "$HOME/err" && test_grep "$2" "$HOME/err" || return
	done &&
	hop_state . >"$HOME/after" && test_cmp "$HOME/before" "$HOME/after" &&
	pg_databases >"$HOME/dbs.after" && test_cmp "$HOME/dbs" "$HOME/dbs.after" &&
	pg_dump_schema "$db" >"$HOME/dump.after" && test_cmp "$HOME/dump" "$HOME/dump.after"
}

test_expect_success 'no files, 0 bytes, only comments, only a semicolon, no newline at the end' '
	empty && applies && : >$dir/0.sql && applies &&
	echo "-- nothing" >$dir/1.sql &&
	printf ";" >$dir/3.sql && printf " \n\t\n" >$dir/4.sql &&
	printf "create table t (i int)" >$dir/5.sql &&
	printf "insert into t values (1) -- end" >$dir/6.sql &&
	applies "select count(*) from t" 1
'

test_expect_success 'CRLF, and a BOM at the start' '
	empty &&
	printf "create table t (a text);\r\n\r\ninsert into t values (\$\$x\r\ny\$\$);\r\n" \
		>$dir/1.sql &&
	printf "\357\273\277insert into t values (\$\$bom\$\$);\r\n" >$dir/2.sql &&
	applies "select encode(a::bytea, '\''hex'\'') from t" "780d0a79
626f6d"
'

test_expect_success 'functions: dollar quotes, BEGIN ATOMIC; strings and comments' - <<'END'
	empty && cat >$dir/1.sql <<-\EOF &&
	create function f() returns text language plpgsql as $$
	begin
		perform 1; -- ; commit;
		return $q$; begin; $q$ || E'\';' || ';''';
	end;
	$$;
	create table t (i int);
	select $a$ ; $$ ; $a$, U&"\0061;" from (select 1 as "a;") x;
	create rule r as on insert to t do also (select 1; select 2);
	EOF
	cat >$dir/2.sql <<-EOF &&
	create function g() returns int language sql $(pg_atomic "select 1;
		select case when true then 2 end;
	");
	create procedure p() language sql $(pg_atomic "insert into t values (1);");
	call p(); /* ; /* nested ; */ ; */ select ';\\';
	EOF
	applies "select f(), g(), count(*) from t" "; begin; ';;'|2|1"
END

test_expect_success 'inline data of COPY: tabs, backslashes, the word COMMIT, semicolons' '
	empty && printf "%s\n" "create table t (a text, b text);" "COPY t (a, b) FROM stdin;" \
		"one;	commit;" "two\\\\.	\\N" "\\\\.x	begin" "\\." "" "select 1;" \
		"copy public.t from stdin with (format csv, header);" \
		"a,b" "\"x" "y\",\"\\\\.\"" "\\." \
		"insert into t values (1, 2);" >$dir/1.sql &&
	applies "select count(*) from t" 5
'

test_expect_success 'an error in inline data names its line in the file' '
	printf "%s\n" "create table u (i int);" "copy u from stdin;" 1 2 x "\\." >$dir/2.sql &&
	refused "Patches/1/2.sql:5:1: invalid input syntax for type integer: \"x\"" 22P02
'

test_expect_success 'inline data that do not end; COPY to the terminal' '
	empty && printf "%s\n" "create table u (i int);" "copy u from stdin;" "1" >$dir/1.sql &&
	refused "Patches/1/1.sql:2:1: unterminated rows of COPY ... FROM STDIN" "" &&
	empty && echo "copy (select 1) to stdout;" >$dir/1.sql &&
	git hop patch apply >../out && test_must_be_empty ../out
'

test_expect_success 'an error on line N: the place counts characters and lines as an editor does' '
	empty &&
	printf "create table ok (i int);\r\n-- é é\n\n\tselect '\''é'\'', nosuch;\n" \
		>$dir/1.sql &&
	refused "Patches/1/1.sql:4:14: column \"nosuch\" does not exist" 42703 &&
	empty && { seq -f "select %g;" 20000 && echo "selec 1;"; } >$dir/2.sql &&
	refused "Patches/1/2.sql:20001:1: syntax error at or near \"selec\"" 42601 &&
	empty && printf "select 1;\nselect\n1/0;\n" >$dir/1.sql &&
	refused "Patches/1/1.sql:2:1: division by zero" 22012 &&
	empty &&
	printf "\n\nselect (1;\n" >$dir/1.sql &&
	refused "Patches/1/1.sql:3:8: unterminated parenthesis" "" &&
	empty && printf "select 1;\nselect \$\$open" >$dir/1.sql &&
	refused "Patches/1/1.sql:2:8: unterminated" ""
'

test_expect_success 'the second file fails: nothing of the first one stays, context is shown' '
	empty && echo "create table first_one (i int);" >$dir/1.sql && cat >$dir/2.sql <<-\END &&
	do $$
	begin
		raise exception '\''%'\'', '\''no; because'\'' using errcode = '\''AB123'\'',
			hint = '\''try harder'\'', detail = '\''some detail'\'';
	end $$;
	END
	refused "Patches/1/2.sql:1:1: no; because" AB123 &&
	test_grep "some detail" "$HOME/err" && test_grep "try harder" "$HOME/err"
'

test_expect_success 'NUL, Latin-1, UTF-16: refused with the file, not read as something else' '
	empty && printf "select 1;\0drop table x;\n" >$dir/1.sql &&
	refused "Patches/1/1.sql:1:" "NUL" &&
	empty &&
	printf "create table t (a text);\ninsert into t values ('\''Gr\366\337e'\'');\n" \
		>$dir/1.sql &&
	refused "Patches/1/1.sql:" "22021\|UTF-8" &&
	for form in UTF-16 UTF-16LE UTF-16BE; do
		empty && echo "create table utf (i int);" | iconv -t "$form" >$dir/1.sql &&
		refused "Patches/1/1.sql:1:1: the file is UTF-16, not UTF-8" "^hint: .*: iconv" &&
		command=$(sed -n "s/^hint: .*: iconv/iconv/p" "$HOME/err") && (
			cd $dir && mv 1.sql OLD && eval "$command" && mv NEW 1.sql && rm OLD
		) && applies "select count(*) from utf" 0 || return
	done
'

test_expect_success 'a file that begins and commits by itself runs as if it did not' '
	empty && echo "begin; -- é
create table b (i int);
commit;" >$dir/1.sql && echo "start transaction; insert into b values (1); end work" >$dir/2.sql &&
	applies "select count(*) from b" 1 &&
	printf "BEGIN;\n\nselect nosuch;\nCOMMIT;\n" >$dir/3.sql &&
	refused "Patches/1/3.sql:3:8: column \"nosuch\"" 42703 && rm $dir/3.sql &&
	echo "begin; select 1; commit; select 2;" >$dir/3.sql &&
	refused "2 errors" "Patches/1/3.sql:1:18: transaction control" && rm $dir/3.sql
'

test_expect_success 'transaction control in every guise' '
	for sql in "commit;" "BEGIN;" "/* x */ rollback" "end;" "abort" "start transaction;" \
		"commit and chain" "prepare transaction '\''x'\''" "rollback prepared '\''x'\''" \
		"select 1; commit;" "-- x
 CoMmIt;" "do \$\$ begin commit; end \$\$;" "call nosuch(); " "\\c other"; do
		empty && echo "$sql" >$dir/1.sql &&
		refused "Patches/1/1.sql:[12]:[0-9]*: " "" || return
	done &&
	empty &&
	echo "savepoint s; create table t (i int); rollback to savepoint s; release s;" \
		>$dir/1.sql &&
	applies "select to_regclass('\''t'\'') is null" t
'

test_expect_success 'what cannot be in a transaction is found' '
	empty && echo "create table t (i int); create index concurrently on t (i);" >$dir/1.sql &&
	refused "Patches/1/1.sql:1:" 25001 &&
	empty && echo "vacuum;" >$dir/1.sql && refused "Patches/1/1.sql:1:1:" 25001 &&
	empty && echo "alter system set work_mem = 1; create database x;" >$dir/1.sql &&
	refused "2 errors in patch files" "Patches/1/1.sql:1:32: affects the server"
'

test_expect_success 'SET and SET ROLE last to the end of their file, and not longer' '
	role=$(pg_name role) && pg_create_role "$role" &&
	test_when_finished "pg_query postgres \"drop owned by $role cascade; drop role $role\"" &&
	empty &&
	echo "create schema other; set search_path = other; set role $role;
		set timezone = '\''Asia/Tokyo'\''; set session authorization $role;
		set local work_mem = '\''1MB'\'';" >$dir/1.sql &&
	echo "create table t as select current_user::text as u, current_schema::text as s,
		current_setting('\''timezone'\'') = '\''Asia/Tokyo'\'' as tz;" >$dir/2.sql &&
	applies "select * from public.t" "postgres|public|f"
'

test_expect_success 'file names: spaces, quotes, newlines, options, shell' '
	empty &&
	for name in "1 a b.sql" "2 '\''q'\'' \"d\".sql" "3 -rf.sql" "-rf.sql" "; rm -rf x.sql" \
		"4 \$(touch pwned).sql" "5 \`touch pwned\`.sql" \
		"7 é.sql" "8 %s%n.sql" "9\\back.sql" "*.sql" ".hidden.sql" "~.sql"; do
		echo "insert into names values (\$x\$$name\$x\$);" >"$dir/$name" || return
	done &&
	echo "create table names (n text);" >"$dir/ .sql" &&
	applies "select count(*), count(distinct n) from names" "13|13" && [ ! -e pwned ]
'

test_expect_success 'the same merged, in the order of their bytes' '
	empty && for name in "1 a b.sql" "2 '\''q'\'' \"d\".sql" "-rf.sql" "; rm -rf x.sql" \
		"4 \$(touch pwned).sql" "7 é.sql"; do
		echo "insert into names (n) values (\$x\$$name\$x\$);" >"$dir/$name" ||
			return
	done && echo "create table names (i serial, n text);" >"$dir/ .sql" &&
	applies "select string_agg(left(n, 1), '\'''\'' order by i) from names" "-1247;" &&
	git add -A && git commit -qm "Names" &&
	git hop patch show --json >../json && [ "$(hop_json ../json "len(d[\"file\"])")" = 7 ] &&
	git hop patch show --porcelain >../out && test_line_count = 9 ../out &&
	git hop patch merge && [ ! -e pwned ] &&
	[ -z "$(git status --porcelain)" ]
'

test_expect_success 'names that cannot be shown, links and submodules are refused, all at once' '
	git hop patch create 2 && dir=Patches/2 && echo "select 1;" >"$dir/a
fatal: b.sql" && echo "select 1;" >"$dir/$(printf "\033[2J").txt" && ln -s 3.sql $dir/2.sql &&
	ln -s /etc/passwd $dir/README && echo "select 1;" >$dir/3.sql &&
	echo "select 1;" >"$dir/$(printf "\351").sql" &&
	git update-index --add --cacheinfo "160000,$(git rev-parse HEAD),$dir/sub" &&
	test_expect_code 1 git hop patch apply 2>../err &&
	test_grep "^error: 5 errors in patch files" ../err &&
	! grep "^fatal: b" ../err && ! grep "$(printf "\033")" ../err &&
	test_grep "^  \"Patches/2/\\\\033\[2J.txt\": its name contains control" ../err &&
	test_grep "^  \"Patches/2/a.nfatal: b.sql\": its name contains control" ../err &&
	test_grep "^  \"Patches/2/.351.sql\": its name is not UTF-8" ../err &&
	test_grep "^  Patches/2/2.sql: a symbolic link$" ../err &&
	test_grep "^  Patches/2/README: a symbolic link$" ../err &&
	git add -A && git update-index --add --cacheinfo "160000,$(git rev-parse HEAD),$dir/sub" &&
	git commit -qm "Refuse these" && git reset -q --hard &&
	test_expect_code 1 git hop patch merge 2>../err &&
	test_grep "^error: 6 errors" ../err && test_grep "^  Patches/2/sub: a submodule$" ../err &&
	git rm -rqf $dir && mkdir -p $dir && echo "Two" >$dir/README.md && git add -A &&
	git commit -qm "Take them away"
'

test_expect_success 'a link to a file of the same patch is refused at apply and merge' '
	echo "select 1;" >$dir/1.sql && ln -s 1.sql $dir/2.sql &&
	refused "Patches/2/2.sql: a symbolic link" "" && rm $dir/2.sql
'

test_expect_success 'what git does not track, or follow, is refused at apply' '
	empty && echo "select 1;" >$dir/01.sql && mkfifo $dir/02.sql &&
	test_expect_code 1 git hop patch apply 2>../err &&
	test_grep "^error: $dir/02.sql: not a regular file" ../err && rm $dir/02.sql &&
	mv Patches ../elsewhere && ln -s ../elsewhere Patches &&
	test_expect_code 1 git hop patch apply 2>../err &&
	test_grep "^error: a directory in the path .$dir. is a symbolic link" ../err &&
	rm Patches && mv ../elsewhere Patches && mv $dir ../one && ln -s ../../one $dir &&
	test_expect_code 1 git hop patch apply 2>../err &&
	test_grep "^error: a directory in the path .$dir. is a symbolic link" ../err &&
	rm $dir && mv ../one $dir && git hop patch apply
'

test_expect_success 'a setting of another database: how to name this one is said, and works' '
	empty && echo "alter database nosuch set work_mem = 4096;" >$dir/1.sql &&
	test_expect_code 1 git hop patch apply 2>../err &&
	sed -n "s/^hint: \(DO .*\)/\1/p" ../err | sed "s/\.\.\./work_mem = 4096/" >$dir/1.sql &&
	applies "show work_mem" 4MB && empty
'

test_expect_success 'what cannot be seen is named where the server does not understand it' '
	empty && printf "create table n (i int);\ncreate\302\240table o (i int);\n" >$dir/1.sql &&
	test_expect_code 1 git hop patch apply 2>../err &&
	test_grep "^hint: Patches/2/1.sql:2:7 is a no-break space (U+00A0)" ../err &&
	printf "select 1;\n\357\273\277select 2;\n" >$dir/1.sql &&
	test_expect_code 1 git hop patch apply 2>../err &&
	test_grep "^hint: Patches/2/1.sql:2:1 is a byte order mark (U+FEFF)" ../err &&
	printf "create table n\302\240 (i int);\nselect i from n;\n" >$dir/1.sql &&
	test_expect_code 1 git hop patch apply 2>../err && test_grep "42P01" ../err &&
	! grep "U+" ../err &&
	printf "select '\''\302\240'\'', nosuch;\n" >$dir/1.sql &&
	test_expect_code 1 git hop patch apply 2>../err && ! grep "U+" ../err && rm $dir/1.sql
'

test_expect_success 'a thousand files' '
	empty && echo "create table n (i int);" >$dir/0000.sql &&
	for i in $(seq 1000 1998); do
		echo "insert into n values ($i);" >$dir/$i.sql || return
	done &&
	applies "select count(*), min(i), max(i) from n" "999|1000|1998" &&
	git add -A && git commit -qm Many && git hop patch merge &&
	git switch -q ho-release/0.1.0 && [ "$(ls Patches/2 | wc -l)" = 1001 ]
'

test_expect_success 'a file of 50 MB' '
	git hop patch create 3 && dir=Patches/3 && {
		echo "create table big (a text); copy big from stdin;" &&
		yes "$(printf "%1023s" x)" | head -n 25000 && echo "\\." &&
		yes -- "-- $(printf "%1020s" x)" | head -n 25000 && echo "select nosuch;"
	} >$dir/1.sql && [ "$(stat -c %s $dir/1.sql)" -gt 50000000 ] &&
	test_expect_code 1 git hop patch apply 2>../err &&
	test_grep "^error: Patches/3/1.sql:50003:8: column \"nosuch\"" ../err &&
	sed -i "\$d" $dir/1.sql && applies "select count(*) from big" 25000 &&
	truncate -s 201M $dir/2.sql && test_expect_code 1 git hop patch apply 2>../err &&
	test_grep "^error: cannot read $dir/2.sql: longer than 200 MB" ../err && rm $dir/2.sql &&
	git add -A && git commit -qm Big && git hop patch merge
'

test_expect_success 'notices and many rows on the way do not hurt' '
	git hop patch create 4 && dir=Patches/4 && cat >$dir/1.sql <<-\END &&
	do $$ begin
		for i in 1..20000 loop raise notice '\''%'\'', repeat('\''x'\'', 100); end loop;
	end $$;
	select repeat('\''x'\'', 1000) from generate_series(1, 20000);
	create table if not exists t (i int); create table if not exists t (i int);
	listen something; notify something, '\''x'\'';
	END
	applies && git hop patch apply >../out 2>&1 && test_line_count -lt 20 ../out
'

test_done
