#!/bin/bash
# What a dump does not keep, and every way to a version may have in another form.
# shellcheck source=tests/lib/test-lib.sh
. "$(dirname "$0")/../lib/test-lib.sh"
# shellcheck source=tests/lib/git-lib.sh
. "$(dirname "$0")/../lib/git-lib.sh"
# shellcheck source=tests/lib/pg-lib.sh
. "$(dirname "$0")/../lib/pg-lib.sh"
# shellcheck source=tests/lib/hop-lib.sh
. "$(dirname "$0")/../lib/hop-lib.sh"
# shellcheck source=tests/lib/equal-lib.sh
. "$(dirname "$0")/../lib/equal-lib.sh"

# A dump puts the columns that a table inherits first. Without its parent they are its own, in the
# order in which this database got them.
sql inherits <<'END'
CREATE TABLE parent (a int); CREATE TABLE child (b int) INHERITS (parent);
CREATE TABLE grandchild (d text) INHERITS (child); ALTER TABLE parent ADD c int;
INSERT INTO child (a, b, c) VALUES (1, 2, 3);
INSERT INTO grandchild (a, b, c, d) VALUES (4, 5, 6, 'seven');
END

sql alone <<'END'
ALTER TABLE child NO INHERIT parent; INSERT INTO child (a, b, c) VALUES (7, 8, 9);
END

test_expect_success 'a table that leaves its parent: equal but for the order of its columns' '
	equal_project alone &&
	promoted prod @inherits && promoted prod @alone &&
	promoted hotfix "alter table child add e int; update child set e = b;" &&
	promoted prod "alter table grandchild no inherit child; drop table child, parent;" &&
	equal_compare=equal_cmp_columns && equal_everywhere &&
	cd ../alone.states && ! equal_cmp built-0.2.0 by-steps-0.2.0 >../diff && cat ../diff &&
	test_grep "^-    c integer" ../diff && test_grep "^+    c integer" ../diff
'

# PostgreSQL names one of them after the table, by the name that it had at the time of the dump.
sql twice <<'END'
CREATE TABLE tree (id int PRIMARY KEY, parent int REFERENCES tree);
CREATE VIEW top AS SELECT id, (SELECT max(id) FROM tree) FROM tree;
CREATE MATERIALIZED VIEW leaves AS
	SELECT id FROM tree WHERE NOT EXISTS (SELECT FROM tree t WHERE t.parent = tree.id)
	UNION SELECT parent FROM tree WHERE id IN (SELECT parent FROM tree);
CREATE RULE also AS ON DELETE TO top DO INSTEAD
	DELETE FROM tree WHERE id = OLD.id AND id > (SELECT min(id) FROM tree);
INSERT INTO tree VALUES (1, NULL), (2, 1); REFRESH MATERIALIZED VIEW leaves;
END

test_expect_success 'a view that has a table twice, which is renamed: equal but for an alias' '
	equal_project aliases &&
	promoted prod @twice && promoted prod "alter table tree rename to forest;" &&
	promoted hotfix "alter table forest rename id to key; delete from top where id = 2;
		refresh materialized view leaves;" &&
	promoted prod "create view on_top as table top; refresh materialized view leaves;" &&
	equal_compare=equal_cmp_aliases && equal_everywhere &&
	cd ../aliases.states && ! equal_cmp built-0.2.0 by-steps-0.2.0 >../diff && cat ../diff &&
	test_grep "^-.* tree_1" ../diff && test_grep "^+.* forest_1" ../diff
'

test_done
