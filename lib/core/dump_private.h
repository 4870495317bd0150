/* Shared by the files of core/dump.h. */
#ifndef CORE_DUMP_PRIVATE_H
#define CORE_DUMP_PRIVATE_H

#include <stddef.h>

#include "core/dump.h"

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
/* The last header in the text between two statements; NULL if there is none. */
char *dump_header(void *ctx, const char *gap, size_t length);
/* The type in a header: "TABLE"; "" if there is none. */
char *dump_type(void *ctx, char *header);

bool dump_is_anonymous(const struct dump_request *request, const char *role);

#endif
