/* Text for people: apart, so that a program that prints nothing else links no JSON library. */
#include "base/out.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/quote.h"

void out_lines(const char *text)
{
	SCOPE(tmp, NULL);

	printf("%s\n", quote_lines(tmp, text));
}

void out_print(const char *fmt, ...)
{
	SCOPE(tmp, NULL);
	va_list ap;

	va_start(ap, fmt);
	fputs(quote_vprintf(tmp, fmt, ap), stdout);
	va_end(ap);
}
