/* What the files of conf.h share. */
#ifndef PORT_CONF_PRIVATE_H
#define PORT_CONF_PRIVATE_H

#include <stdbool.h>

#include "port/conf.h"

#define CONF_LINE_BYTES 197 /* what Debian's inih takes in one piece, with the line's end */
#define CONF_LOWER "abcdefghijklmnopqrstuvwxyz"
#define CONF_UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define CONF_DIGITS "0123456789"

/* A key, but for [hop] format. SET puts VALUE into CONF; ERROR_USAGE when it cannot be one. */
struct conf_key {
	const char *section, *key;
	bool list; /* goes on where it is repeated */
	struct error *(*set)(struct conf *conf, const char *value);
};
#define CONF_KEYS 13
extern const struct conf_key conf_keys[CONF_KEYS];

bool conf_only_of(const char *text, const char *allowed);

/* conf_value.c: single values, as they are in the file. ERROR_USAGE. */
struct error *conf_check_values(const struct conf *conf) MUST_CHECK;
/* BYTES with the largest unit that leaves no fraction. */
char *conf_print_size(void *ctx, long long bytes);
const char *conf_print_issues(enum conf_issues issues);

/* conf_list.c: adds the words of VALUE to a list of conf. ERROR_USAGE. */
struct error *conf_add_roles(struct conf *conf, const char *value) MUST_CHECK;
struct error *conf_add_extensions(struct conf *conf, const char *value) MUST_CHECK;
struct error *conf_add_schema_only(struct conf *conf, const char *value) MUST_CHECK;
struct error *conf_check_lists(const struct conf *conf) MUST_CHECK;
/* "KEY = WORD WORD\n" at the end of *TEXT, in as many lines as that takes. */
void conf_print_names(char **text, void *ctx, const char *key, char *const *names);
/* The same for words that are printed as they are. */
void conf_print_words(char **text, void *ctx, const char *key, char *const *words);

#endif
