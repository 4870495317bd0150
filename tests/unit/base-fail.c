/* base/fail: failpoints act where they are compiled in, and nowhere else. */
#include "base/fail.h"

#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

#ifdef HOP_FAILPOINTS
static const bool compiled = true;
#else
static const bool compiled = false;
#endif

static bool failed(const char *name)
{
	struct error *err = fail_point(name);
	bool is_error = err != NULL;

	error_free(err);
	return is_error;
}

/* How a process ends that reaches the point "a" twice and "b" once. */
static int outcome(const char *spec)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		setenv("HOP_FAIL", spec, 1);
		if (failed("a"))
			_exit(1);
		if (failed("b"))
			_exit(2);
		_exit(failed("a") ? 3 : 0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static const struct {
	const char *spec;
	int outcome;
} cases[] = {
	{"a:1:error", 1},  {"b:1:error", 2}, {"a:2:error", 3}, {"a:3:error", 0}, {"aa:1:error", 0},
	{"a:2:kill", 137}, {"a:1:dance", 0}, {"", 0},          {"a", 0},
};

START_TEST(acts_at_the_nth_time)
{
	ck_assert_int_eq(outcome(cases[_i].spec), compiled ? cases[_i].outcome : 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("base-fail");
	TCase *tc = tcase_create("fail");

	tcase_add_loop_test(tc, acts_at_the_nth_time, 0, (int)COUNT(cases));
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
