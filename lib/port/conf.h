/* .hop/config: the project's versioned settings. The only user of inih. */
#ifndef PORT_CONF_H
#define PORT_CONF_H

#include <stddef.h>

#include "base/error.h"

#define CONF_FORMAT 1
#define CONF_REF_NAMESPACE "refs/hop"
#define CONF_TAG_PREFIX "v"
#define CONF_MODEL_ROWS (16LL * 1024 * 1024)

/* What hop writes about the issue that a patch's number names. */
enum conf_issues {
	CONF_ISSUES_CLOSE,     /* "Fixes #N" in merge commits, "Refs #N" in commits of the patch */
	CONF_ISSUES_REFERENCE, /* "Refs #N" in both */
	CONF_ISSUES_NONE,      /* nothing */
};

/* Lists end with NULL and are in the order of the file; conf_print takes a NULL list as empty. */
struct conf {
	int format; /* [hop] format */
	/* [hop] name: a-z, 0-9, _ and -, starts with a letter, at most 40 bytes */
	char *name;
	/* [hop] id: 32 hexadecimal digits, made by init, the project's identity in databases */
	char *id;
	char *test;              /* [test] command; NULL: not there, "": the project has none */
	char *language;          /* [generate] language; NULL: none */
	char *package;           /* [generate] package; NULL: none */
	int postgresql;          /* [hop] postgresql: the major version of production; 0: not set */
	char **roles;            /* [hop] roles: names as in pg_roles, without quotes */
	char **extensions;       /* [hop] extensions: names as in pg_extension, without quotes */
	char *ref_namespace;     /* [hop] refNamespace; CONF_REF_NAMESPACE when not set */
	char *tag_prefix;        /* [hop] tagPrefix; CONF_TAG_PREFIX when not set */
	long long model_rows;    /* [hop] modelRows, in bytes; CONF_MODEL_ROWS when not set */
	enum conf_issues issues; /* [hop] issues */
	/* [model] schema-only: SCHEMA.TABLE as SQL writes it, quotes included */
	char **schema_only;
};

/*
 * Parses the text. ERROR_FAIL names NAME:LINE: unknown section or key, key twice (a list goes on
 * where its key is repeated, but names nothing twice), a line too long for inih (200 bytes), a bad
 * value, something missing. An older or newer format is ERROR_FAIL with a hint and is reported
 * before anything else in the text.
 */
struct error *conf_parse(struct conf **out, void *ctx, const char *name, const char *text,
			 size_t length) MUST_CHECK;
/* The canonical text. ERROR_USAGE for a value that would not survive parse(print()). */
struct error *conf_print(char **out, void *ctx, const struct conf *conf) MUST_CHECK;
/* Whether NAME can be a project's name; ERROR_USAGE says what is expected. */
struct error *conf_check_name(const char *name) MUST_CHECK;

#endif
