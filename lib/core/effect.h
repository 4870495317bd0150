/* What a statement affects beyond its database and transaction. */
#ifndef CORE_EFFECT_H
#define CORE_EFFECT_H

#include "core/statement.h"

enum effect {
	EFFECT_NONE,
	EFFECT_BEGIN,      /* a plain BEGIN or START TRANSACTION */
	EFFECT_COMMIT,     /* a plain COMMIT or END */
	EFFECT_CONTROL,    /* other transaction control, except savepoints */
	EFFECT_MODE,       /* SET TRANSACTION and the like */
	EFFECT_ROLE,       /* this and the following affect the server */
	EFFECT_MEMBERSHIP, /* GRANT role TO role */
	EFFECT_DATABASE,   /* CREATE, DROP, and ALTER except SET */
	EFFECT_TABLESPACE,
	EFFECT_SUBSCRIPTION,
	EFFECT_SYSTEM, /* ALTER SYSTEM */
	EFFECT_HOP     /* changes schema hop */
};

/*
 * Looks at the first words only. What DO, functions and search_path hide is found in the database,
 * see run/session.h.
 */
enum effect statement_effect(const struct statement *st, const struct lex *lex);

#endif
