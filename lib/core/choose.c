/* Decisions that depend on the catalogue only. */
#include "core/choose.h"

/* The hotfix, or the lowest of the other releases. */
static const struct open_release *find_next(const struct catalog *catalog, bool hotfix)
{
	for (size_t i = 0; i < catalog->open_count; i++) {
		if (catalog->open[i].hotfix == hotfix)
			return &catalog->open[i];
	}
	return NULL;
}

static bool same(const struct version *a, const struct version *b)
{
	return version_compare(a, b) == 0;
}

/* The next number, also after tags whose file is gone: a tag is never reused. */
static struct version next_rc(const struct open_release *release, const struct promotion_wish *wish)
{
	struct version rc = release->rc;

	rc.stage = VERSION_RC;
	for (size_t i = 0; i < wish->tagged_count; i++) {
		const struct version *tagged = &wish->tagged[i];
		struct version base = version_base(tagged);

		if (tagged->stage == VERSION_RC && same(&base, &release->version) &&
		    tagged->number > rc.number)
			rc = *tagged;
	}
	rc.number++;
	return rc;
}

static const struct open_release *find_other_rc(const struct catalog *catalog,
						const struct open_release *release)
{
	for (size_t i = 0; i < catalog->open_count; i++) {
		if (catalog->open[i].rc.number > 0 && &catalog->open[i] != release)
			return &catalog->open[i];
	}
	return NULL;
}

/*
 * The release that receives the candidates: the next open one or, if there is none, the next minor
 * release, which will be opened.
 */
static struct error *choose_next(struct promotion_choice *c, const struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->open_count; i++) {
		const struct open_release *other = &catalog->open[i];

		if (other->hotfix || version_compare(&other->version, &c->version) <= 0)
			continue;
		c->next = other->version;
		return NULL;
	}
	c->opens = true;
	return version_next(&c->next, &c->version, LEVEL_MINOR);
}

/* The reason why the release cannot be promoted. */
static enum refusal judge(struct promotion_choice *c, const struct catalog *catalog,
			  const struct promotion_wish *wish)
{
	const struct manifest *list = c->release->manifest;
	bool left = manifest_count(list, PATCH_CANDIDATE) > 0;

	if (!c->release->hotfix && version_compare(&catalog->production, &c->release->version) >= 0)
		return REFUSE_BELOW;
	c->other = wish->to == PROMOTE_RC ? find_other_rc(catalog, c->release) : NULL;
	if (c->other)
		return REFUSE_OTHER_RC;
	if (wish->to != PROMOTE_RC && left && !wish->carry)
		return REFUSE_CANDIDATES;
	c->carries = wish->to != PROMOTE_RC && left;
	/*
	 * A repeated --carry must not carry patches on from the release that the first one opened.
	 */
	if ((wish->to == PROMOTE_PROD && !c->carries) || manifest_count(list, PATCH_STAGED) > 0)
		return REFUSE_NOTHING;
	return REFUSE_EMPTY;
}

struct error *choose_promotion(struct promotion_choice *c, const struct catalog *catalog,
			       const struct promotion_wish *wish)
{
	struct error *err;

	*c = (struct promotion_choice){.refusal = REFUSE_NONE_OPEN};
	c->release = find_next(catalog, wish->to == PROMOTE_HOTFIX);
	if (wish->meant && (!c->release || !same(&c->release->version, wish->meant)))
		c->refusal = REFUSE_OTHER;
	else if (c->release)
		c->refusal = REFUSE_NOTHING;
	if (c->refusal == REFUSE_NONE_OPEN)
		return wish->to == PROMOTE_HOTFIX
			       ? catalog_refuse_unreadable(catalog, &catalog->production, false)
			       : catalog_refuse_any_unreadable(catalog);
	if (c->refusal != REFUSE_NOTHING)
		return NULL;
	c->version = wish->to == PROMOTE_RC ? next_rc(c->release, wish) : c->release->becomes;
	c->refusal = judge(c, catalog, wish);
	if (wish->to == PROMOTE_PROD)
		c->overtaken = find_next(catalog, true);
	err = catalog_refuse_unreadable(catalog, &c->release->version, true);
	if (!err && c->carries)
		err = choose_next(c, catalog);
	if (!err && c->carries)
		err = catalog_refuse_unreadable(catalog, &c->next, false);
	return err;
}

const struct open_release *choose_lower(const struct catalog *catalog,
					const struct open_release *release)
{
	for (size_t i = 0; !release->hotfix && i < catalog->open_count; i++) {
		const struct open_release *lower = &catalog->open[i];

		if (version_compare(&lower->version, &release->version) < 0 && !lower->hotfix &&
		    lower->manifest->count > 0)
			return lower;
	}
	return NULL;
}

struct error *choose_opening(struct opening_choice *out, const struct catalog *catalog, bool hotfix,
			     enum version_level level)
{
	struct error *err = NULL;

	*out = (struct opening_choice){.refusal = REFUSE_NOTHING};
	if (hotfix && version_is_zero(&catalog->production))
		out->refusal = REFUSE_UNRELEASED;
	else if (hotfix)
		out->version = version_next_hotfix(&catalog->production);
	else
		err = version_next(&out->version, &catalog->production, level);
	if (err || out->refusal != REFUSE_NOTHING)
		return err;
	for (size_t i = 0; i < catalog->open_count && !out->other; i++) {
		const struct open_release *open = &catalog->open[i];

		if (hotfix ? open->hotfix : same(&open->version, &out->version))
			out->other = open;
	}
	if (out->other)
		out->refusal = REFUSE_OPEN;
	return catalog_refuse_unreadable(catalog, &out->version, false);
}
