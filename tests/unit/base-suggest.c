/* base/near: distances between words. */
#include "base/suggest.h"

#include <check.h>
#include <stdlib.h>

#include "base/mem.h"

static const struct {
	const char *a, *b;
	size_t distance;
} distances[] = {
	{"", "", 0},
	{"", "abc", 3},
	{"abc", "", 3},
	{"patch", "patch", 0},
	{"relase", "release", 1},
	{"releaase", "release", 1},
	{"ptach", "patch", 1},
	{"patsh", "patch", 1},
	{"update", "upgrade", 3},
	{"kitten", "sitting", 3},
};

START_TEST(distance)
{
	ck_assert_uint_eq(suggest_distance(distances[_i].a, distances[_i].b),
			  distances[_i].distance);
	ck_assert_uint_eq(suggest_distance(distances[_i].b, distances[_i].a),
			  distances[_i].distance);
}
END_TEST

START_TEST(nearest_names_only)
{
	SCOPE(tmp, NULL);
	char **names = mem_split(tmp, "init update upgrade", ' ');
	char **near = suggest_names(tmp, "updrade", names);

	ck_assert_uint_eq(mem_list_length(near), 1);
	ck_assert_str_eq(near[0], "upgrade");
	near = suggest_names(tmp, "frobnicate", names);
	ck_assert_ptr_null(near[0]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("base/near");
	TCase *tc = tcase_create("near");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tc, distance, 0, sizeof(distances) / sizeof(distances[0]));
	tcase_add_test(tc, nearest_names_only);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
