/* Refs for objects that no branch or tag has yet. */
#include "project/keep.h"

#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/proc.h"
#include "project/leftovers.h"

struct keep {
	struct leftovers *leftovers; /* lists the refs */
	char **refs;
	char **oids;
};

/* Without keep_end, the refs are left to the next command. */
static int keep_free(struct keep *keep)
{
	leftovers_keep(keep->leftovers);
	return 0;
}

static struct error *begin(struct project *p)
{
	struct keep *keep = mem_new(p, struct keep);
	struct error *err;

	err = leftovers_open(&keep->leftovers, keep, p);
	if (err) {
		talloc_free(keep);
		return err;
	}
	keep->refs = mem_array(keep, char *, 1);
	keep->oids = mem_array(keep, char *, 1);
	talloc_set_destructor(keep, keep_free);
	p->keep = keep;
	return NULL;
}

struct error *keep_object(struct project *p, const char *oid)
{
	SCOPE(tmp, NULL);
	struct error *err = NULL;
	char *ref;

	if (!p->keep)
		err = begin(p);
	if (err || mem_list_has(p->keep->oids, oid))
		return err;
	ref = mem_printf(tmp, LEFTOVERS_REFS "%ld/%s", (long)getpid(), oid);
	err = leftovers_add(p->keep->leftovers, "ref", ref);
	if (err)
		return err;
	mem_list_add(&p->keep->refs, p->keep, ref);
	err = repo_set_temporary(p->repo, ref, oid);
	if (!err)
		mem_list_add(&p->keep->oids, p->keep, oid);
	return err;
}

void keep_end(struct project *p)
{
	int suspended = signals_suspend();
	struct error *err;

	if (p->keep) {
		err = leftovers_drop_refs(p, p->keep->refs);
		if (err)
			warn("%s", err->message);
		else
			talloc_set_destructor(p->keep, NULL);
		error_free(err);
		TALLOC_FREE(p->keep);
	}
	signals_resume(suspended);
}

struct error *keep_check(struct project *p, const struct git_ref_change *changes, size_t count)
{
	SCOPE(tmp, NULL);
	char **argv = proc_argv(tmp, "git", "rev-list", "--objects", "--quiet", NULL);
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		if (changes[i].new)
			mem_list_add(&argv, tmp, changes[i].new);
		any = any || changes[i].new;
	}
	if (!any)
		return NULL;
	mem_list_add(&argv, tmp, "--not");
	mem_list_add(&argv, tmp, "--branches");
	mem_list_add(&argv, tmp, "--remotes");
	mem_list_add(&argv, tmp, "--tags");
	return error_wrap(git_run_argv(NULL, tmp, p->repo, argv), "an object is missing");
}

bool keep_was_lost(const struct error *err)
{
	/* libgit2 (the first two), git update-ref, push, commit-tree, tag, rev-list */
	static const char *const words[] =
		{"object not found",    "doesn't exist on the repository",
		 "nonexistent object",  "does not match any",
		 "unable to read",      "Could not read",
		 "bad object",          "bad tree object",
		 "missing blob object", "not a valid object",
		 "invalid object",      NULL};

	/* A push that fails here is reported as one that was refused there. */
	bool may = err->code == ERROR_FAIL ||
		   (err->detail && strstr(err->detail, "(unpacker error)"));

	for (size_t i = 0; may && words[i]; i++) {
		if (strstr(err->message, words[i]) ||
		    (err->detail && strstr(err->detail, words[i])))
			return true;
	}
	return false;
}
