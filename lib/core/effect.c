/* What a statement affects beyond its database and transaction. */
#include "core/effect.h"

#include <string.h>

/* A position in the words of a statement. */
struct words {
	const struct statement *st;
	const struct lex *lex;
	size_t at;
};

static bool next_is(const struct words *w, const char *word)
{
	return w->at < w->st->word_count && lex_is(w->lex, &w->st->words[w->at], word);
}

static bool take(struct words *w, const char *word)
{
	bool is = next_is(w, word);

	w->at += is;
	return is;
}

static bool take_any(struct words *w, const char *const *list)
{
	for (; *list; list++) {
		if (take(w, *list))
			return true;
	}
	return false;
}

static bool at_end(const struct words *w)
{
	return w->at == w->st->word_count;
}

static enum effect begin_effect(struct words *w)
{
	if (!take(w, "WORK"))
		take(w, "TRANSACTION");
	return at_end(w) ? EFFECT_BEGIN : EFFECT_CONTROL;
}

static enum effect commit_effect(struct words *w)
{
	if (!take(w, "WORK"))
		take(w, "TRANSACTION");
	return at_end(w) ? EFFECT_COMMIT : EFFECT_CONTROL;
}

static enum effect rollback_effect(struct words *w)
{
	if (!take(w, "WORK"))
		take(w, "TRANSACTION");
	return next_is(w, "TO") ? EFFECT_NONE : EFFECT_CONTROL;
}

static enum effect control_effect(struct words *w)
{
	if (take(w, "BEGIN"))
		return begin_effect(w);
	if (take(w, "START"))
		return next_is(w, "TRANSACTION") ? begin_effect(w) : EFFECT_CONTROL;
	if (take(w, "COMMIT") || take(w, "END"))
		return commit_effect(w);
	if (take(w, "ABORT"))
		return EFFECT_CONTROL;
	if (take(w, "ROLLBACK"))
		return rollback_effect(w);
	if (take(w, "PREPARE"))
		return next_is(w, "TRANSACTION") ? EFFECT_CONTROL : EFFECT_NONE;
	return EFFECT_NONE;
}

/* "transaction_read_only" and the like, in any case. */
static bool is_mode_name(const struct words *w)
{
	static const char *const names[] = {"TRANSACTION_ISOLATION", "TRANSACTION_READ_ONLY",
					    "TRANSACTION_DEFERRABLE", NULL};
	struct words copy = *w;

	return take_any(&copy, names);
}

static enum effect set_effect(struct words *w)
{
	if (take(w, "SESSION") && next_is(w, "CHARACTERISTICS"))
		return EFFECT_MODE;
	take(w, "LOCAL");
	return next_is(w, "TRANSACTION") || is_mode_name(w) ? EFFECT_MODE : EFFECT_NONE;
}

/* The effect on the kind of server object that the next word names, if it does. */
static enum effect server_object(struct words *w)
{
	if (take(w, "USER"))
		return next_is(w, "MAPPING") ? EFFECT_NONE : EFFECT_ROLE;
	if (take(w, "ROLE") || take(w, "GROUP"))
		return EFFECT_ROLE;
	if (take(w, "DATABASE"))
		return EFFECT_DATABASE;
	if (take(w, "TABLESPACE"))
		return EFFECT_TABLESPACE;
	return take(w, "SUBSCRIPTION") ? EFFECT_SUBSCRIPTION : EFFECT_NONE;
}

/* Settings of this database are allowed; only the server knows whether it is this one. */
static enum effect alter_effect(struct words *w)
{
	enum effect effect;

	if (take(w, "SYSTEM"))
		return EFFECT_SYSTEM;
	effect = server_object(w);
	if (effect != EFFECT_DATABASE)
		return effect;
	w->at++;
	if (take(w, "RESET"))
		return EFFECT_NONE;
	return take(w, "SET") && !next_is(w, "TABLESPACE") ? EFFECT_NONE : EFFECT_DATABASE;
}

/* Comments on databases are checked by the server, like their settings. */
static enum effect comment_effect(struct words *w)
{
	enum effect effect = take(w, "ON") ? server_object(w) : EFFECT_NONE;

	return effect == EFFECT_DATABASE ? EFFECT_NONE : effect;
}

static bool take_hop(struct words *w)
{
	const struct token *t = &w->st->words[w->at];

	if (w->at >= w->st->word_count)
		return false;
	if (lex_is(w->lex, t, "HOP")) {
		w->at++;
		return true;
	}
	if (t->kind != LEX_QUOTED || t->length != strlen("\"hop\"") ||
	    memcmp(w->lex->text + t->start, "\"hop\"", t->length) != 0)
		return false;
	w->at++;
	return true;
}

static bool is_dot(const struct words *w)
{
	const struct token *t = &w->st->words[w->at];

	return w->at < w->st->word_count && t->kind == LEX_OTHER && w->lex->text[t->start] == '.';
}

/* Does the statement change schema hop or an object in it? */
static bool changes_hop(struct words *w)
{
	static const char *const heads[] = {"INSERT", "UPDATE", "DELETE", "TRUNCATE", "MERGE",
					    "ALTER",  "DROP",   "CREATE", "COMMENT",  NULL};
	static const char *const noise[] = {"INTO",     "FROM", "ONLY",    "ON",     "TABLE",
					    "VIEW",     "TYPE", "IF",      "NOT",    "EXISTS",
					    "FUNCTION", "OR",   "REPLACE", "COLUMN", NULL};
	bool schema;

	if (!take_any(w, heads))
		return false;
	while (take_any(w, noise))
		;
	schema = take(w, "SCHEMA");
	while (schema && take_any(w, noise))
		;
	return take_hop(w) && (schema || is_dot(w));
}

static enum effect outside_effect(struct words *w)
{
	if (take(w, "SET"))
		return set_effect(w);
	if (take(w, "CREATE") || take(w, "DROP"))
		return server_object(w);
	if (take(w, "ALTER"))
		return alter_effect(w);
	if (take(w, "COMMENT"))
		return comment_effect(w);
	if (take(w, "GRANT") || take(w, "REVOKE"))
		return w->st->on ? EFFECT_NONE : EFFECT_MEMBERSHIP;
	return EFFECT_NONE;
}

enum effect statement_effect(const struct statement *st, const struct lex *lex)
{
	struct words control = {st, lex, 0}, outside = {st, lex, 0}, hop = {st, lex, 0};
	enum effect effect = control_effect(&control);

	if (effect == EFFECT_NONE)
		effect = outside_effect(&outside);
	if (effect == EFFECT_NONE && changes_hop(&hop))
		effect = EFFECT_HOP;
	return effect;
}
