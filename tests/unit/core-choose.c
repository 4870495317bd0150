/* core/choose, core/catalog: which release, which version, and why not. */
#include "core/choose.h"

#include "unit.h"

/*
 * Worlds are written as text: production, then the open releases "X.Y.Z[+N]:ID,ID..." in order. N
 * is the number of the newest release candidate; an S behind an ID says that it is staged.
 */
static struct version version_of(const char *text)
{
	struct version v;

	ck_good(version_parse(&v, text));
	return v;
}

static void read_open(struct open_release *out, void *ctx, const struct catalog *catalog,
		      const char *word)
{
	char **parts = mem_split(ctx, word, ':');
	char **name = mem_split(ctx, parts[0], '+');
	struct version production = version_base(&catalog->production);
	struct manifest *list = manifest_new(ctx);

	*out = (struct open_release){.version = version_of(name[0])};
	out->becomes = out->version;
	out->hotfix = version_compare(&out->version, &production) == 0;
	if (out->hotfix)
		out->becomes = version_next_hotfix(&catalog->production);
	out->rc = out->version;
	out->rc.stage = VERSION_RC;
	out->rc.number = name[1] ? atoi(name[1]) : 0;
	out->branch = mem_printf(ctx, "ho-release/%s", name[0]);
	for (char **id = mem_split(ctx, parts[1] ? parts[1] : "", ','); *id && **id; id++) {
		bool staged = (*id)[strlen(*id) - 1] == 'S';

		if (staged)
			(*id)[strlen(*id) - 1] = '\0';
		ck_good(manifest_add(list, *id));
		if (staged)
			ck_good(manifest_stage(list, *id, NULL));
	}
	out->manifest = list;
}

static const struct catalog *world(void *ctx, const char *text)
{
	char **words = mem_split(ctx, text, ' ');
	size_t count = mem_list_length(words) - 1;
	struct open_release *open = mem_array(ctx, struct open_release, count + 1);
	struct catalog *catalog = mem_new(ctx, struct catalog);

	catalog->production = version_of(words[0]);
	for (size_t i = 0; i < count; i++)
		read_open(&open[i], ctx, catalog, words[i + 1]);
	catalog->open = open;
	catalog->open_count = count;
	return catalog;
}

static const char *const refusals[] = {[REFUSE_NONE_OPEN] = "none",        [REFUSE_OTHER] = "other",
				       [REFUSE_BELOW] = "below",           [REFUSE_OTHER_RC] = "rc",
				       [REFUSE_CANDIDATES] = "candidates", [REFUSE_EMPTY] = "empty",
				       [REFUSE_UNRELEASED] = "unreleased", [REFUSE_OPEN] = "open"};

/* "VERSION [-> NEXT [new]] [overtakes X]", or "no: REFUSAL [RELEASE]" */
static char *promote_as(void *ctx, const char *text, struct promotion_wish wish, const char *tags)
{
	char **words = mem_split(ctx, tags, ' '), *out;
	struct version *tagged = mem_array(ctx, struct version, mem_list_length(words) + 1);
	struct promotion_choice c;

	for (; *tags && words[wish.tagged_count]; wish.tagged_count++)
		tagged[wish.tagged_count] = version_of(words[wish.tagged_count]);
	wish.tagged = tagged;
	ck_good(choose_promotion(&c, world(ctx, text), &wish));
	if (c.refusal != REFUSE_NOTHING)
		return mem_printf(ctx, "no: %s%s%s", refusals[c.refusal], c.other ? " " : "",
				  c.other ? version_print(ctx, &c.other->rc) : "");
	out = version_print(ctx, &c.version);
	if (c.carries)
		mem_append(&out, ctx, " -> %s%s", version_print(ctx, &c.next),
			   c.opens ? " new" : "");
	if (c.overtaken)
		mem_append(&out, ctx, " overtakes %s", c.overtaken->branch);
	return out;
}

static char *promote(void *ctx, const char *text, enum promote_to to)
{
	return promote_as(ctx, text, (struct promotion_wish){.to = to}, "");
}

START_TEST(production)
{
	SCOPE(tmp, NULL);
	const struct {
		const char *world, *choice;
	} cases[] = {
		{"1.0.0", "no: none"},
		{"1.0.0 1.1.0:1S", "1.1.0"},
		/* Nothing at all is a release, too. */
		{"1.0.0 1.1.0:", "1.1.0"},
		{"1.0.0 1.1.0:1S 1.2.0:2S", "1.1.0"},
		{"1.0.0 1.1.0:1S,2", "no: candidates"},
		{"1.0.0 1.1.0:2", "no: candidates"},
		/* One that others overtook. */
		{"1.2.0 1.1.0:1S 1.3.0:2S", "no: below"},
		/* A hotfix is neither the lowest nor in the way, but it is overtaken. */
		{"1.0.0 1.0.0:3 1.1.0:1S", "1.1.0 overtakes ho-release/1.0.0"},
		{"1.0.0 1.0.0:3", "no: none"},
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		ck_assert_str_eq(promote(tmp, cases[i].world, PROMOTE_PROD), cases[i].choice);
}
END_TEST

START_TEST(hotfixes)
{
	SCOPE(tmp, NULL);

	ck_assert_str_eq(promote(tmp, "1.0.0 1.1.0:1S", PROMOTE_HOTFIX), "no: none");
	ck_assert_str_eq(promote(tmp, "1.0.0 1.0.0:1S 1.1.0:", PROMOTE_HOTFIX), "1.0.0-hotfix1");
	ck_assert_str_eq(promote(tmp, "1.2.0-hotfix1 1.2.0:1S", PROMOTE_HOTFIX), "1.2.0-hotfix2");
	ck_assert_str_eq(promote(tmp, "1.0.0 1.0.0:", PROMOTE_HOTFIX), "no: empty");
	ck_assert_str_eq(promote(tmp, "1.0.0 1.0.0:1S,2", PROMOTE_HOTFIX), "no: candidates");
}
END_TEST

START_TEST(release_candidates)
{
	SCOPE(tmp, NULL);
	const struct promotion_wish rc = {.to = PROMOTE_RC};

	ck_assert_str_eq(promote(tmp, "1.0.0 1.1.0:1S,2", PROMOTE_RC), "1.1.0-rc1");
	ck_assert_str_eq(promote(tmp, "1.0.0 1.1.0+1:1S", PROMOTE_RC), "1.1.0-rc2");
	ck_assert_str_eq(promote(tmp, "1.0.0 1.1.0:2", PROMOTE_RC), "no: empty");
	/* A tag stays what it is, also when the file is gone; others' do not count. */
	ck_assert_str_eq(promote_as(tmp, "1.0.0 1.1.0+1:1S", rc, "1.1.0-rc4 1.2.0-rc9"),
			 "1.1.0-rc5");
	/* One version at a time. */
	ck_assert_str_eq(promote(tmp, "1.0.0 1.1.0:1S 1.2.0+3:2S", PROMOTE_RC), "no: rc 1.2.0-rc3");
	ck_assert_str_eq(promote(tmp, "1.0.0 1.1.0:1S 1.2.0+3:2S", PROMOTE_PROD), "1.1.0");
}
END_TEST

START_TEST(carried)
{
	SCOPE(tmp, NULL);
	const struct promotion_wish carry = {.to = PROMOTE_PROD, .carry = true};

	ck_assert_str_eq(promote_as(tmp, "1.0.0 1.0.1:1S,2 1.3.0:", carry, ""), "1.0.1 -> 1.3.0");
	ck_assert_str_eq(promote_as(tmp, "1.0.0 1.0.1:1S,2", carry, ""), "1.0.1 -> 1.1.0 new");
	ck_assert_str_eq(promote_as(tmp, "1.0.0 1.0.1:1S", carry, ""), "1.0.1");
	/* Whoever says it twice does not mean the release that was opened the first time. */
	ck_assert_str_eq(promote_as(tmp, "1.0.1 1.1.0:2", carry, ""), "no: empty");
	/* Not into a hotfix. */
	ck_assert_str_eq(promote_as(tmp, "1.0.0 1.0.0: 1.0.1:1S,2", carry, ""),
			 "1.0.1 -> 1.1.0 new overtakes ho-release/1.0.0");
	/* There is no next version. */
	{
		struct promotion_choice c;

		ck_error(choose_promotion(&c, world(tmp, "1.0.0 1.999999.0:1S,2"), &carry),
			 ERROR_NO);
	}
}
END_TEST

START_TEST(meant)
{
	SCOPE(tmp, NULL);
	struct version v = version_of("1.1.0");
	const struct promotion_wish wish = {.to = PROMOTE_PROD, .meant = &v};

	ck_assert_str_eq(promote_as(tmp, "1.0.0 1.1.0:1S", wish, ""), "1.1.0");
	ck_assert_str_eq(promote_as(tmp, "1.1.0 1.2.0:1S", wish, ""), "no: other");
	ck_assert_str_eq(promote_as(tmp, "1.1.0", wish, ""), "no: other");
}
END_TEST

static const char *lower_of(void *ctx, const char *text, size_t n)
{
	const struct catalog *catalog = world(ctx, text);
	const struct open_release *lower = choose_lower(catalog, &catalog->open[n]);

	return lower ? version_print(ctx, &lower->version) : "none";
}

START_TEST(lower_first)
{
	SCOPE(tmp, NULL);

	ck_assert_str_eq(lower_of(tmp, "1.0.0 1.1.0:1 1.2.0:2", 1), "1.1.0");
	ck_assert_str_eq(lower_of(tmp, "1.0.0 1.1.0:1 1.2.0:2", 0), "none");
	ck_assert_str_eq(lower_of(tmp, "1.0.0 1.1.0: 1.2.0:2", 1), "none");
	/* A hotfix waits for nobody, and nobody for a hotfix. */
	ck_assert_str_eq(lower_of(tmp, "1.0.0 1.0.0:1 1.1.0:2", 1), "none");
	ck_assert_str_eq(lower_of(tmp, "1.1.0 1.0.1:1 1.1.0:2", 1), "none");
}
END_TEST

static char *opening(void *ctx, const char *text, bool hotfix, enum version_level level)
{
	struct opening_choice c;

	ck_good(choose_opening(&c, world(ctx, text), hotfix, level));
	if (c.refusal == REFUSE_NOTHING)
		return version_print(ctx, &c.version);
	return mem_printf(ctx, "no: %s%s%s", refusals[c.refusal], c.other ? " " : "",
			  c.other ? version_print(ctx, &c.other->becomes) : "");
}

START_TEST(openings)
{
	SCOPE(tmp, NULL);

	ck_assert_str_eq(opening(tmp, "1.2.3", false, LEVEL_PATCH), "1.2.4");
	ck_assert_str_eq(opening(tmp, "1.2.3-hotfix2", false, LEVEL_MINOR), "1.3.0");
	ck_assert_str_eq(opening(tmp, "1.2.3 1.3.0:", false, LEVEL_MAJOR), "2.0.0");
	ck_assert_str_eq(opening(tmp, "1.2.3 1.3.0:", false, LEVEL_MINOR), "no: open 1.3.0");
	ck_assert_str_eq(opening(tmp, "0.0.0", false, LEVEL_MINOR), "0.1.0");
	ck_assert_str_eq(opening(tmp, "0.0.0", true, LEVEL_PATCH), "no: unreleased");
	ck_assert_str_eq(opening(tmp, "1.2.3 1.3.0:1", true, LEVEL_PATCH), "1.2.3-hotfix1");
	ck_assert_str_eq(opening(tmp, "1.2.3 1.2.3:1", true, LEVEL_PATCH),
			 "no: open 1.2.3-hotfix1");
}
END_TEST

START_TEST(finding)
{
	SCOPE(tmp, NULL);
	const struct catalog *catalog = world(tmp, "1.0.0 1.0.0:3 1.1.0:1S,12-users");
	const struct open_release *found;
	struct version v = version_of("1.0.0-hotfix1"), none = version_of("1.3.0");

	ck_good(catalog_find(&found, catalog, &v));
	ck_assert(found == &catalog->open[0]);
	ck_error(catalog_find(&found, catalog, &none), ERROR_NO);
	ck_assert(catalog_release_of(catalog, "12-users") == &catalog->open[1]);
	ck_assert_ptr_null(catalog_release_of(catalog, "12"));
	ck_error(catalog_number_taken(catalog, 12, NULL), ERROR_NO);
	ck_error(catalog_number_taken(catalog, 12, "12-user"), ERROR_NO);
	ck_good(catalog_number_taken(catalog, 12, "12-users"));
	ck_good(catalog_number_taken(catalog, 2, NULL));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("core-choose");
	TCase *tc = tcase_create("choose");

	tcase_add_test(tc, production);
	tcase_add_test(tc, hotfixes);
	tcase_add_test(tc, release_candidates);
	tcase_add_test(tc, carried);
	tcase_add_test(tc, meant);
	tcase_add_test(tc, lower_first);
	tcase_add_test(tc, openings);
	tcase_add_test(tc, finding);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
