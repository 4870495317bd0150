/* Names of the data scripts in bootstrap/. */
#include "core/bootstrap.h"

#include <string.h>

#define DIGITS_MAX 9

/* The length of the number at the start, without the '-' behind it; 0 if there is none. */
static size_t digits(const char *name)
{
	size_t n = strspn(name, "0123456789");

	return n <= DIGITS_MAX && name[n] == '-' ? n : 0;
}

char *bootstrap_name(void *ctx, int number, const char *id, const char *name)
{
	return mem_printf(ctx, "%04d-%s-%s", number, id, name);
}

int bootstrap_number(const char *name)
{
	int number = 0;

	for (size_t n = digits(name); n > 0; n--)
		number = number * 10 + (*name++ - '0');
	return number;
}

bool bootstrap_is_copy(const char *copy, const char *id, const char *name)
{
	size_t n = digits(copy), length = strlen(id);

	copy += n + 1;
	return n > 0 && strncmp(copy, id, length) == 0 && copy[length] == '-' &&
	       strcmp(copy + length + 1, name) == 0;
}

int bootstrap_compare(const char *a, const char *b)
{
	int na = bootstrap_number(a), nb = bootstrap_number(b);

	if (na == nb)
		return strcmp(a, b);
	if (na == 0 || nb == 0)
		return na == 0 ? 1 : -1;
	return na < nb ? -1 : 1;
}
