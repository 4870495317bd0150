/* Names of branches, tags and files. */
#include "core/branch.h"

#include "unit.h"

static const struct {
	const char *name;
	enum branch_kind kind;
	const char *rest;
} names[] = {
	{"ho-prod", BRANCH_IS_PROD, NULL},
	{"ho-release/1.2.0", BRANCH_RELEASE, "1.2.0"},
	{"ho-patch/12-users", BRANCH_PATCH, "12-users"},
	{"ho-patch/12", BRANCH_PATCH, "12"},
	{"ho-staged/12-users", BRANCH_STAGED, "12-users"},
	{"", BRANCH_OTHER, NULL},
	{"main", BRANCH_OTHER, NULL},
	{"ho-prod/", BRANCH_OTHER, NULL},
	{"ho-prod2", BRANCH_OTHER, NULL},
	{"HO-PROD", BRANCH_OTHER, NULL},
	{"ho-release", BRANCH_OTHER, NULL},
	{"ho-release/", BRANCH_OTHER, NULL},
	{"ho-release/1.2", BRANCH_OTHER, NULL},
	{"ho-release/1.2.0-rc1", BRANCH_OTHER, NULL},
	{"ho-release/1.2.0-hotfix1", BRANCH_OTHER, NULL},
	{"ho-release/1.2.0/x", BRANCH_OTHER, NULL},
	{"ho-release/../ho-prod", BRANCH_OTHER, NULL},
	{"ho-patch/", BRANCH_OTHER, NULL},
	{"ho-patch/012-users", BRANCH_OTHER, NULL},
	{"ho-patch/users", BRANCH_OTHER, NULL},
	{"ho-patch/12-Users", BRANCH_OTHER, NULL},
	{"ho-patch/12/x", BRANCH_OTHER, NULL},
	{"ho-staged/12;rm", BRANCH_OTHER, NULL},
	{"refs/heads/ho-prod", BRANCH_OTHER, NULL},
};

START_TEST(parsed)
{
	SCOPE(tmp, NULL);
	struct branch branch = branch_parse(tmp, names[_i].name);

	ck_assert_int_eq((int)branch.kind, (int)names[_i].kind);
	if (branch.kind == BRANCH_RELEASE) {
		ck_assert_str_eq(version_print(tmp, &branch.version), names[_i].rest);
		ck_assert_str_eq(branch_release(tmp, &branch.version), names[_i].name);
	}
	if (branch.kind == BRANCH_PATCH || branch.kind == BRANCH_STAGED)
		ck_assert_str_eq(branch.id, names[_i].rest);
	else
		ck_assert_ptr_null(branch.id);
	if (branch.kind == BRANCH_PATCH)
		ck_assert_str_eq(branch_patch(tmp, branch.id), names[_i].name);
	if (branch.kind == BRANCH_STAGED)
		ck_assert_str_eq(branch_staged(tmp, branch.id), names[_i].name);
}
END_TEST

START_TEST(paths)
{
	SCOPE(tmp, NULL);
	struct version v;

	ck_good(version_parse(&v, "1.2.0-hotfix3"));
	ck_assert_str_eq(branch_release(tmp, &v), "ho-release/1.2.0");
	ck_assert_str_eq(path_manifest(tmp, &v), ".hop/releases/1.2.0-patches.toml");
	ck_assert_str_eq(path_release(tmp, &v), ".hop/releases/1.2.0-hotfix3.txt");
	ck_assert_str_eq(path_schema_link(tmp, &v), ".hop/model/schema-1.2.0-hotfix3.sql");
	ck_assert_str_eq(path_metadata_link(tmp, &v), ".hop/model/metadata-1.2.0-hotfix3.sql");
	ck_assert_str_eq(path_patch(tmp, "12-users"), "Patches/12-users");
}
END_TEST

START_TEST(release_files)
{
	static const char *const good[] = {"1.2.0.txt", "1.2.0-rc1.txt", "1.2.0-hotfix1.txt"};
	static const char *const bad[] = {
		"",           ".txt",          "1.2.0",           "1.2.0-patches.toml",
		"1.2.txt",    "1.2.0.txt.txt", "1.2.0.TXT",       "v1.2.0.txt",
		"1.2.0.txt~", "x/1.2.0.txt",   "1.2.0-stage.txt", "1.2.0.txt\n",
	};
	SCOPE(tmp, NULL);
	struct version v;

	for (size_t i = 0; i < COUNT(good); i++) {
		ck_assert(release_file_parse(&v, good[i]));
		ck_assert_str_eq(mem_printf(tmp, "%s.txt", version_print(tmp, &v)), good[i]);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		ck_assert_msg(!release_file_parse(&v, bad[i]), "%s", bad[i]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("core-branch");
	TCase *tc = tcase_create("branch");

	tcase_add_loop_test(tc, parsed, 0, (int)COUNT(names));
	tcase_add_test(tc, paths);
	tcase_add_test(tc, release_files);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
