/* What a statement would do beyond the database and transaction that it runs in. */
#ifndef CORE_EFFECT_H
#define CORE_EFFECT_H

#include "core/statement.h"

enum effect {
	EFFECT_NONE,
	EFFECT_BEGIN,      /* a plain BEGIN or START TRANSACTION */
	EFFECT_COMMIT,     /* a plain COMMIT or END */
	EFFECT_CONTROL,    /* other transaction control; savepoints stay inside and are none */
	EFFECT_MODE,       /* SET TRANSACTION and its likes */
	EFFECT_ROLE,       /* what follows acts on the server */
	EFFECT_MEMBERSHIP, /* GRANT role TO role */
	EFFECT_DATABASE,   /* CREATE, DROP, ALTER but for its settings */
	EFFECT_TABLESPACE,
	EFFECT_SUBSCRIPTION,
	EFFECT_SYSTEM, /* ALTER SYSTEM */
	EFFECT_HOP     /* changes schema hop */
};

/*
 * By the first words alone: what DO, functions and search_path hide is found in the database (see
 * run/session.h).
 */
enum effect statement_effect(const struct statement *st, const struct lex *lex);

#endif
