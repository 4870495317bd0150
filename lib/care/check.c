/* git hop check */
#include "care/check.h"

#include <stdarg.h>

#include "base/log.h"
#include "core/branch.h"
#include "care/check_private.h"
#include "project/lock_files.h"
#include "project/remote.h"

void look_add(struct look *l, const char *name, enum finding_state state, const char *about,
	      const char *hint, const char *fmt, ...)
{
	struct check *c = l->check;
	struct finding *f;
	va_list ap;

	c->findings = mem_resize(talloc_parent(c->findings), c->findings, struct finding,
				 c->count + 1);
	f = &c->findings[c->count++];
	va_start(ap, fmt);
	*f = (struct finding){
		.name = name,
		.state = state,
		.about = mem_dup(c->findings, about),
		.text = mem_check(talloc_vasprintf(c->findings, fmt, ap)),
		.hint = hint ? mem_dup(c->findings, hint) : NULL,
	};
	va_end(ap);
	if (state == FINDING_DECISION)
		c->decisions++;
	else
		c->repaired++;
}

void look_add_error(struct look *l, const char *name, const char *about, const char *hint,
		    struct error *err)
{
	look_add(l, name, FINDING_DECISION, about, err->hint ? err->hint : hint, "%s",
		 err->message);
	error_free(err);
}

void look_take_back(struct look *l, size_t first)
{
	struct check *c = l->check;

	for (size_t i = first; i < c->count; i++) {
		if (c->findings[i].state != FINDING_REPAIRED)
			continue;
		c->findings[i].state = FINDING_DECISION;
		c->repaired--;
		c->decisions++;
	}
}

/*
 * A project that cannot be opened is a finding. Without a project there is nothing to check.
 */
static struct error *open_failed(struct look *l, void *ctx, struct error *err)
{
	struct repo *repo;
	struct error *none;
	char *oid = NULL;

	none = repo_open(&repo, ctx, NULL);
	if (!none)
		none = repo_commit(&oid, ctx, repo, "refs/heads/" BRANCH_PROD);
	if (!none && !oid)
		none = repo_commit(&oid, ctx, repo, "refs/remotes/origin/" BRANCH_PROD);
	if (none || !oid) {
		error_free(none);
		return err;
	}
	look_add_error(l, "project", BRANCH_PROD, NULL, err);
	return NULL;
}

static struct error *fetch(struct look *l)
{
	struct error *err = project_fetch(l->project);

	if (!err || err->code == ERROR_SIGNALLED)
		return err;
	l->offline = true;
	look_add_error(l, "remote", l->project->remote, NULL, err);
	return NULL;
}

static struct error *look_at_all(struct look *l)
{
	struct error *(*const looks[])(struct look * l) = {
		look_at_hooks,      look_at_settings,  look_at_checkout, look_at_branches,
		look_at_releases,   look_at_refs,      look_at_tags,     look_at_locks,
		look_at_production, look_at_databases,
	};
	struct error *err = fetch(l);

	for (size_t i = 0; !err && i < sizeof(looks) / sizeof(*looks); i++) {
		err = looks[i](l);
		if (!err)
			err = signals_check();
	}
	return err;
}

struct error *check_run(struct check *check, void *ctx)
{
	struct look l = {.check = check, .dry_run = check->dry_run};
	struct error *err;

	check->findings = mem_array(ctx, struct finding, 0);
	err = project_open(&l.project, ctx, false);
	if (err)
		return open_failed(&l, ctx, err);
	l.session = session_new(ctx, l.project, check->dry_run);
	err = check->dry_run ? NULL : lock_files_begin(l.project);
	if (err && err->code == ERROR_SIGNALLED)
		return err;
	if (err)
		warn("%s", err->message);
	error_free(err);
	return look_at_all(&l);
}
