/* Shared by the files of run/session. */
#ifndef RUN_SESSION_PRIVATE_H
#define RUN_SESSION_PRIVATE_H

#include "run/session.h"

#define FACTS_WIDTH 16 /* columns of session_facts.sql */

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
	double sent, now;          /* when the message with it began, and the time; in seconds */
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
	char *later;                   /* see session_defer; NULL: nothing */
	bool dirty;                    /* the settings for hop's own statements are in effect */
	char *hop_rows; /* of hop's tables, where hop itself wrote to them; else NULL */
};

/* hop's own statements must not find objects created by users. */
#define HOP_PATH DB_OWN_PATH " "
/* RESET ALL does not cover role and authorization. */
#define RESET_SETTINGS "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; "
/* Around files with savepoints: those that they leave open end with it. */
#define SAVEPOINT_NAME "\"git hop\""

/* FACTS of a row of session_facts.sql; ERROR_FAIL if ROWS is none. */
struct error *session_facts(struct facts **out, void *ctx, struct rows *rows) MUST_CHECK;
/* Runs FIRST, then reads the state of the session as the base. */
struct error *session_take_base(struct run_session *s, const char *first) MUST_CHECK;
/* What is to be sent in front of a file, and then no more; NULL: nothing. */
char *session_take_later(void *ctx, struct run_session *s);
/* Does the text contain WORD, in any case? WORD is in lower case. */
bool session_mentions(const struct script *script, const char *word);
/* Statements that bring the session back into the state of a new one. */
char *session_reset_text(void *ctx, const struct run_session *s, const struct facts *facts);
/* Statements after a file; the last one returns the facts. */
char *session_look_text(void *ctx, const struct script *script);
/*
 * Statements that check constraints, and set each one to its declared mode by name, for no reset
 * undoes SET CONSTRAINTS. NULL: there are none. LAST: the file before was the last of its patch.
 */
char *session_constraints_text(void *ctx, const struct run_session *s, const struct facts *facts,
			       bool last);
/* After a file that was checked: deferred constraints, advisory locks, and the session. */
struct error *session_end_file(struct run_session *s, const struct facts *now,
			       const struct script *script, bool last) MUST_CHECK;

/*
 * session_check.c: fails if the session has done something since its base that is not allowed. NAME
 * is the file.
 */
struct error *session_check(struct run_session *s, const struct facts *now,
			    const char *name) MUST_CHECK;
/* Has nothing that it looks at changed, so that the reset after a file is the one of the base? */
bool session_unchanged(const struct run_session *s, const struct facts *now);
/* Releases the advisory locks of NOW that are not in the base. */
struct error *session_unlock(struct run_session *s, const struct facts *now,
			     const char *name) MUST_CHECK;
struct error *session_hop_rows(char **out, struct run_session *s) MUST_CHECK;

#endif
