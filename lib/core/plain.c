/* Files that can do nothing but change tables and the like, and rows. */
#include "core/plain.h"

#include <string.h>

#include "core/lex.h"

/* A name of PostgreSQL's is no longer than this; longer words are cut. */
#define WORD_MAX 64
/* To look through more takes as long as what is saved. */
#define TEXT_MAX (1 << 20)

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '$' || (c & 0x80);
}

static bool is_one_of(const struct lex *lex, const struct token *t, const char *const *words)
{
	for (; *words; words++) {
		if (lex_is(lex, t, *words))
			return true;
	}
	return false;
}

static bool head_is_plain(const struct script *s, const struct script_statement *st)
{
	static const char *const rows[] = {"INSERT", "UPDATE", "DELETE", "SELECT", "COPY", NULL};
	static const char *const verbs[] = {"CREATE", "ALTER", "DROP", NULL};
	static const char *const objects[] = {"TABLE",    "INDEX",      "UNIQUE", "VIEW",
					      "SEQUENCE", "TYPE",       "DOMAIN", "SCHEMA",
					      "COLUMN",   "CONSTRAINT", NULL};
	struct lex lex = {s->text, st->start + st->length, st->start};
	struct token first = lex_next(&lex), second = lex_next(&lex);

	if (lex_is(&lex, &first, "COMMENT") && lex_is(&lex, &second, "ON"))
		second = lex_next(&lex);
	else if (!is_one_of(&lex, &first, verbs))
		return is_one_of(&lex, &first, rows);
	return is_one_of(&lex, &second, objects);
}

/* Whether WORD is in the list: words in byte order, separated by spaces. */
static bool has_word(const char *list, const char *word)
{
	size_t low = 0, high = strlen(list), n = strlen(word);

	while (low < high) {
		size_t start = low + (high - low) / 2, length;
		int order;

		while (start > low && list[start - 1] != ' ')
			start--;
		length = strcspn(list + start, " ");
		order = strncmp(list + start, word, length < n ? length : n);
		if (order == 0 && length == n)
			return true;
		if (order < 0 || (order == 0 && length < n))
			low = start + length + 1;
		else
			high = start;
	}
	return false;
}

static bool starts(const char *word, const char *prefix)
{
	return strncmp(word, prefix, strlen(prefix)) == 0;
}

/* Ours are few, and told by their first letter mostly. */
static bool word_is_plain(const char *word)
{
	/*
	 * PostgreSQL's volatile functions, but those that begin with pg_ or binary_upgrade_, and
	 * those that session_plain.sql lists as harmless.
	 */
	static const char effects[] =
		"amvalidate brin_desummarize_range brin_summarize_new_values "
		"brin_summarize_range brinhandler bthandler current_query currtid currtid2 "
		"cursor_to_xml cursor_to_xmlschema dsnowball_init dsnowball_lexize "
		"gin_clean_pending_list ginhandler gisthandler hashhandler "
		"heap_tableam_handler lo_close lo_creat lo_create lo_export lo_from_bytea "
		"lo_get lo_import lo_lseek lo_lseek64 lo_open lo_put lo_tell lo_tell64 "
		"lo_truncate lo_truncate64 lo_unlink loread lowrite plpgsql_call_handler "
		"plpgsql_inline_handler plpgsql_validator query_to_xml "
		"query_to_xml_and_xmlschema query_to_xmlschema set_config setseed "
		"spghandler suppress_redundant_updates_trigger ts_rewrite ts_stat "
		"tsvector_update_trigger tsvector_update_trigger_column txid_status "
		"unique_key_recheck";
	static const char ours[] = "database deferrable deferred execute grant hop initially "
				   "subscription tablespace";

	return !starts(word, "pg_") && !starts(word, "binary_upgrade_") && !has_word(ours, word) &&
	       !has_word(effects, word);
}

/* U&"" can spell any name. */
static bool spells(const char *word, const char *after, const char *end)
{
	return strcmp(word, "u") == 0 && end - after > 1 && after[0] == '&' &&
	       (after[1] == '"' || after[1] == '\'');
}

static bool text_is_plain(const char *text, size_t length)
{
	const char *end = text + length;

	while (text < end) {
		char word[WORD_MAX + 1];
		size_t n = 0;

		for (; text < end && is_word_byte(*text); text++) {
			if (n < WORD_MAX)
				word[n++] = *text >= 'A' && *text <= 'Z' ? *text | 0x20 : *text;
		}
		word[n] = '\0';
		if (n > 0 && (!word_is_plain(word) || spells(word, text, end)))
			return false;
		while (text < end && !is_word_byte(*text))
			text++;
	}
	return true;
}

bool script_is_plain(const struct script *script)
{
	if (script->length > TEXT_MAX)
		return false;
	for (size_t i = 0; i < script->count; i++) {
		if (!head_is_plain(script, &script->statements[i]))
			return false;
	}
	for (size_t i = 0; i < script->piece_count; i++) {
		const struct script_piece *piece = &script->pieces[i];

		if (!text_is_plain(script->text + piece->start, piece->length))
			return false;
	}
	return true;
}
