/* The text of git's hooks: ours, another's that calls ours, another's. */
#include "core/hook.h"

#include "unit.h"

START_TEST(texts)
{
	SCOPE(tmp, NULL);

	for (int i = 0; hook_names[i]; i++) {
		char *text = hook_text(tmp, hook_names[i]);

		ck_assert(hook_is_ours(text));
		ck_assert(hook_calls(text, hook_names[i]));
	}
	ck_assert(!hook_is_ours(""));
	ck_assert(!hook_is_ours("#!/bin/sh\nexit 1\n"));
	ck_assert(!hook_is_ours("#!/bin/sh\n# Made by hand\n"));
}
END_TEST

START_TEST(calls)
{
	ck_assert(hook_calls("git hop hook pre-commit", "pre-commit"));
	ck_assert(hook_calls("set -e\n  exec git hop hook pre-commit \"$@\"\n", "pre-commit"));
	ck_assert(!hook_calls("", "pre-commit"));
	ck_assert(!hook_calls("# git hop hook pre-commit\n", "pre-commit"));
	ck_assert(!hook_calls("git hop hook pre-commit-x\n", "pre-commit"));
	ck_assert(!hook_calls("git hop hook pre-push\n", "pre-commit"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("core-hook");
	TCase *tc = tcase_create("hook");

	tcase_add_test(tc, texts);
	tcase_add_test(tc, calls);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
