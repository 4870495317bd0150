/* What .gitignore, .gitattributes and the index say of files of the working tree. */
#include "port/repo.h"

#include <string.h>

#include "port/repo_private.h"

struct error *repo_is_ignored(bool *out, struct repo *repo, const char *path)
{
	int ignored;

	/* libgit2 does not know a core.excludesFile of the environment. */
	*out = repo->overrides != NULL;
	if (*out)
		return NULL;
	if (git_ignore_path_is_ignored(&ignored, repo->git, path) < 0)
		return repo_error("cannot read .gitignore for '%s'", path);
	*out = ignored;
	return NULL;
}

static int seen(const char *path, unsigned int status, void *arg)
{
	(void)path;
	*(bool *)arg = status & (GIT_STATUS_WT_NEW | GIT_STATUS_IGNORED);
	return *(bool *)arg;
}

struct error *repo_has_untracked(bool *out, struct repo *repo, const char *under)
{
	char *path = (char *)under;
	git_status_options options = {
		.version = GIT_STATUS_OPTIONS_VERSION,
		.show = GIT_STATUS_SHOW_WORKDIR_ONLY,
		.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED | GIT_STATUS_OPT_RECURSE_UNTRACKED_DIRS |
			 GIT_STATUS_OPT_INCLUDE_IGNORED | GIT_STATUS_OPT_RECURSE_IGNORED_DIRS |
			 GIT_STATUS_OPT_DISABLE_PATHSPEC_MATCH | GIT_STATUS_OPT_EXCLUDE_SUBMODULES,
		.pathspec = {&path, 1},
	};

	*out = false;
	if (git_status_foreach_ext(repo->git, &options, seen, out) < 0)
		return repo_error("cannot read the working tree");
	return NULL;
}

static bool is_set(const char *attribute)
{
	git_attr_value_t value = git_attr_value(attribute);

	return value != GIT_ATTR_VALUE_UNSPECIFIED && value != GIT_ATTR_VALUE_FALSE;
}

struct error *repo_is_converted(bool *out, struct repo *repo, const char *path)
{
	static const char *names[] = {"text",   "crlf",  "eol",
				      "filter", "ident", "working-tree-encoding"};
	enum { COUNT = sizeof(names) / sizeof(*names) };
	SCOPE(tmp, NULL);
	const char *values[COUNT], *autocrlf = repo_config(tmp, repo, "core.autocrlf");

	*out = repo->overrides || (autocrlf && strcasecmp(autocrlf, "false") != 0);
	if (*out)
		return NULL;
	if (git_attr_get_many(values, repo->git, 0, path, COUNT, names) < 0)
		return repo_error("cannot read .gitattributes for '%s'", path);
	for (size_t i = 0; i < COUNT; i++)
		*out = *out || is_set(values[i]);
	return NULL;
}
