#!/bin/bash
# git hop clone --production meets databases of all kinds; releases made by git hop itself.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"
# shellcheck source=tests/lib/prod-lib.sh
. "$(dirname "$0")/../lib/prod-lib.sh"

# release ID SQL: a release with that one patch.
release() {
	git hop release create minor &&
	hop_patch "$1" "$2" &&
	git hop patch merge &&
	git hop release promote prod
}

# rows: what hop wrote down, without its times.
rows() {
	pg_query "$db" "select version, commit_id from hop.release order by applied_at" &&
	pg_query "$db" "select id, version, position, hash from hop.patch order by 2, 3"
}

# stranger WORD: a database with the objects of release 0.1.0 that hop never saw.
stranger() {
	prod_db "$1" &&
	pg_query "$db" "create table users (id int primary key, name text not null)"
}

# refused [OPTION...]: the clone is refused, and leaves nothing, neither here nor in the database.
refused() {
	prod_state "$db" >before &&
	test_expect_code 1 git hop clone --production --database="$HOP_DATABASE" "$@" \
		"$TRASH/origin.git" no 2>err &&
	test_path_is_missing no &&
	prod_state "$db" >after &&
	test_cmp before after
}

test_expect_success 'a project with three releases, the last one with rows only' '
	hop_project dev &&
	(
		cd dev &&
		release 1-users "create table users (id int primary key, name text not null);" &&
		release 2-mail "alter table users add mail text;" &&
		release 3-root "insert into users values (0, '\''root'\'');"
	)
'

test_expect_success 'an empty database is taken at no version, and every release played into it' '
	prod_db empty &&
	git hop clone --production --database="$HOP_DATABASE" "$TRASH/origin.git" first &&
	pg_query $db "select role from hop.project" >out &&
	echo production >expect &&
	test_cmp expect out &&
	pg_query $db "select count(*) from hop.release" >out &&
	echo 0 >expect &&
	test_cmp expect out &&
	unset HOP_DATABASE &&
	git -C first hop upgrade --yes &&
	pg_query $db "select id, name from users" >out &&
	echo "0|root" >expect &&
	test_cmp expect out &&
	prod_versions >out &&
	echo "0.0.0 0.1.0 0.2.0 0.3.0" >expect &&
	test_cmp expect out &&
	rows >upgraded
'

test_expect_success 'the rows of hop are those that the release wrote down' '
	git -C dev show ho-prod:.hop/model/metadata.sql >metadata &&
	hash=$(git -C dev rev-parse v0.2.0:Patches/2-mail) &&
	test_grep "2-mail.*$hash" metadata &&
	test_grep "2-mail.*$hash" upgraded
'

test_expect_success 'a second clone finds the database ours and changes nothing' '
	prod_state >before &&
	git hop clone --production --database="$(pg_conninfo $db)" "$TRASH/origin.git" second &&
	prod_state >after &&
	test_cmp before after &&
	git -C second hop update >out &&
	test_grep "is at 0.3.0: nothing to apply" out
'

test_expect_success 'an upgraded database is the same as one built from the schema of its release' '
	new=$(pg_name same) &&
	pg_query postgres "create database \"$new\" template \"$db\"" &&
	pg_query $new "drop schema hop cascade" &&
	git hop clone --production --at=0.3.0 --database="$(pg_conninfo $new)" \
		"$TRASH/origin.git" same &&
	git -C same hop update >out &&
	test_grep "is at 0.3.0: nothing to apply" out
'

test_expect_success 'objects that equal a release are taken over at it' '
	stranger equal &&
	pg_query $db "insert into users values (1, '\''ann'\'')" &&
	git hop clone --production --database="$HOP_DATABASE" "$TRASH/origin.git" equal 2>err &&
	test_grep "is at 0.1.0" err &&
	echo "0.0.0 0.1.0" >expect &&
	prod_versions >out &&
	test_cmp expect out &&
	rows >has &&
	grep -e "^0.[01].0|" -e "|0.1.0|" upgraded >expect &&
	cut -d"|" -f1 has >a && cut -d"|" -f1 expect >b && test_cmp b a &&
	git -C equal hop upgrade --yes &&
	pg_query $db "select name from users order by id" >out &&
	printf "root\nann\n" >expect &&
	test_cmp expect out
'

test_expect_success 'two releases with one schema: the newer is assumed, --at says otherwise' '
	stranger both &&
	pg_query $db "alter table users add mail text" &&
	git hop clone --production --database="$HOP_DATABASE" "$TRASH/origin.git" both 2>err &&
	test_grep "warning: the schemas of 0.2.0 and 0.3.0 are the same" err &&
	test_grep "is at 0.3.0" err &&
	stranger at &&
	pg_query $db "alter table users add mail text" &&
	git hop clone --production --at=0.2.0 --database="$HOP_DATABASE" "$TRASH/origin.git" at &&
	git -C at hop upgrade --yes &&
	pg_query $db "select name from users" >out &&
	echo root >expect &&
	test_cmp expect out
'

test_expect_success 'other objects: refused, with the nearest release' '
	stranger other &&
	pg_query $db "create table more (id int)" &&
	refused &&
	test_grep "matches no release" err &&
	test_grep "closest is 0.1.0" err &&
	test_grep "at 0.1.0" err
'

test_expect_success '--at shows the differences and asks' '
	refused --at=0.1.0 &&
	test_grep "^TABLE public.more is only in the database" err &&
	test_grep "Adopt database .$db. at version 0.1.0" err &&
	refused --at=7.7.7 --yes &&
	test_grep "no release 7.7.7" err &&
	git hop clone --production --at=0.1.0 --yes --database="$HOP_DATABASE" \
		"$TRASH/origin.git" accepted &&
	git -C accepted hop upgrade --yes --accept-drift &&
	pg_query $db "select 1 from more union select 1 from users" &&
	echo "0.0.0 0.1.0 0.2.0 0.3.0" >expect &&
	prod_versions >out &&
	test_cmp expect out
'

test_expect_success 'databases of others, and of development' '
	prod_db dev2 &&
	refused --at=0.1.0 &&
	test_grep "is empty, not at 0.1.0" err &&
	git hop clone --production --database="$HOP_DATABASE" "$TRASH/origin.git" yes &&
	pg_query $db "update hop.project set role = '\''development'\''" &&
	refused &&
	test_grep "is a development database" err &&
	pg_query $db "update hop.project set id = repeat('\''a'\'', 32), name = '\''other'\''" &&
	refused &&
	test_grep "belongs to another project, .other" err &&
	stranger hop &&
	pg_query $db "create schema hop create table mine (id int)" &&
	refused
'

test_expect_success 'a role that may not make a schema is told what to ask for' '
	role=$(pg_name role) &&
	pg_create_role "$role" &&
	stranger grant &&
	pg_query $db "grant select on users to \"$role\"" &&
	test_expect_code 128 git hop clone --production \
		--database="$(pg_conninfo $db $role)" "$TRASH/origin.git" no 2>err &&
	test_grep "GRANT CREATE ON DATABASE \"$db\" TO \"$role\"" err &&
	test_path_is_missing no &&
	pg_query $db "drop owned by \"$role\"" &&
	pg_query postgres "drop role \"$role\""
'

# The model is read as text: what follows a NUL would be ignored, such as the patches.
test_expect_success 'a model with a NUL byte is refused, and its database stays as it was' '
	git clone -q --bare origin.git forged.git && git clone -q forged.git forger &&
	git -C forger checkout -q ho-prod && file=forger/.hop/model/metadata.sql &&
	awk "{ print } /^\\\\\\./ && !n++ { printf \"%c\", 0 }" $file >forged &&
	! cmp -s forged $file && cp forged $file && git -C forger commit -qam Forge &&
	git -C forger push -q origin ho-prod && git -C forger tag -f -a -m x v0.1.0 &&
	git -C forger push -q -f origin v0.1.0 && stranger forged && prod_state >before &&
	test_expect_code 1 git hop clone --production --database="$HOP_DATABASE" \
		"$TRASH/forged.git" forged.clone 2>err &&
	test_grep "metadata.sql in .* contains a NUL" err &&
	prod_state >after && test_cmp before after
'

test_done
