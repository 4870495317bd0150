/* A guess at how a project runs its tests. */
#include "care/detect.h"

#include <string.h>

#include "base/file.h"
#include "base/path.h"

/* Whether the file NAME in DIR has a line that starts with START. */
static struct error *has_line(bool *out, void *ctx, const char *dir, const char *name,
			      const char *start)
{
	char *path = path_join(ctx, dir, name);
	struct error *err;
	char *text;

	*out = false;
	if (!file_exists(path) || file_is_dir(path))
		return NULL;
	err = file_read(&text, NULL, ctx, path);
	if (err)
		return err;
	*out = strncmp(text, start, strlen(start)) == 0 ||
	       strstr(text, mem_printf(ctx, "\n%s", start)) != NULL;
	return NULL;
}

/* Whether the folder NAME in DIR holds a .sql file that plans tests as pgTAP does. */
static struct error *has_pgtap(bool *out, void *ctx, const char *dir, const char *name)
{
	char *folder = path_join(ctx, dir, name);
	struct error *err;
	char **names, *text;
	size_t count;

	*out = false;
	if (!file_is_dir(folder))
		return NULL;
	err = file_list(&names, &count, ctx, folder);
	for (size_t i = 0; !err && i < count && !*out; i++) {
		const char *dot = strrchr(names[i], '.');

		if (!dot || (strcmp(dot, ".sql") != 0 && strcmp(dot, ".pg") != 0))
			continue;
		err = file_read(&text, NULL, ctx, path_join(ctx, folder, names[i]));
		if (!err)
			*out = strcasestr(text, "plan(") != NULL;
	}
	return err;
}

struct error *detect_tests(char **command, char **because, void *ctx, const char *dir)
{
	static const struct {
		const char *file, *line, *command;
	} known[] = {
		{"pytest.ini", "", "pytest -q"},
		{"pyproject.toml", "[tool.pytest", "pytest -q"},
		{"setup.cfg", "[tool:pytest]", "pytest -q"},
		{"tox.ini", "[pytest]", "pytest -q"},
		{"conftest.py", "", "pytest -q"},
		{"tests/conftest.py", "", "pytest -q"},
		{"Makefile", "check:", "make check"},
		{"GNUmakefile", "check:", "make check"},
		{"Makefile", "test:", "make test"},
	};
	static const char *const folders[] = {"tests", "test", "t"};
	SCOPE(tmp, ctx);
	struct error *err;
	bool found;

	*command = NULL;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		err = has_line(&found, tmp, dir, known[i].file, known[i].line);
		if (err)
			return err;
		if (found) {
			*command = mem_dup(ctx, known[i].command);
			*because = mem_dup(ctx, known[i].file);
			return NULL;
		}
	}
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		err = has_pgtap(&found, tmp, dir, folders[i]);
		if (err)
			return err;
		if (found) {
			*command = mem_printf(ctx, "pg_prove %s/", folders[i]);
			*because = mem_printf(ctx, "the pgTAP files in %s/", folders[i]);
			return NULL;
		}
	}
	return NULL;
}
