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
bool dump_is_anonymous(const struct dump_request *request, const char *role);

#endif
