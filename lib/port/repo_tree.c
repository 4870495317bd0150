/* Trees and blobs: reading, writing, merging in memory. */
#include "port/repo.h"

#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/path.h"
#include "port/repo_private.h"

struct error *repo_peel_tree(git_tree **out, struct repo *repo, const char *treeish)
{
	CLEANUP(git_object_free) git_object *object = NULL;
	git_oid id;

	if (git_oid_fromstr(&id, treeish) < 0 ||
	    git_object_lookup(&object, repo->git, &id, GIT_OBJECT_ANY) < 0 ||
	    git_object_peel((git_object **)out, object, GIT_OBJECT_TREE) < 0)
		return repo_error("cannot read the tree of '%s'", treeish);
	return NULL;
}

struct error *repo_tree(char **oid, void *ctx, struct repo *repo, const char *commit)
{
	CLEANUP(git_tree_free) git_tree *tree = NULL;
	struct error *err;

	err = repo_peel_tree(&tree, repo, commit);
	if (err)
		return err;
	*oid = repo_oid_text(ctx, git_tree_id(tree));
	return NULL;
}

struct error *repo_entry(char **oid, void *ctx, struct repo *repo, const char *treeish,
			 const char *path)
{
	CLEANUP(git_tree_free) git_tree *tree = NULL;
	CLEANUP(git_tree_entry_free) git_tree_entry *entry = NULL;
	struct error *err;
	int rc;

	err = repo_peel_tree(&tree, repo, treeish);
	if (err)
		return err;
	rc = git_tree_entry_bypath(&entry, tree, path);
	if (rc < 0 && rc != GIT_ENOTFOUND)
		return repo_error("cannot find '%s' in '%s'", path, treeish);
	*oid = rc == 0 ? repo_oid_text(ctx, git_tree_entry_id(entry)) : NULL;
	return NULL;
}

struct error *repo_list(struct repo_file **out, size_t *count, void *ctx, struct repo *repo,
			const char *treeish, const char *path)
{
	SCOPE(tmp, NULL);
	CLEANUP(git_tree_free) git_tree *tree = NULL;
	struct repo_file *files;
	struct error *err;
	char *oid = mem_dup(tmp, treeish);
	size_t n;

	if (*path) {
		err = repo_entry(&oid, tmp, repo, treeish, path);
		if (err)
			return err;
	}
	*count = 0;
	*out = NULL;
	if (!oid)
		return NULL;
	err = repo_peel_tree(&tree, repo, oid);
	if (err)
		return err;
	n = git_tree_entrycount(tree);
	files = mem_array(ctx, struct repo_file, n);
	for (size_t i = 0; i < n; i++) {
		const git_tree_entry *entry = git_tree_entry_byindex(tree, i);

		files[i].name = mem_dup(files, git_tree_entry_name(entry));
		files[i].oid = repo_oid_text(files, git_tree_entry_id(entry));
		files[i].mode = (int)git_tree_entry_filemode(entry);
	}
	*out = files;
	*count = n;
	return NULL;
}

struct error *repo_blob(char **out, size_t *length, void *ctx, struct repo *repo, const char *oid)
{
	CLEANUP(git_blob_free) git_blob *blob = NULL;
	size_t n;
	git_oid id;

	if (git_oid_fromstr(&id, oid) < 0 || git_blob_lookup(&blob, repo->git, &id) < 0)
		return repo_error("cannot read the file '%s'", oid);
	if (git_blob_rawsize(blob) > MEM_TEXT_MAX)
		return error_too_large();
	n = (size_t)git_blob_rawsize(blob);
	*out = mem_dup_bytes(ctx, git_blob_rawcontent(blob), n);
	if (length)
		*length = n;
	return NULL;
}

struct error *repo_file(char **out, size_t *length, void *ctx, struct repo *repo,
			const char *treeish, const char *path)
{
	SCOPE(tmp, NULL);
	struct error *err;
	char *oid;

	err = repo_entry(&oid, tmp, repo, treeish, path);
	if (err)
		return err;
	*out = NULL;
	if (!oid)
		return NULL;
	return repo_blob(out, length, ctx, repo, oid);
}

struct error *repo_hash(char **oid, void *ctx, const char *bytes, size_t length)
{
	git_oid id;

	if (git_odb_hash(&id, bytes, length, GIT_OBJECT_BLOB) < 0)
		return repo_error("cannot hash a text");
	*oid = repo_oid_text(ctx, &id);
	return NULL;
}

struct error *repo_write_blob(char **oid, void *ctx, struct repo *repo, const char *bytes,
			      size_t length)
{
	git_oid id;

	if (git_blob_create_from_buffer(&id, repo->git, bytes, length) < 0)
		return repo_error("cannot write an object");
	*oid = repo_oid_text(ctx, &id);
	return NULL;
}

/* *USED: the number of updates without those that remove something that does not exist. */
static struct error *make_updates(git_tree_update *updates, size_t *used, git_tree *tree,
				  const struct repo_edit *edits, size_t count)
{
	*used = 0;
	for (size_t i = 0; i < count; i++) {
		CLEANUP(git_tree_entry_free) git_tree_entry *entry = NULL;
		git_tree_update *update = &updates[*used];

		update->path = edits[i].path;
		update->action = edits[i].oid ? GIT_TREE_UPDATE_UPSERT : GIT_TREE_UPDATE_REMOVE;
		update->filemode = (git_filemode_t)edits[i].mode;
		if (edits[i].oid && git_oid_fromstr(&update->id, edits[i].oid) < 0)
			return repo_error("cannot put '%s' into a tree", edits[i].path);
		if (edits[i].oid ||
		    (tree && git_tree_entry_bypath(&entry, tree, edits[i].path) == 0))
			++*used;
	}
	return NULL;
}

struct error *repo_edit_tree(char **oid, void *ctx, struct repo *repo, const char *tree,
			     const struct repo_edit *edits, size_t count)
{
	SCOPE(tmp, NULL);
	CLEANUP(git_tree_free) git_tree *base = NULL;
	git_tree_update *updates = mem_array(tmp, git_tree_update, count);
	struct error *err;
	size_t used;
	git_oid id;

	if (*tree) {
		err = repo_peel_tree(&base, repo, tree);
		if (err)
			return err;
	}
	err = make_updates(updates, &used, base, edits, count);
	if (err)
		return err;
	if (git_tree_create_updated(&id, repo->git, base, used, updates) < 0)
		return repo_error("cannot write a tree");
	*oid = repo_oid_text(ctx, &id);
	return NULL;
}

static struct error *add_path(git_treebuilder *builder, struct repo *repo, const char *path,
			      const char *name);

/* The tree of a directory on disk. *EMPTY: it would have no entries. */
static struct error *folder_tree(git_oid *out, bool *empty, struct repo *repo, const char *path)
{
	SCOPE(tmp, NULL);
	CLEANUP(git_treebuilder_free) git_treebuilder *builder = NULL;
	char *dir = path_join(tmp, repo_work_dir(repo), path);
	struct error *err;
	char **names;
	size_t count;

	err = file_list(&names, &count, tmp, dir);
	if (err)
		return err;
	if (git_treebuilder_new(&builder, repo->git, NULL) < 0)
		return repo_error("cannot make a tree");
	for (size_t i = 0; i < count; i++) {
		if (strcmp(names[i], ".git") == 0)
			continue;
		err = add_path(builder, repo, path_join(tmp, path, names[i]), names[i]);
		if (err)
			return err;
	}
	*empty = git_treebuilder_entrycount(builder) == 0;
	if (git_treebuilder_write(out, builder) < 0)
		return repo_error("cannot write a tree");
	return NULL;
}

static struct error *add_path(git_treebuilder *builder, struct repo *repo, const char *path,
			      const char *name)
{
	SCOPE(tmp, NULL);
	char *file = path_join(tmp, repo_work_dir(repo), path);
	git_filemode_t mode = GIT_FILEMODE_BLOB;
	struct error *err;
	bool empty = false;
	int ignored = 0;
	struct stat st;
	git_oid id;

	if (lstat(file, &st) < 0)
		return error_errno("cannot read '%s'", path);
	if (git_ignore_path_is_ignored(&ignored, repo->git, path) == 0 && ignored)
		return NULL;
	if (S_ISDIR(st.st_mode)) {
		mode = GIT_FILEMODE_TREE;
		err = folder_tree(&id, &empty, repo, path);
		if (err)
			return err;
	} else if (S_ISREG(st.st_mode) || S_ISLNK(st.st_mode)) {
		if (S_ISLNK(st.st_mode))
			mode = GIT_FILEMODE_LINK;
		else if (st.st_mode & S_IXUSR)
			mode = GIT_FILEMODE_BLOB_EXECUTABLE;
		if (git_blob_create_from_workdir(&id, repo->git, path) < 0)
			return repo_error("cannot read '%s'", path);
	} else {
		return error_hint(error_new(ERROR_NO, "%s: not a regular file", path),
				  "git tracks no pipes, sockets and devices: remove it");
	}
	if (!empty && git_treebuilder_insert(NULL, builder, name, &id, mode) < 0)
		return repo_error("cannot put '%s' into a tree", path);
	return NULL;
}

struct error *repo_tree_of_folder(char **oid, void *ctx, struct repo *repo, const char *path)
{
	struct error *err;
	bool empty;
	git_oid id;

	err = folder_tree(&id, &empty, repo, path);
	if (err)
		return err;
	*oid = repo_oid_text(ctx, &id);
	return NULL;
}

static void list_conflicts(char ***paths, void *ctx, git_index *index)
{
	const git_index_entry *base, *ours, *theirs;
	git_index_conflict_iterator *it;

	*paths = mem_array(ctx, char *, 1);
	if (git_index_conflict_iterator_new(&it, index) < 0)
		return;
	while (git_index_conflict_next(&base, &ours, &theirs, it) == 0)
		mem_list_add(paths, ctx, ours ? ours->path : theirs ? theirs->path : base->path);
	git_index_conflict_iterator_free(it);
}

struct error *repo_merge_trees(char **tree, char ***conflicts, void *ctx, struct repo *repo,
			       const char *base, const char *ours, const char *theirs)
{
	CLEANUP(git_tree_free) git_tree *b = NULL, *o = NULL, *t = NULL;
	CLEANUP(git_index_free) git_index *index = NULL;
	git_merge_options options;
	struct error *err;
	git_oid id;

	*tree = NULL;
	*conflicts = NULL;
	err = base ? repo_peel_tree(&b, repo, base) : NULL;
	if (!err)
		err = repo_peel_tree(&o, repo, ours);
	if (!err)
		err = repo_peel_tree(&t, repo, theirs);
	if (err)
		return err;
	git_merge_options_init(&options, GIT_MERGE_OPTIONS_VERSION);
	options.flags |= GIT_MERGE_FIND_RENAMES;
	if (git_merge_trees(&index, repo->git, b, o, t, &options) < 0)
		return repo_error("cannot merge '%s' and '%s'", ours, theirs);
	if (git_index_has_conflicts(index)) {
		list_conflicts(conflicts, ctx, index);
		return NULL;
	}
	if (git_index_write_tree_to(&id, index, repo->git) < 0)
		return repo_error("cannot write the merged tree");
	*tree = repo_oid_text(ctx, &id);
	return NULL;
}
