/* Updates shared refs. */
#include "publish/refs.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/machine.h"

#define HOP_PREFIX "refs/hop/"
#define NUMBERS HOP_PREFIX "patch/"
#define SUSPICIOUS 3 /* so many rejections in succession may be none by others */

static bool is_head(const char *ref)
{
	return strncmp(ref, "refs/heads/", 11) == 0;
}

/* refs/hop/X as the remote has it, in the project's refNamespace; any other ref as it is. */
static char *name_there(void *ctx, const struct project *p, const char *ref)
{
	if (strncmp(ref, HOP_PREFIX, strlen(HOP_PREFIX)) != 0)
		return mem_dup(ctx, ref);
	return mem_printf(ctx, "%s/%s", p->namespace, ref + strlen(HOP_PREFIX));
}

/* The user's pre-push hook is for branches and tags, not for hop's own refs. */
static bool wants_hooks(const struct publication *pub)
{
	for (size_t i = 0; i < pub->count; i++) {
		if (!publication_is_guard(&pub->changes[i]) &&
		    strncmp(pub->changes[i].ref, HOP_PREFIX, strlen(HOP_PREFIX)) != 0)
			return true;
	}
	return false;
}

static struct error *push(struct session *s, const struct publication *pub)
{
	struct project *p = s->project;
	SCOPE(tmp, s);
	struct git_ref_change *there = mem_array(tmp, struct git_ref_change, pub->count);
	bool hooks = wants_hooks(pub);

	for (size_t i = 0; i < pub->count; i++) {
		there[i] = pub->changes[i];
		there[i].ref = name_there(tmp, p, there[i].ref);
	}
#ifdef HOP_FAILPOINTS
	/* A commit point in two halves, to show that the crash tests see it (HOP_SPLIT_PUSH). */
	if (hooks && getenv("HOP_SPLIT_PUSH") && pub->count > 1) {
		struct error *err = git_push(&s->unsure, tmp, p->repo, p->remote, there, 1, hooks);

		if (!err)
			err = fail_point("publish.split");
		return err ? err
			   : git_push(&s->unsure, tmp, p->repo, p->remote, there + 1,
				      pub->count - 1, hooks);
	}
#endif
	return git_push(&s->unsure, tmp, p->repo, p->remote, there, pub->count, hooks);
}

static struct error *probe_hint(struct error *err)
{
	return error_hint(err,
			  "git hop keeps locks and the numbers of patches there; if only "
			  "branches are accepted: git hop init --ref-namespace=refs/heads/hop");
}

static struct error *probe_refused(struct error *err, const struct project *p)
{
	struct error *no = error_new(ERROR_NO, "'%s' refused the push of a ref in %s", p->remote,
				     p->namespace);

	no = error_detail(no, "%s", err->detail ? err->detail : err->message);
	error_free(err);
	return probe_hint(no);
}

struct error *refs_probe(struct project *p, const char *commit)
{
	SCOPE(tmp, p);
	struct git_ref_change change = {NULL, NULL, commit};
	struct error *err;
	char *number, *there;
	bool unsure, shown;

	err = machine_random(&number, tmp, 8);
	if (err)
		return err;
	change.ref = mem_printf(tmp, "%s/probe-%s", p->namespace, number);
	err = git_push(&unsure, tmp, p->repo, p->remote, &change, 1, false);
	if (err)
		return err->code == ERROR_NO ? probe_refused(err, p) : err;
	err = git_remote_ref(&there, tmp, p->repo, p->remote, change.ref);
	if (err)
		return err;
	shown = there != NULL;
	change = (struct git_ref_change){change.ref, commit, NULL};
	err = git_push(&unsure, tmp, p->repo, p->remote, &change, 1, false);
	if (err)
		return err->code == ERROR_NO ? probe_refused(err, p) : err;
	if (shown)
		return NULL;
	err = error_new(ERROR_NO, "'%s' hides refs in %s", p->remote, p->namespace);
	return probe_hint(err);
}

/* Tags are not fetched otherwise: the next attempt must see the one that was in the way. */
static void learn_tags(struct project *p, const struct publication *pub)
{
	SCOPE(tmp, p);

	for (size_t i = 0; i < pub->count; i++) {
		const char *ref = pub->changes[i].ref;

		if (strncmp(ref, "refs/tags/", 10) == 0 && !pub->changes[i].old)
			error_free(git_run(NULL, tmp, p->repo, "fetch", "--quiet", "--no-tags",
					   p->remote, mem_printf(tmp, "%s:%s", ref, ref), NULL));
	}
}

/*
 * Is the number of a patch taken there by a ref that is not shown (uploadpack.hideRefs)? It seems
 * to have moved at each attempt. A dry run compares it with what the remote shows to pushes.
 */
static struct error *look_for_hidden(struct project *p, const struct publication *pub)
{
	SCOPE(tmp, p);

	for (size_t i = 0; i < pub->count; i++) {
		const struct git_ref_change *c = &pub->changes[i];
		char *name = name_there(tmp, p, c->ref), *there;
		struct error *err, *taken;

		if (c->old || !c->new || strncmp(c->ref, NUMBERS, strlen(NUMBERS)) != 0)
			continue;
		err = refs_ask(&there, tmp, p, c->ref);
		if (err || there)
			return err;
		taken = git_run(NULL, tmp, p->repo, "push", "--dry-run", "--quiet", "--no-verify",
				mem_printf(tmp, "--force-with-lease=%s:", name), p->remote,
				mem_printf(tmp, "%s:%s", c->new, name), NULL);
		if (!taken)
			continue;
		error_free(taken);
		return error_hint(
			error_new(ERROR_NO, "'%s' has '%s', but hides it from fetches", p->remote,
				  name),
			"git hop has to see the numbers of patches: see uploadpack.hideRefs "
			"in git-config(1), and refNamespace in hop-project(5); nothing was "
			"changed");
	}
	return NULL;
}

struct error *refs_move(struct session *s, const struct publication *pub, const char *reason)
{
	struct project *p = s->project;
	struct error *err;

	if (p->remote)
		err = push(s, pub);
	else
		err = git_update_refs(s, p->repo, pub->changes, pub->count, reason);
	s->moved = err && err->code == ERROR_AGAIN;
	if (!s->moved || !p->remote)
		return err;
	learn_tags(p, pub);
	if (++s->rejected % SUSPICIOUS == 0) {
		struct error *hidden = look_for_hidden(p, pub);

		if (hidden) {
			error_free(err);
			s->moved = false;
			return hidden;
		}
	}
	return err;
}

struct error *refs_ask(char **oid, void *ctx, struct project *p, const char *ref)
{
	if (!p->remote)
		return repo_ref(oid, ctx, p->repo, ref);
	return git_remote_ref(oid, ctx, p->repo, p->remote, name_there(ctx, p, ref));
}

struct error *refs_mirror(struct project *p, const struct publication *pub, const char *reason)
{
	SCOPE(tmp, p);
	struct git_ref_change *here = mem_array(tmp, struct git_ref_change, pub->count);
	struct error *err;
	size_t used = 0;

	if (!p->remote)
		return NULL;
	for (size_t i = 0; i < pub->count; i++) {
		struct git_ref_change *c = &here[used];
		char *now;

		*c = pub->changes[i];
		if (is_head(c->ref))
			c->ref = project_ref(tmp, p, c->ref + strlen("refs/heads/"));
		err = repo_ref(&now, tmp, p->repo, c->ref);
		if (err)
			return err;
		c->old = now;
		if (now && c->new ? strcmp(now, c->new) != 0 : now != c->new)
			used++;
	}
	return git_update_refs(tmp, p->repo, here, used, reason);
}
