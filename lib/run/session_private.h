/* Shared by the files of run/session. */
#ifndef RUN_SESSION_PRIVATE_H
#define RUN_SESSION_PRIVATE_H

#include "run/session.h"

/* The result of session_facts.sql; texts are NULL if empty. */
struct facts {
	long long xid;
	bool plain;                 /* the transaction has the modes set by session_begin */
	const char *advisory;       /* advisory locks: "CLASSID:OBJID:OBJSUBID:MODE ..." */
	const char *settings;       /* statements that apply the settings of the database */
	const char *constraints;    /* names of those that are deferrable */
	const char *immediate;      /* those declared INITIALLY IMMEDIATE */
	const char *deferred;       /* those that can be deferred again */
	const char *outside;        /* what it changed outside of the database: "a role" */
	bool deleted_settings;      /* this session has, of whatever database or role */
	const char *other_settings; /* rows of other databases and roles: "DATABASE:ROLE ..." */
	const char *hop;            /* the contents of schema hop */
	bool wrote_hop;
	const char *prepared;      /* statements that deallocate the prepared statements */
	const char *subscriptions; /* of this database */
};

struct run_session {
	struct db *db;
	char *settings;
	long long xid;
	bool plain;   /* all files so far were, and the database lets files be plain */
	bool guarded; /* the database does not */
	bool assumed; /* the caller knew */
	bool begun;
	bool prepared;      /* hop_facts is */
	bool worn;          /* see session_worn */
	struct facts *base; /* before the first file that is not plain; NULL: not looked at yet */
	bool known;         /* the next transaction begins with the same base */
	const struct run_watch *watch; /* NULL: nobody */
	char *hop_rows; /* of hop's tables, where hop itself wrote to them; else NULL */
};

struct error *session_facts(struct facts **out, void *ctx, struct rows *rows) MUST_CHECK;

/*
 * session_check.c: fails if the session has done something since its base that is not allowed. NAME
 * is the file.
 */
struct error *session_check(struct run_session *s, const struct facts *now,
			    const char *name) MUST_CHECK;
/* Releases the advisory locks of NOW that are not in the base. */
struct error *session_unlock(struct run_session *s, const struct facts *now,
			     const char *name) MUST_CHECK;
struct error *session_hop_rows(char **out, struct run_session *s) MUST_CHECK;

#endif
