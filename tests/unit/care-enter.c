/* care/enter: what every command looks at first costs next to nothing. */
#include "care/enter.h"

#include <sys/stat.h>
#include <time.h>

#include "publish/checkout.h"
#include "care/hooks.h"
#include "project/leftovers.h"
#include "sample.h"
#include "unit.h"

#define ROUNDS 200
#define BUDGET 0.002 /* seconds */

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

START_TEST(the_light_check_is_cheap)
{
	SCOPE(tmp, NULL);
	struct project *p = sample_open(tmp, sample_new(tmp));
	double begin;

	hooks_begin(p->repo);
	begin = now();
	for (int i = 0; i < ROUNDS; i++) {
		ck_good(checkout_recover(p));
		ck_good(leftovers_sweep(p));
		ck_good(hooks_refresh(p));
	}
	ck_assert_double_lt((now() - begin) / ROUNDS, BUDGET);
}
END_TEST

START_TEST(a_missing_hook_is_written_again)
{
	SCOPE(tmp, NULL);
	struct project *p = sample_open(tmp, sample_new(tmp));
	char *path = path_join(tmp, p->common, "hooks/pre-commit");

	ck_good(hooks_refresh(p));
	ck_assert(!file_exists(path)); /* nobody wanted them */
	hooks_begin(p->repo);
	ck_assert(file_exists(path));
	ck_assert_int_eq(unlink(path), 0);
	ck_good(hooks_refresh(p));
	ck_assert(file_exists(path));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("care/enter");
	TCase *tc = tcase_create("enter");

	tcase_add_test(tc, the_light_check_is_cheap);
	tcase_add_test(tc, a_missing_hook_is_written_again);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
