/* What the files of run/session share. */
#ifndef RUN_SESSION_PRIVATE_H
#define RUN_SESSION_PRIVATE_H

#include "run/session.h"

/* What session_facts.sql says of a session; texts are NULL where there is nothing. */
struct facts {
	long long xid;
	bool plain;              /* the transaction is as session_begin made it */
	const char *advisory;    /* advisory locks: "CLASSID:OBJID:OBJSUBID:MODE ..." */
	const char *settings;    /* statements that make the database's settings those in force */
	const char *constraints; /* names of those that are deferrable */
	const char *immediate;   /* of these, those declared INITIALLY IMMEDIATE */
	const char *deferred;    /* and those that can be deferred again */
	const char *outside;     /* what it changed outside of the database: "a role" */
	bool wrote_settings;
	const char *other_settings;
	const char *hop; /* what schema hop looks like */
	bool wrote_hop;
	const char *prepared;      /* statements that deallocate the prepared ones */
	const char *subscriptions; /* of this database */
};

struct run_session {
	struct db *db;
	char *settings;
	long long xid;
	char *effects;      /* as script_is_plain takes them; NULL: nothing here is plain */
	bool prepared;      /* hop_facts is */
	bool worn;          /* see session_worn */
	struct facts *base; /* before the first file that is not plain; NULL: not looked at yet */
	bool known;         /* the next transaction begins with the same base */
	char *hop_rows;     /* of hop's tables, where hop itself wrote to them; else NULL */
};

struct error *session_facts(struct facts **out, void *ctx, struct rows *rows) MUST_CHECK;

/* session_check.c: what the session may not have done since its base. NAME is the file's. */
struct error *session_check(struct run_session *s, const struct facts *now,
			    const char *name) MUST_CHECK;
/* Gives the advisory locks of NOW back that the base does not have. */
struct error *session_unlock(struct run_session *s, const struct facts *now,
			     const char *name) MUST_CHECK;
struct error *session_hop_rows(char **out, struct run_session *s) MUST_CHECK;

#endif
