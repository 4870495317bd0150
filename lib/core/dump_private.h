/* What the files of core/dump.h share. */
#ifndef CORE_DUMP_PRIVATE_H
#define CORE_DUMP_PRIVATE_H

#include <stddef.h>

#include "core/dump.h"

/* A run over one dump. */
struct dump_run {
	void *ctx; /* of what is kept */
	const struct dump_request *request;
	struct dump *out;
};

/*
 * dump_roles.c: the statement TEXT as a model has it; NULL when a model has none. IS_PUBLIC: it is
 * about the schema public.
 */
char *dump_statement(struct dump_run *run, const char *text, size_t length, bool is_public);
bool dump_is_anonymous(const struct dump_request *request, const char *role);

#endif
