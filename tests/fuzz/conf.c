/* Fuzzes conf_parse; what it takes must survive print and parse. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "port/conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool truth)
{
	if (!truth)
		abort();
}

static void same(char *const *a, char *const *b)
{
	for (; *a && *b; a++, b++)
		must(strcmp(*a, *b) == 0);
	must(!*a && !*b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPE(tmp, NULL);
	struct conf *conf, *again;
	char *text, *text2;
	struct error *err = conf_parse(&conf, tmp, "config", (const char *)data, size);

	if (err) {
		must(err->code == ERROR_FAIL);
		error_free(err);
		return 0;
	}
	must(!conf_print(&text, tmp, conf));
	must(!conf_parse(&again, tmp, "config", text, strlen(text)));
	must(!conf_print(&text2, tmp, again));
	must(strcmp(text, text2) == 0);
	must(conf->postgresql == again->postgresql && conf->issues == again->issues);
	must(conf->model_rows == again->model_rows);
	must(strcmp(conf->ref_namespace, again->ref_namespace) == 0);
	same(conf->roles, again->roles);
	same(conf->extensions, again->extensions);
	same(conf->schema_only, again->schema_only);
	must(!conf->test == !again->test && (!conf->test || strcmp(conf->test, again->test) == 0));
	return 0;
}
