/* .hop/config: the project's versioned settings. The only user of inih. */
#ifndef PORT_CONF_H
#define PORT_CONF_H

#include <stddef.h>

#include "base/error.h"

#define CONF_FORMAT 1
#define CONF_REF_NAMESPACE "refs/hop"
#define CONF_TAG_PREFIX "v"
#define CONF_MODEL_ROWS (16LL * 1024 * 1024)

/* What git hop writes about the issue with the number of a patch. */
enum conf_issues {
	CONF_ISSUES_CLOSE,     /* "Fixes #N" in merge commits, "Refs #N" in commits of the patch */
	CONF_ISSUES_REFERENCE, /* "Refs #N" in both */
	CONF_ISSUES_NONE,      /* nothing */
};

/* What a merge does about statements that would block the application. */
enum conf_rehearse { CONF_REHEARSE_REPORT, CONF_REHEARSE_REFUSE, CONF_REHEARSE_OFF };

/* Lists are NULL-terminated and in the order of the file; for conf_print, a NULL list is empty. */
struct conf {
	int format; /* [hop] format */
	/* [hop] name: a-z, 0-9, _ and -, starts with a letter, at most 40 bytes */
	char *name;
	/* [hop] id: 32 hexadecimal digits, chosen by init; identifies the project in databases */
	char *id;
	char *test;              /* [test] command; NULL: not set, "": there are no tests */
	char *language;          /* [generate] language; NULL: none */
	char *package;           /* [generate] package; NULL: none */
	int postgresql;          /* [hop] postgresql: the major version of production; 0: not set */
	char **roles;            /* [hop] roles: names as in pg_roles, without quotes */
	char **extensions;       /* [hop] extensions: names as in pg_extension, without quotes */
	char *ref_namespace;     /* [hop] refNamespace; default CONF_REF_NAMESPACE */
	char *tag_prefix;        /* [hop] tagPrefix; default CONF_TAG_PREFIX */
	long long model_rows;    /* [hop] modelRows, in bytes; default CONF_MODEL_ROWS */
	enum conf_issues issues; /* [hop] issues */
	enum conf_rehearse rehearse; /* [rehearse] merge */
	/* [model] schema-only: SCHEMA.TABLE, quoted as in SQL */
	char **schema_only;
	/* [drift] ignore: patterns of fnmatch(3) for SCHEMA.NAME, without quotes */
	char **drift_ignore;
};

/*
 * Parses the text. Fails with ERROR_FAIL and NAME:LINE for an unknown section or key, a repeated
 * key (a repeated key of a list continues it, but no item may be repeated), a line too long for
 * inih (200 bytes), an invalid value, or a missing key. Another format is ERROR_FAIL with a hint,
 * and is reported before any other error in the text.
 */
struct error *conf_parse(struct conf **out, void *ctx, const char *name, const char *text,
			 size_t length) MUST_CHECK;
/* The canonical text. ERROR_USAGE if a value would change when printed and parsed again. */
struct error *conf_print(char **out, void *ctx, const struct conf *conf) MUST_CHECK;
/* ERROR_USAGE, with a hint, if NAME is not a valid project name. */
struct error *conf_check_name(const char *name) MUST_CHECK;
struct error *conf_check_namespace(const char *name) MUST_CHECK; /* of refNamespace */

#endif
