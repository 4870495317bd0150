/* The catalogue of releases, as a value. */
#include "core/catalog.h"

#include <string.h>

static struct error *unreadable(const struct unreadable_release *u)
{
	return error_add_hint_lines(error_new(ERROR_FAIL, "%s", u->message),
				    u->hint ? u->hint : "");
}

struct error *catalog_refuse_unreadable(const struct catalog *catalog,
					const struct version *version, bool lower)
{
	struct version base = version_base(version);

	for (size_t i = 0; i < catalog->unreadable_count; i++) {
		const struct unreadable_release *u = &catalog->unreadable[i];
		int order = version_compare(&u->version, &base);

		if (order == 0 ||
		    (lower && order < 0 && version_compare(&u->version, &catalog->production) > 0))
			return unreadable(u);
	}
	return NULL;
}

struct error *catalog_refuse_any_unreadable(const struct catalog *catalog)
{
	return catalog->unreadable_count > 0 ? unreadable(&catalog->unreadable[0]) : NULL;
}

struct error *catalog_find(const struct open_release **out, const struct catalog *catalog,
			   const struct version *version)
{
	SCOPE(tmp, NULL);
	struct version base = version_base(version);
	char *known = NULL;
	struct error *err;

	for (size_t i = 0; i < catalog->open_count; i++) {
		const struct open_release *release = &catalog->open[i];

		if (version_compare(&release->version, &base) == 0 ||
		    version_compare(&release->becomes, version) == 0) {
			*out = release;
			return NULL;
		}
		mem_append(&known, tmp, " %s", version_print(tmp, &release->becomes));
	}
	err = catalog_refuse_unreadable(catalog, version, false);
	if (err)
		return err;
	err = error_new(ERROR_NO, "there is no release %s in preparation",
			version_print(tmp, &base));
	if (known)
		return error_hint(err, "in preparation:%s", known);
	return error_hint(err, "git hop release create patch|minor|major opens one");
}

const struct open_release *catalog_release_of(const struct catalog *catalog, const char *id)
{
	for (size_t i = 0; i < catalog->open_count; i++) {
		if (manifest_find(catalog->open[i].manifest, id))
			return &catalog->open[i];
	}
	return NULL;
}

struct error *catalog_number_taken(const struct catalog *catalog, int number, const char *but)
{
	SCOPE(tmp, NULL);

	for (size_t i = 0; i < catalog->open_count; i++) {
		const struct open_release *release = &catalog->open[i];

		for (size_t k = 0; k < release->manifest->count; k++) {
			const char *listed = release->manifest->entries[k].id;
			struct patch_id other;
			struct error *err;

			err = patch_id_parse(&other, tmp, listed);
			if (err)
				return err;
			if (other.number == number && (!but || strcmp(listed, but) != 0))
				return error_new(
					ERROR_NO,
					"the number %d is taken by patch '%s' of release %s",
					other.number, listed,
					version_print(tmp, &release->becomes));
		}
	}
	return NULL;
}
