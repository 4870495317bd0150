/* The roles that statements of a dump name. */
#include "core/dump.h"

#include <string.h>

#include "base/mem.h"
#include "core/lex.h"
#include "core/dump_private.h"

/* A statement being copied to a model, with some of its tokens replaced. */
struct rewrite {
	struct dump_run *run;
	struct lex lex;
	size_t done; /* the number of bytes that have been copied */
	bool others; /* it names a role that is not wanted */
	char *out;
};

bool dump_is_anonymous(const struct dump_request *request, const char *role)
{
	return strcmp(role, request->role) == 0 ||
	       (request->second_role && strcmp(role, request->second_role) == 0);
}

static void add_sorted(char ***list, void *ctx, const char *name)
{
	size_t i = 0, n = *list ? mem_list_length(*list) : 0;

	while (i < n && strcmp((*list)[i], name) < 0)
		i++;
	if (i < n && strcmp((*list)[i], name) == 0)
		return;
	mem_list_add(list, ctx, name);
	for (size_t k = n; k > i; k--) {
		char *moved = (*list)[k];

		(*list)[k] = (*list)[k - 1];
		(*list)[k - 1] = moved;
	}
}

static void put(struct rewrite *r, const struct token *t, const char *text)
{
	SCOPE(tmp, NULL);

	mem_append(&r->out, r->run->ctx, "%s%s",
		   mem_dup_n(tmp, r->lex.text + r->done, t->start - r->done), text);
	r->done = t->start + t->length;
}

static bool is_asked_for(const struct dump_request *request, const char *role)
{
	char *const *only = request->only;

	if (!only || strncmp(role, "pg_", 3) == 0)
		return true;
	while (*only && strcmp(*only, role) != 0)
		only++;
	return *only != NULL;
}

static void role(struct rewrite *r, const struct token *t)
{
	SCOPE(tmp, NULL);
	char *name;

	if (lex_is(&r->lex, t, "PUBLIC") || (t->kind != LEX_WORD && t->kind != LEX_QUOTED))
		return;
	name = lex_name(tmp, &r->lex, t);
	r->others = r->others || !is_asked_for(r->run->request, name);
	if (dump_is_anonymous(r->run->request, name))
		put(r, t, "CURRENT_USER");
	else if (strncmp(name, "pg_", 3) != 0)
		add_sorted(&r->run->out->roles, r->run->ctx, name);
}

/* A list of roles; *T becomes the token after it. */
static void roles(struct rewrite *r, struct token *t)
{
	do {
		*t = lex_next(&r->lex);
		role(r, t);
		*t = lex_next(&r->lex);
	} while (t->kind == LEX_OTHER && r->lex.text[t->start] == ',');
}

/* Skips to the next of two words outside of parentheses. */
static bool find(struct rewrite *r, struct token *t, const char *word, const char *other)
{
	size_t depth = 0;

	for (*t = lex_next(&r->lex); t->kind != LEX_END && t->kind != LEX_UNTERMINATED;
	     *t = lex_next(&r->lex)) {
		depth += t->kind == LEX_OPEN;
		depth -= t->kind == LEX_CLOSE && depth > 0;
		if (depth == 0 && (lex_is(&r->lex, t, word) || lex_is(&r->lex, t, other)))
			return true;
	}
	return false;
}

/* FOR ROLE list ... TO list, or FROM list. */
static void default_privileges(struct rewrite *r)
{
	struct token t;

	if (find(r, &t, "ROLE", "ROLE"))
		roles(r, &t);
	if (find(r, &t, "TO", "FROM"))
		roles(r, &t);
}

static void privileges(struct rewrite *r)
{
	struct token t;

	if (find(r, &t, "TO", "FROM"))
		roles(r, &t);
}

/* CREATE POLICY ... [TO list] USING (...): TO is a reserved word. */
static void policy(struct rewrite *r)
{
	struct token t;

	if (find(r, &t, "TO", "USING") && lex_is(&r->lex, &t, "TO"))
		roles(r, &t);
}

/* Leaves out the options, which may contain a password, unless a patch created the mapping. */
static void mapping(struct rewrite *r)
{
	struct token t;

	if (find(r, &t, "FOR", "FOR"))
		roles(r, &t);
	if (!r->run->request->adopted || !find(r, &t, "OPTIONS", "OPTIONS"))
		return;
	mem_list_add(&r->run->out->left_out, r->run->ctx, "the options of a user mapping");
	r->lex.length = t.start;
	while (r->lex.length > r->done && lex_is_space(r->lex.text[r->lex.length - 1]))
		r->lex.length--;
	r->out = mem_printf(r->run->ctx, "%s%.*s;", r->out ? r->out : "",
			    (int)(r->lex.length - r->done), r->lex.text + r->done);
	r->done = r->lex.length;
}

/* Does the name of this option of a foreign server or table suggest a secret? */
static bool is_secret(void *ctx, const struct lex *lex, const struct token *t)
{
	static const char *const words[] = {"pass", "secret", "token", "key", "credential", NULL};
	char *name = lex_name(ctx, lex, t);

	for (char *c = name; *c; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
	for (const char *const *word = words; *word; word++) {
		if (strstr(name, *word))
			return true;
	}
	return false;
}

/* OPTIONS (name 'value', ...) of an adopted foreign server; secret values become ''. */
static void options(struct rewrite *r)
{
	SCOPE(tmp, NULL);
	struct token t, name = {.kind = LEX_END};

	if (!r->run->request->adopted || !find(r, &t, "OPTIONS", "OPTIONS"))
		return;
	for (t = lex_next(&r->lex); t.kind != LEX_END && t.kind != LEX_UNTERMINATED;
	     t = lex_next(&r->lex)) {
		bool value = t.kind == LEX_QUOTED && r->lex.text[t.start] != '"';

		if (value && name.kind != LEX_END && is_secret(tmp, &r->lex, &name)) {
			put(r, &t, "''");
			mem_list_add(&r->run->out->left_out, r->run->ctx,
				     mem_printf(tmp, "option %s of a foreign server",
						lex_name(tmp, &r->lex, &name)));
		}
		name = t;
		if (value || (t.kind != LEX_WORD && t.kind != LEX_QUOTED))
			name.kind = LEX_END;
	}
}

/* ALTER ... OWNER TO role; false if the statement is left out. */
static bool owner(struct rewrite *r, bool is_public)
{
	SCOPE(tmp, NULL);
	struct token t, before = {.kind = LEX_END};

	for (t = lex_next(&r->lex); t.kind != LEX_END && t.kind != LEX_UNTERMINATED;
	     t = lex_next(&r->lex)) {
		if (lex_is(&r->lex, &t, "TO") && lex_is(&r->lex, &before, "OWNER"))
			break;
		before = t;
	}
	if (t.kind != LEX_WORD)
		return true;
	t = lex_next(&r->lex);
	if (!is_public && t.kind != LEX_END &&
	    dump_is_anonymous(r->run->request, lex_name(tmp, &r->lex, &t)))
		return false;
	role(r, &t);
	return true;
}

/*
 * A privilege granted by another role. pg_dump uses SET SESSION AUTHORIZATION, which requires a
 * superuser.
 */
static char *grantor(struct rewrite *r)
{
	SCOPE(tmp, NULL);
	struct token t;
	char *name;

	if (!find(r, &t, "AUTHORIZATION", "AUTHORIZATION"))
		return NULL;
	t = lex_next(&r->lex);
	if (t.kind != LEX_WORD && t.kind != LEX_QUOTED)
		return NULL;
	name = lex_name(tmp, &r->lex, &t);
	if (dump_is_anonymous(r->run->request, name))
		return mem_dup(r->run->ctx, "RESET ROLE;");
	role(r, &t);
	return mem_printf(r->run->ctx, "SET ROLE %.*s;", (int)t.length, r->lex.text + t.start);
}

/* A comment on an extension that a model does not have. */
static bool is_plain_comment(struct rewrite *r)
{
	SCOPE(tmp, NULL);
	const struct dump_request *request = r->run->request;
	struct token t = lex_next(&r->lex);
	char *name;

	if (!lex_is(&r->lex, &t, "ON"))
		return false;
	t = lex_next(&r->lex);
	if (!lex_is(&r->lex, &t, "EXTENSION"))
		return false;
	t = lex_next(&r->lex);
	if (t.kind != LEX_WORD && t.kind != LEX_QUOTED)
		return false;
	name = lex_name(tmp, &r->lex, &t);
	return mem_list_has(request->plain_extensions, name) ||
	       mem_list_has(request->without, name);
}

/* CREATE EXTENSION IF NOT EXISTS name WITH SCHEMA schema; false when a model does not have it. */
static bool extension(struct rewrite *r)
{
	SCOPE(tmp, NULL);
	char *const *pinned = r->run->request->pinned;
	struct token t, name = {.kind = LEX_END};

	for (t = lex_next(&r->lex); t.kind != LEX_END && t.kind != LEX_SEMICOLON;
	     t = lex_next(&r->lex)) {
		if (lex_is(&r->lex, &t, "WITH"))
			break;
		name = t;
	}
	if (name.kind != LEX_WORD && name.kind != LEX_QUOTED)
		return true;
	if (mem_list_has(r->run->request->without, lex_name(tmp, &r->lex, &name)))
		return false;
	while (t.kind != LEX_END && t.kind != LEX_SEMICOLON)
		t = lex_next(&r->lex);
	for (size_t i = 0; pinned && pinned[i] && t.kind == LEX_SEMICOLON; i++) {
		if (strcmp(pinned[i], lex_name(tmp, &r->lex, &name)) == 0)
			put(r, &t, mem_printf(tmp, " VERSION %s;", r->run->request->versions[i]));
	}
	return true;
}

/* CREATE and what follows: false when a model does not have it. */
static bool created(struct rewrite *r)
{
	struct token t = lex_next(&r->lex);

	if (lex_is(&r->lex, &t, "POLICY")) {
		policy(r);
	} else if (lex_is(&r->lex, &t, "EXTENSION")) {
		return extension(r);
	} else if (lex_is(&r->lex, &t, "USER")) {
		mapping(r);
	} else if (lex_is(&r->lex, &t, "SERVER") || lex_is(&r->lex, &t, "FOREIGN")) {
		options(r);
	}
	return true;
}

/* ALTER; false if the statement is left out. */
static bool altered(struct rewrite *r, bool is_public)
{
	size_t start = r->lex.pos;
	struct token t = lex_next(&r->lex);

	if (lex_is(&r->lex, &t, "DEFAULT")) {
		default_privileges(r);
		return true;
	}
	r->lex.pos = start;
	return owner(r, is_public);
}

char *dump_statement(struct dump_run *run, const char *text, size_t length, bool is_public)
{
	SCOPE(tmp, NULL);
	struct rewrite r = {.run = run};
	struct token t;

	lex_open(&r.lex, text, length);
	t = lex_next(&r.lex);
	if (lex_is(&r.lex, &t, "GRANT") || lex_is(&r.lex, &t, "REVOKE")) {
		privileges(&r);
	} else if (lex_is(&r.lex, &t, "ALTER")) {
		if (!altered(&r, is_public))
			return NULL;
	} else if (lex_is(&r.lex, &t, "CREATE")) {
		if (!created(&r))
			return NULL;
		r.others = false;
	} else if (lex_is(&r.lex, &t, "COMMENT")) {
		if (is_plain_comment(&r))
			return NULL;
	} else if (lex_is(&r.lex, &t, "RESET")) {
		return run->request->only ? NULL : mem_dup(run->ctx, "RESET ROLE;");
	} else if (lex_is(&r.lex, &t, "SET")) {
		char *changed = grantor(&r);

		if (changed)
			return run->request->only ? NULL : changed;
	}
	if (r.others)
		return NULL;
	if (!r.out)
		return mem_dup_n(run->ctx, text, length);
	if (r.lex.length == length)
		mem_append(&r.out, run->ctx, "%s", mem_dup_n(tmp, text + r.done, length - r.done));
	return r.out;
}
