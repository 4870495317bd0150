/* Shared by the files that implement conf.h. */
#ifndef PORT_CONF_PRIVATE_H
#define PORT_CONF_PRIVATE_H

#include <stdbool.h>

#include "port/conf.h"

#define CONF_LINE_BYTES 197 /* the longest line that Debian's inih reads, with its newline */
#define CONF_LOWER "abcdefghijklmnopqrstuvwxyz"
#define CONF_UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define CONF_DIGITS "0123456789"

/* A key other than [hop] format. SET stores VALUE in CONF; ERROR_USAGE if it is invalid. */
struct conf_key {
	const char *section, *key;
	bool list; /* a repeated key continues the list */
	struct error *(*set)(struct conf *conf, const char *value);
};
#define CONF_KEYS 15
extern const struct conf_key conf_keys[CONF_KEYS];

bool conf_only_of(const char *text, const char *allowed);

/* conf_value.c: checks all single values. ERROR_USAGE. */
struct error *conf_check_values(const struct conf *conf) MUST_CHECK;
/* BYTES in the largest unit without a fraction. */
char *conf_print_size(void *ctx, long long bytes);
const char *conf_print_issues(enum conf_issues issues);
const char *conf_print_rehearse(enum conf_rehearse value);

/* conf_list.c: appends the words of VALUE to a list in CONF. ERROR_USAGE. */
struct error *conf_add_roles(struct conf *conf, const char *value) MUST_CHECK;
struct error *conf_add_extensions(struct conf *conf, const char *value) MUST_CHECK;
struct error *conf_add_schema_only(struct conf *conf, const char *value) MUST_CHECK;
struct error *conf_add_drift_ignore(struct conf *conf, const char *value) MUST_CHECK;
struct error *conf_check_lists(const struct conf *conf) MUST_CHECK;
/* Appends "KEY = WORD WORD\n" to *TEXT, in as many lines as necessary. */
void conf_print_names(char **text, void *ctx, const char *key, char *const *names);
/* The same for patterns, in which dots and wildcards need no quotes. */
void conf_print_patterns(char **text, void *ctx, const char *key, char *const *patterns);
/* The same for words that are already quoted. */
void conf_print_words(char **text, void *ctx, const char *key, char *const *words);

#endif
