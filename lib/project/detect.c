/* Guesses the test command of a project. */
#include "project/detect.h"

#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/path.h"
#include "core/branch.h"

struct entry {
	char *name;
	bool folder, file;
};

/* The source of files: a directory on disk or a commit. PATH is relative to it; "" is the top. */
struct source {
	struct error *(*list)(struct entry **out, size_t *count, void *ctx, const struct source *s,
			      const char *path);
	struct error *(*read)(char **text, void *ctx, const struct source *s, const char *path);
	const char *dir;
	struct repo *repo;
	const char *treeish;
};

static struct error *disk_list(struct entry **out, size_t *count, void *ctx, const struct source *s,
			       const char *path)
{
	const char *dir = *path ? path_join(ctx, s->dir, path) : s->dir;
	struct error *err;
	struct stat st;
	char **names;

	*out = NULL;
	*count = 0;
	if (lstat(dir, &st) < 0 || !S_ISDIR(st.st_mode))
		return NULL;
	err = file_list(&names, count, ctx, dir);
	if (err)
		return err;
	*out = mem_array(ctx, struct entry, *count);
	for (size_t i = 0; i < *count; i++) {
		struct entry *e = *out + i;

		e->name = names[i];
		if (lstat(path_join(ctx, dir, names[i]), &st) < 0)
			continue;
		e->folder = S_ISDIR(st.st_mode);
		e->file = S_ISREG(st.st_mode);
	}
	return NULL;
}

static struct error *disk_read(char **text, void *ctx, const struct source *s, const char *path)
{
	char *file = path_join(ctx, s->dir, path);

	*text = NULL;
	return file_exists(file) && !file_is_dir(file) ? file_read(text, NULL, ctx, file) : NULL;
}

static struct error *repo_list_entries(struct entry **out, size_t *count, void *ctx,
				       const struct source *s, const char *path)
{
	struct repo_file *files;
	struct error *err = repo_list(&files, count, ctx, s->repo, s->treeish, path);

	if (err)
		return err;
	*out = mem_array(ctx, struct entry, *count);
	for (size_t i = 0; i < *count; i++) {
		(*out)[i] = (struct entry){files[i].name, S_ISDIR(files[i].mode),
					   S_ISREG(files[i].mode)};
	}
	return NULL;
}

static struct error *repo_read(char **text, void *ctx, const struct source *s, const char *path)
{
	return repo_file(text, NULL, ctx, s->repo, s->treeish, path);
}

static bool ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n >= m && strcmp(name + n - m, end) == 0;
}

/* Does the file PATH contain a line that starts with START? */
static struct error *has_line(bool *out, void *ctx, const struct source *s, const char *path,
			      const char *start)
{
	struct error *err;
	char *text;

	err = s->read(&text, ctx, s, path);
	*out = !err && text &&
	       (strncmp(text, start, strlen(start)) == 0 ||
		strstr(text, mem_printf(ctx, "\n%s", start)) != NULL);
	return err;
}

/* Does the directory PATH contain an SQL file that calls pgTAP's plan()? */
static struct error *has_pgtap(bool *out, void *ctx, const struct source *s, const char *path)
{
	struct entry *entries;
	struct error *err;
	size_t count;
	char *text;

	*out = false;
	err = s->list(&entries, &count, ctx, s, path);
	for (size_t i = 0; !err && i < count && !*out; i++) {
		const char *name = entries[i].name;

		if (!entries[i].file || (!ends_with(name, ".sql") && !ends_with(name, ".pg")))
			continue;
		err = s->read(&text, ctx, s, path_join(ctx, path, name));
		*out = !err && text && strcasestr(text, "plan(") != NULL;
	}
	return err;
}

/* Directories that pytest ignores, and those of git hop. */
static bool is_passed_over(const char *path, const char *name)
{
	static const char *const names[] = {"_darcs", "build",        "CVS", "dist",
					    "venv",   "node_modules", NULL};

	for (size_t i = 0; names[i]; i++) {
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	if (!*path && (strcmp(name, PATH_PATCHES) == 0 || strcmp(name, "bootstrap") == 0))
		return true;
	return *name == '.' || ends_with(name, ".egg");
}

static bool is_collected(const char *name)
{
	return ends_with(name, ".py") &&
	       (strncmp(name, "test_", 5) == 0 || ends_with(name, "_test.py"));
}

/* The first file below PATH that pytest would collect; NULL if there is none. */
static struct error *find_collected(char **file, void *ctx, const struct source *s,
				    const char *path)
{
	SCOPE(tmp, ctx);
	struct entry *entries;
	struct error *err;
	size_t count;

	*file = NULL;
	err = s->list(&entries, &count, tmp, s, path);
	if (err)
		return err;
	for (size_t i = 0; i < count && !*file; i++) {
		const char *name = entries[i].name;

		if (entries[i].file && strcmp(name, "pyvenv.cfg") == 0)
			return NULL;
		if (entries[i].file && is_collected(name))
			*file = path_join(ctx, path, name);
	}
	for (size_t i = 0; !err && i < count && !*file; i++) {
		const char *name = entries[i].name;

		if (entries[i].folder && !is_passed_over(path, name))
			err = find_collected(file, ctx, s, path_join(tmp, path, name));
	}
	return err;
}

/* Looks for files by name, or by a line in them. */
static struct error *find_known(char **command, char **because, void *ctx, const struct source *s)
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
	SCOPE(tmp, ctx);
	struct error *err;
	bool found;

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		err = has_line(&found, tmp, s, known[i].file, known[i].line);
		if (err)
			return err;
		if (found) {
			*command = mem_dup(ctx, known[i].command);
			*because = mem_dup(ctx, known[i].file);
			return NULL;
		}
	}
	return NULL;
}

static struct error *find_pgtap(char **command, char **because, void *ctx, const struct source *s)
{
	static const char *const folders[] = {"tests", "test", "t"};
	SCOPE(tmp, ctx);
	struct error *err;
	bool found;

	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		err = has_pgtap(&found, tmp, s, folders[i]);
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

static struct error *detect(char **command, char **because, void *ctx, const struct source *s)
{
	struct error *err;
	char *file;

	*command = NULL;
	err = find_known(command, because, ctx, s);
	if (err || *command)
		return err;
	err = find_collected(&file, ctx, s, "");
	if (!err && file) {
		*command = mem_dup(ctx, "pytest -q");
		*because = file;
	}
	return err || *command ? err : find_pgtap(command, because, ctx, s);
}

struct error *detect_tests(char **command, char **because, void *ctx, const char *dir)
{
	const struct source s = {.list = disk_list, .read = disk_read, .dir = dir};

	return detect(command, because, ctx, &s);
}

struct error *detect_tests_in(char **command, char **because, void *ctx, struct repo *repo,
			      const char *treeish)
{
	const struct source s = {.list = repo_list_entries,
				 .read = repo_read,
				 .repo = repo,
				 .treeish = treeish};

	return detect(command, because, ctx, &s);
}
