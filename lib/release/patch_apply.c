/* git hop patch apply: the development database with the patch as it is on disk. */
#include "release/patch_apply.h"

#include "base/fail.h"
#include "base/file.h"
#include "base/path.h"
#include "core/branch.h"
#include "build/scratch.h"
#include "project/patch_find.h"
#include "release/patch_files.h"

static struct error *work_tree_patch(char **tree, void *ctx, struct project *p, const char *id)
{
	char *dir = path_patch(ctx, id);
	struct error *err;

	if (!file_is_dir(path_join(ctx, p->root, dir)))
		return error_hint(
			error_new(ERROR_NO, "there is no directory '%s'", dir),
			"git status shows whether it was removed; its SQL files belong there");
	if (file_has_link(p->root, path_join(ctx, p->root, dir)))
		return error_hint(
			error_new(ERROR_NO, "a directory in the path '%s' is a symbolic link", dir),
			"git does not follow it: what would run here would never be committed");
	err = patch_files_check(p, id);
	return err ? err : repo_tree_of_folder(tree, ctx, p->repo, dir);
}

/*
 * The configuration in the worktree, because the patch may list roles or extensions that it needs.
 * NULL if a sparse checkout lacks the file: then that of the release applies.
 */
static struct error *work_tree_conf(struct conf **out, void *ctx, struct project *p)
{
	struct error *err;
	size_t length;
	char *text;

	*out = NULL;
	if (!file_exists(path_join(ctx, p->root, PATH_CONFIG)))
		return NULL;
	err = file_read(&text, &length, ctx, path_join(ctx, p->root, PATH_CONFIG));
	if (!err)
		err = conf_parse(out, ctx, PATH_CONFIG, text, length);
	return err ? error_recode(err, ERROR_NO) : NULL;
}

struct error *apply_patch(struct apply *apply, struct dev_server *dev)
{
	struct project *p = dev->project;
	SCOPE(tmp, p);
	const struct open_release *release;
	const struct catalog *catalog;
	struct scratch *scratch;
	struct build *build;
	struct conf *conf;
	struct error *err;
	char *tree;

	if (!p->root)
		return error_hint(error_new(ERROR_NO, "this repository has no working tree"),
				  "patches are developed in a clone with one: git hop clone URL");
	if (apply->dry_run && !dev->can_create)
		return error_new(ERROR_NO,
				 "role '%s' cannot create databases, so a dry run would change "
				 "'%s'",
				 db_user(dev->db), dev->database);
	err = dev_server_accept_major(dev);
	if (!err)
		err = patch_find_id(&apply->id, p, p, NULL);
	if (!err)
		err = catalog_read(&catalog, tmp, p);
	if (!err)
		err = patch_find_candidate(&release, catalog, apply->id);
	if (!err)
		err = work_tree_patch(&tree, tmp, p, apply->id);
	if (!err)
		err = build_of_release(&build, tmp, p, release->tip, &release->version);
	if (!err)
		err = work_tree_conf(&conf, tmp, p);
	if (err)
		return err;
	build->dump = apply->dump;
	build->conf = conf;
	build->root = p->root;
	apply->base = build->base;
	apply->release = build->release;
	apply->staged = build->count;
	build_add_loose(build, apply->id, tree);
	err = build_run(&scratch, tmp, dev, build, apply->staged);
	if (!err)
		err = fail_point("apply.built");
	if (!err && !apply->dry_run)
		err = scratch_swap_in(scratch);
	if (err)
		return err;
	build_prepare_spare(dev, build, apply->staged);
	return NULL;
}
