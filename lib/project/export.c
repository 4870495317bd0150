/* Copies files of the repository into a private directory. */
#include "project/export.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/file.h"
#include "base/log.h"
#include "base/path.h"

static int export_free(struct export *e)
{
	int signal = signals_suspend();
	struct error *err = file_remove_tree(e->dir);

	if (err)
		warn("%s", err->message);
	error_free(err);
	signals_resume(signal);
	return 0;
}

struct error *export_open(struct export **out, void *ctx, struct project *p)
{
	struct export *e = mem_new(ctx, struct export);
	struct error *err;

	e->project = p;
	/* A child of E, so that the list is removed after the files that it lists. */
	err = leftovers_open(&e->leftovers, e, p);
	if (!err)
		err = leftovers_name(&e->dir, e, "hop-files");
	if (!err)
		err = leftovers_add(e->leftovers, "folder", e->dir);
	if (err)
		return err;
	talloc_set_destructor(e, export_free);
	err = fail_point("export.noted");
	if (!err && mkdir(e->dir, 0700) < 0)
		err = error_errno("cannot create directory '%s'", e->dir);
	*out = e;
	return err;
}

static struct error *write_file(struct repo *repo, const struct repo_file *file, const char *path)
{
	SCOPE(tmp, NULL);
	struct error *err;
	size_t length;
	char *bytes;

	err = repo_blob(&bytes, &length, tmp, repo, file->oid);
	if (err)
		return err;
	if (file->mode == MODE_LINK)
		return symlink(bytes, path) < 0 ? error_errno("cannot create '%s'", path) : NULL;
	return file_write_new(path, bytes, length, file->mode == MODE_EXECUTABLE ? 0700 : 0600);
}

/* git itself writes no entry of such a name; a tree made by other means may have one. */
static bool is_unsafe(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strchr(name, '/') || !*name;
}

static struct error *make_dir(const char *dir)
{
	/* What exists comes from a tree with two entries of one name: a link may lead outside. */
	return mkdir(dir, 0700) < 0 ? error_errno("cannot create directory '%s'", dir) : NULL;
}

/* DIR exists. */
static struct error *write_tree(struct repo *repo, const char *treeish, const char *dir)
{
	SCOPE(tmp, NULL);
	struct repo_file *files;
	struct error *err;
	size_t count;

	err = repo_list(&files, &count, tmp, repo, treeish, "");
	for (size_t i = 0; !err && i < count; i++) {
		char *path = path_join(tmp, dir, files[i].name);

		if (is_unsafe(files[i].name))
			err = error_new(ERROR_FAIL, "a tree of the repository has an entry '%s'",
					files[i].name);
		else if (files[i].mode == MODE_FOLDER || files[i].mode == MODE_SUBMODULE)
			err = make_dir(path);
		else
			err = write_file(repo, &files[i], path);
		if (!err && files[i].mode == MODE_FOLDER)
			err = write_tree(repo, files[i].oid, path);
		if (!err)
			err = signals_check();
	}
	return err;
}

struct error *export_write(struct export *e, const char *path, const char *treeish)
{
	SCOPE(tmp, e);
	struct repo *repo = e->project->repo;
	char *dir = *path ? path_join(tmp, e->dir, path) : e->dir;
	struct error *err = NULL;

	if (*path)
		err = file_remove_tree(dir);
	if (!err && *path)
		err = file_make_dirs(path_dir(tmp, dir), 0700);
	if (!err && *path)
		err = make_dir(dir);
	if (!err)
		err = write_tree(repo, treeish, dir);
	return error_wrap(err, "cannot write the files of the project to '%s'", e->dir);
}
