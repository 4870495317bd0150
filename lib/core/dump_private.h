/* Shared by the files of core/dump.h. */
#ifndef CORE_DUMP_PRIVATE_H
#define CORE_DUMP_PRIVATE_H

#include <stddef.h>

#include "core/dump.h"
#include "core/statement.h"

/* The state while one dump is split. */
struct dump_run {
	void *ctx; /* of the results */
	const struct dump_request *request;
	struct dump *out;
};

/*
 * dump_roles.c: the statement TEXT as it is written to a model; NULL if it is left out. IS_PUBLIC:
 * it concerns schema public.
 */
char *dump_statement(struct dump_run *run, const char *text, size_t length, bool is_public);
/* The statements of a dump, with the header of the object that each starts. */
struct dump_reader {
	void *ctx; /* of the headers */
	struct lex lex;
	struct statement st;
	char *header;    /* the last one before the statement; NULL: none */
	const char *gap; /* what is between the last statement and this one */
	size_t gap_length;
	bool is_set; /* a setting that pg_dump makes between objects */
};
void dump_open(struct dump_reader *reader, void *ctx, const char *text);
bool dump_next(struct dump_reader *reader);

/* The part of HEADER after the last WORD, up to END behind that; "" if there is none. */
char *dump_part(void *ctx, const char *header, const char *word, const char *end);
/* The type in a header: "TABLE". */
char *dump_type(void *ctx, const char *header);

bool dump_is_anonymous(const struct dump_request *request, const char *role);

#endif
