/* core/bootstrap: the names of data scripts. */
#include "core/bootstrap.h"

#include "unit.h"

START_TEST(copies)
{
	SCOPE(tmp, NULL);

	ck_assert_str_eq(bootstrap_name(tmp, 3, "12-users", "02_rows.sql"),
			 "0003-12-users-02_rows.sql");
	ck_assert_str_eq(bootstrap_name(tmp, 12345, "7", "a.sql"), "12345-7-a.sql");
	ck_assert(bootstrap_is_copy("0003-12-users-02_rows.sql", "12-users", "02_rows.sql"));
	ck_assert(bootstrap_is_copy("7-1-a.sql", "1", "a.sql"));
	ck_assert(!bootstrap_is_copy("0003-12-users-02_rows.sql", "12-users", "rows.sql"));
	ck_assert(!bootstrap_is_copy("0003-12-users-02_rows.sql", "12-user", "02_rows.sql"));
	ck_assert(!bootstrap_is_copy("12-users-02_rows.sql", "12-users", "02_rows.sql"));
	ck_assert(!bootstrap_is_copy("", "12-users", "02_rows.sql"));
	ck_assert(!bootstrap_is_copy("hand.sql", "1", "hand.sql"));
}
END_TEST

START_TEST(numbers)
{
	ck_assert_int_eq(bootstrap_number("0003-12-users-02_rows.sql"), 3);
	ck_assert_int_eq(bootstrap_number("999999999-1-a"), 999999999);
	ck_assert_int_eq(bootstrap_number("9999999999-1-a"), 0);
	ck_assert_int_eq(bootstrap_number("0003"), 0);
	ck_assert_int_eq(bootstrap_number("-1"), 0);
	ck_assert_int_eq(bootstrap_number(""), 0);
}
END_TEST

/* In the order in which they run. */
static const char *const sorted[] = {
	"0001-2-a.sql", "0002-1-a.sql",  "0002-1-b.sql",        "2-1-a.sql",
	"9999-1-a.sql", "10000-1-a.sql", "99999999999-1-a.sql", "hand.sql",
};

START_TEST(order)
{
	for (size_t i = 0; i < COUNT(sorted); i++) {
		for (size_t k = 0; k < COUNT(sorted); k++) {
			int way = bootstrap_compare(sorted[i], sorted[k]);

			ck_assert_int_eq((way > 0) - (way < 0), (i > k) - (i < k));
		}
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("core-bootstrap");
	TCase *tc = tcase_create("bootstrap");

	tcase_add_test(tc, copies);
	tcase_add_test(tc, numbers);
	tcase_add_test(tc, order);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
