/* What an upgrade does. */
#include "core/plan.h"

#include "unit.h"

/*
 * Worlds are written as text: releases "VERSION:ID=HASH,ID=HASH ..." and what is applied
 * "ID=HASH@VERSION ...". A plan is printed in the same way, a skipped patch in parentheses.
 */
static struct version version_of(const char *text)
{
	struct version v;

	ck_good(version_parse(&v, text));
	return v;
}

static size_t read_releases(struct plan_release **out, void *ctx, const char *text)
{
	char **words = mem_split(ctx, text, ' ');
	size_t count = mem_list_length(words);

	*out = mem_array(ctx, struct plan_release, count + 1);
	for (size_t i = 0; i < count; i++) {
		struct plan_release *r = &(*out)[i];
		char **parts = mem_split(ctx, words[i], ':');
		char **patches = mem_split(ctx, parts[1] ? parts[1] : "", ',');

		r->version = version_of(parts[0]);
		r->count = mem_list_length(patches);
		r->patches = mem_array(ctx, struct plan_patch, r->count + 1);
		for (size_t j = 0; j < r->count; j++) {
			char **pair = mem_split(ctx, patches[j], '=');

			r->patches[j] = (struct plan_patch){pair[0], pair[1]};
		}
	}
	return count;
}

static size_t read_applied(struct plan_applied **out, void *ctx, const char *text)
{
	char **words = mem_split(ctx, text, ' ');
	size_t count = mem_list_length(words);

	*out = mem_array(ctx, struct plan_applied, count + 1);
	for (size_t i = 0; i < count; i++) {
		char **parts = mem_split(ctx, words[i], '@');
		char **pair = mem_split(ctx, parts[0], '=');

		(*out)[i] = (struct plan_applied){pair[0], pair[1], parts[1]};
	}
	return count;
}

static struct error *make(char **text, void *ctx, const char *releases, const char *applied,
			  const char *from, const char *final, const char *to)
{
	struct version f = version_of(from ? from : "0.0.0"), t = version_of(to);
	struct version n = version_of(final ? final : "0.0.0");
	struct plan_release *rs;
	struct plan_applied *as;
	size_t rs_count = read_releases(&rs, ctx, releases);
	size_t as_count = read_applied(&as, ctx, applied);
	struct plan *plan;
	struct error *err;

	err = plan_make(&plan, ctx,
			&(struct plan_request){rs, rs_count, as, as_count, from ? &f : NULL,
					       final ? &n : NULL, &t});
	if (err)
		return err;
	*text = mem_dup(ctx, "");
	for (size_t i = 0; i < plan->count; i++) {
		const struct plan_release *r = plan->steps[i].release;

		mem_append(text, ctx, "%s%s:", i ? " " : "", version_print(ctx, &r->version));
		for (size_t j = 0; j < r->count; j++)
			mem_append(text, ctx, plan->steps[i].skip[j] ? "%s(%s)" : "%s%s",
				   j ? "," : "", r->patches[j].id);
	}
	return NULL;
}

/* Out of order on purpose. */
#define WORLD                                                                                   \
	"1.1.0:4=d,5=e 0.0.0: 1.0.0:1=a,2=b 1.1.0-rc1:4=d 1.0.0-hotfix1:3=c 1.1.0-rc2:4=d,5=e " \
	"1.2.0:7=g,3=c 1.1.0-hotfix10:9=i 1.1.0-hotfix2:6=f 1.3.0-rc1:8=h"

static const struct {
	const char *releases, *applied, *from, *to, *plan;
} plans[] = {
	{WORLD, "", "1.0.0", "1.0.0", ""},
	{"", "", "1.0.0", "1.0.0", ""},
	{WORLD, "", NULL, "0.0.0", "0.0.0:"},
	{WORLD, "", NULL, "1.0.0", "0.0.0: 1.0.0:1,2"},
	{WORLD, "", NULL, "1.2.0",
	 "0.0.0: 1.0.0:1,2 1.0.0-hotfix1:3 1.1.0:4,5 1.1.0-hotfix2:6 1.1.0-hotfix10:9 1.2.0:7,(3)"},
	{WORLD, "1=a@1.0.0 2=b@1.0.0", "1.0.0", "1.1.0", "1.0.0-hotfix1:3 1.1.0:4,5"},
	{WORLD, "3=c@1.0.0-hotfix1", "1.1.0-hotfix10", "1.2.0", "1.2.0:7,(3)"},
	{WORLD, "", "1.1.0-hotfix1", "1.1.0-hotfix2", "1.1.0-hotfix2:6"},
	{WORLD, "", "1.0.0-hotfix1", "1.1.0-rc2", "1.1.0-rc2:4,5"},
	{WORLD, "", "1.0.0", "1.1.0-rc2", "1.0.0-hotfix1:3 1.1.0-rc2:4,5"},
	{WORLD, "4=d@1.1.0-rc1", "1.1.0-rc1", "1.1.0-rc2", "1.1.0-rc2:(4),5"},
	{WORLD, "4=d@1.1.0-rc1", "1.1.0-rc1", "1.1.0", "1.1.0:(4),5"},
	{WORLD, "4=d@1.1.0-rc1 5=e@1.1.0-rc2", "1.1.0-rc2", "1.1.0-hotfix2",
	 "1.1.0:(4),(5) 1.1.0-hotfix2:6"},
	{WORLD, "3=c@1.0.0-hotfix1", "1.1.0", "1.3.0-rc1",
	 "1.1.0-hotfix2:6 1.1.0-hotfix10:9 1.2.0:7,(3) 1.3.0-rc1:8"},
	{"1.0.0:1=a,1=a", "", NULL, "1.0.0", "1.0.0:1,(1)"},
};

START_TEST(planned)
{
	SCOPE(tmp, NULL);
	char *text;

	ck_good(make(&text, tmp, plans[_i].releases, plans[_i].applied, plans[_i].from, NULL,
		     plans[_i].to));
	ck_assert_str_eq(text, plans[_i].plan);
}
END_TEST

/* Databases at a release candidate: a hotfix may have come out since they got it. */
static const struct {
	const char *final, *to, *plan;
} ways[] = {
	{"1.0.0", "1.1.0-rc2", "1.0.0-hotfix1:3 1.1.0-rc2:(4),5"},
	{"1.0.0", "1.1.0", "1.0.0-hotfix1:3 1.1.0:(4),5"},
	{"1.0.0-hotfix1", "1.1.0", "1.1.0:(4),5"},
};

START_TEST(from_candidate)
{
	SCOPE(tmp, NULL);
	char *text;

	ck_good(make(&text, tmp, WORLD, "4=d@1.1.0-rc1", "1.1.0-rc1", ways[_i].final, ways[_i].to));
	ck_assert_str_eq(text, ways[_i].plan);
}
END_TEST

static const struct {
	const char *releases, *applied, *from, *to, *message, *hint;
} refusals[] = {
	{"", "", NULL, "1.0.0", "there is no release '1.0.0'", "nothing has been released yet"},
	{WORLD, "", NULL, "1.1.1", "there is no release '1.1.1'",
	 "the nearest are '1.1.0-hotfix10' and '1.2.0'"},
	{WORLD, "", "1.0.0", "9.0.0", "there is no release '9.0.0'", "the nearest is '1.2.0'"},
	{WORLD, "", "1.0.0", "1.3.0-rc2", "there is no release '1.3.0-rc2'",
	 "the nearest is '1.3.0-rc1'"},
	{"1.0.0:", "", NULL, "0.1.0", "there is no release '0.1.0'", "the nearest is '1.0.0'"},
	{WORLD, "", "1.1.0", "1.0.0", "'1.0.0' is lower than '1.1.0', the version of the database",
	 NULL},
	{WORLD, "", "1.1.0", "1.1.0-rc2",
	 "'1.1.0-rc2' is lower than '1.1.0', the version of the database", NULL},
	{"1.0.0: 2.0.0:", "", "1.1.0-rc1", "2.0.0",
	 "there is no upgrade path from release candidate '1.1.0-rc1' to '2.0.0'",
	 "'1.1.0' was not released"},
	{WORLD, "4=x@1.1.0-rc1", "1.1.0-rc1", "1.1.0",
	 "patch '4' of '1.1.0' has already been applied by '1.1.0-rc1' with different contents",
	 "the hash of its directory is now d, and was x"},
	{"1.0.0-hotfix1:3=c 1.1.0:3=x", "", "1.0.0", "1.1.0",
	 "patch '3' of '1.1.0' has already been applied by '1.0.0-hotfix1' with different contents",
	 "the hash of its directory is now x, and was c"},
};

START_TEST(refused)
{
	SCOPE(tmp, NULL);
	struct error *err;
	char *text;

	err = make(&text, tmp, refusals[_i].releases, refusals[_i].applied, refusals[_i].from, NULL,
		   refusals[_i].to);
	ck_assert_ptr_nonnull(err);
	ck_assert_str_eq(err->message, refusals[_i].message);
	ck_assert_pstr_eq(err->hint, refusals[_i].hint);
	ck_error(err, ERROR_NO);
}
END_TEST

/* By whatever stops on the way, the same patches are applied in the same order. */
START_TEST(any_way)
{
	static const char *const stops[] = {"0.0.0", "1.0.0",         "1.0.0-hotfix1",
					    "1.1.0", "1.1.0-hotfix2", "1.1.0-hotfix10",
					    "1.2.0"};
	SCOPE(tmp, NULL);
	struct plan_release *releases;
	size_t count = read_releases(&releases, tmp, WORLD);
	struct plan_applied *applied = mem_array(tmp, struct plan_applied, 100);
	size_t applied_count = 0;
	struct version from;
	char *order = mem_dup(tmp, "");

	for (size_t s = 0; s < COUNT(stops); s++) {
		struct version to = version_of(stops[s]);
		struct plan *plan;

		if (s + 1 < COUNT(stops) && !(_i >> s & 1))
			continue;
		ck_good(plan_make(&plan, tmp,
				  &(struct plan_request){releases, count, applied, applied_count,
							 applied_count ? &from : NULL, NULL, &to}));
		for (size_t i = 0; i < plan->count; i++) {
			const struct plan_release *r = plan->steps[i].release;

			for (size_t j = 0; j < r->count; j++) {
				if (plan->steps[i].skip[j])
					continue;
				applied[applied_count++] =
					(struct plan_applied){r->patches[j].id, r->patches[j].hash,
							      version_print(tmp, &r->version)};
				mem_append(&order, tmp, "%s ", r->patches[j].id);
			}
		}
		from = to;
	}
	ck_assert_str_eq(order, "1 2 3 4 5 6 9 7 ");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("core-plan");
	TCase *tc = tcase_create("plan");

	tcase_add_loop_test(tc, planned, 0, (int)COUNT(plans));
	tcase_add_loop_test(tc, from_candidate, 0, (int)COUNT(ways));
	tcase_add_loop_test(tc, refused, 0, (int)COUNT(refusals));
	tcase_add_loop_test(tc, any_way, 0, 64);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
