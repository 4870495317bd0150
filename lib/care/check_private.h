/* Shared by the files of check.h. */
#ifndef CARE_CHECK_PRIVATE_H
#define CARE_CHECK_PRIVATE_H

#include "project/catalog.h"
#include "care/check.h"
#include "publish/session.h"

struct look {
	struct check *check;
	struct project *project;
	struct session *session;
	bool dry_run;
	bool offline;      /* the remote could not be reached: nothing is pushed */
	bool bad_settings; /* invalid settings: databases are not touched */
};

/* Adds a finding; HINT is copied and may be NULL. */
void look_add(struct look *l, const char *name, enum finding_state state, const char *about,
	      const char *hint, const char *fmt, ...) __attribute__((format(printf, 6, 7)));
/* Adds ERR as a finding that needs a decision, with its hint or else HINT; frees it. */
void look_add_error(struct look *l, const char *name, const char *about, const char *hint,
		    struct error *err);

/* The repairs from finding FIRST on have failed: they need a decision. */
void look_take_back(struct look *l, size_t first);

/* check_clone.c: this clone. */
struct error *look_at_hooks(struct look *l) MUST_CHECK;
struct error *look_at_settings(struct look *l) MUST_CHECK;
struct error *look_at_checkout(struct look *l) MUST_CHECK;
struct error *look_at_branches(struct look *l) MUST_CHECK;
struct error *look_at_databases(struct look *l) MUST_CHECK;

/* check_release.c: releases in preparation and production versions. */
struct error *look_at_releases(struct look *l) MUST_CHECK;
struct error *look_at_production(struct look *l) MUST_CHECK;

/* check_refs.c: superfluous and missing refs at the remote. */
struct error *look_at_refs(struct look *l) MUST_CHECK;
struct error *look_at_tags(struct look *l) MUST_CHECK;
struct error *look_at_locks(struct look *l) MUST_CHECK;

#endif
