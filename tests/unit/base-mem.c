/* base/mem: contexts, lists, text. */
#include "base/mem.h"

#include "unit.h"

static int destroyed;

static int count_destroyed(char *text)
{
	(void)text;
	destroyed++;
	return 0;
}

static int leave_early(int n)
{
	SCOPE(tmp, NULL);

	talloc_set_destructor(mem_dup(tmp, "rubbish"), count_destroyed);
	if (n == 0)
		return 0;
	return n;
}

START_TEST(scope_ends_at_every_return)
{
	destroyed = 0;
	leave_early(0);
	leave_early(1);
	ck_assert_int_eq(destroyed, 2);
}
END_TEST

static void count_closed(int *p)
{
	++*p;
}
DEFINE_CLEANUP(int *, count_closed)

START_TEST(cleanup_passes_null_over)
{
	int closed = 0;

	{
		CLEANUP(count_closed) int *some = &closed;
		CLEANUP(count_closed) int *none = NULL;

		ck_assert_ptr_nonnull(some);
		ck_assert_ptr_null(none);
	}
	ck_assert_int_eq(closed, 1);
}
END_TEST

START_TEST(no_memory_ends_with_128)
{
	mem_check(NULL);
}
END_TEST

START_TEST(list_grows)
{
	SCOPE(tmp, NULL);
	char **list = NULL;

	ck_assert_uint_eq(mem_list_length(NULL), 0);
	for (int i = 0; i < 1000; i++) {
		mem_list_add(&list, tmp, mem_printf(tmp, "%d", i));
		ck_assert_uint_eq(mem_list_length(list), (size_t)i + 1);
	}
	for (int i = 0; i < 1000; i++)
		ck_assert_int_eq(atoi(list[i]), i);
}
END_TEST

static const struct {
	const char *text;
	size_t count;
	const char *last;
} splits[] = {
	{"", 0, NULL},    {"a", 1, "a"}, {"a:b", 2, "b"},
	{"a:b:", 2, "b"}, {":", 1, ""},  {":a", 2, "a"},
	{"a::b", 3, "b"}, {"::", 2, ""}, {"long item:x y", 2, "x y"},
};

START_TEST(split)
{
	SCOPE(tmp, NULL);
	char **list = mem_split(tmp, splits[_i].text, ':');

	ck_assert_uint_eq(mem_list_length(list), splits[_i].count);
	if (splits[_i].last)
		ck_assert_str_eq(list[splits[_i].count - 1], splits[_i].last);
}
END_TEST

START_TEST(text_grows)
{
	SCOPE(tmp, NULL);
	char *text = NULL;
	char *bytes;

	mem_append(&text, tmp, "%d", 1);
	for (int i = 2; i <= 5; i++)
		mem_append(&text, tmp, ",%d", i);
	ck_assert_str_eq(text, "1,2,3,4,5");
	ck_assert_str_eq(mem_dup_n(tmp, text, 3), "1,2");
	bytes = mem_dup_bytes(tmp, "a\0b", 3);
	ck_assert_mem_eq(bytes, "a\0b\0", 4);
	bytes = mem_dup_bytes(tmp, NULL, 0);
	ck_assert_str_eq(bytes, "");
}
END_TEST

START_TEST(arrays_begin_cleared)
{
	SCOPE(tmp, NULL);
	int *numbers = mem_array(tmp, int, 100);

	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(numbers[i], 0);
	numbers[99] = 7;
	numbers = mem_resize(tmp, numbers, int, 10000);
	ck_assert_int_eq(numbers[99], 7);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("base-mem");
	TCase *tc = tcase_create("mem");

	tcase_add_test(tc, scope_ends_at_every_return);
	tcase_add_test(tc, cleanup_passes_null_over);
	tcase_add_test(tc, list_grows);
	tcase_add_loop_test(tc, split, 0, (int)COUNT(splits));
	tcase_add_test(tc, text_grows);
	tcase_add_test(tc, arrays_begin_cleared);
	/* Needs a process of its own. */
	if (!unit_is_one_process())
		tcase_add_exit_test(tc, no_memory_ends_with_128, 128);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
