/* What every unit suite needs. */
#ifndef UNIT_H
#define UNIT_H

#include <check.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ERR must be an error of CODE; it is freed. */
#define ck_error(err, want)                                     \
	do {                                                    \
		struct error *err_ = (err);                     \
		ck_assert_ptr_nonnull(err_);                    \
		ck_assert_int_eq((int)err_->code, (int)(want)); \
		error_free(err_);                               \
	} while (0)

/* ERR must be NULL; else the test says its message. */
#define ck_good(err)                                                          \
	do {                                                                  \
		struct error *err_ = (err);                                   \
		ck_assert_msg(err_ == NULL, "%s", err_ ? err_->message : ""); \
	} while (0)

/* CK_FORK=no, as valgrind and debuggers want it: all tests of a suite share one process. */
static inline bool unit_is_one_process(void)
{
	const char *fork_tests = getenv("CK_FORK");

	return fork_tests && strcmp(fork_tests, "no") == 0;
}

/* How often to do what shows its trouble only when it is done very often: valgrind is slow. */
static inline size_t unit_many(size_t n)
{
	return unit_is_one_process() ? n / 10 : n;
}

static inline int unit_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
