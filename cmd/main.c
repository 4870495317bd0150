/* main() for every program: run the command, report, choose the exit status. */
#include "cmd.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>

#include "base/log.h"

/* An answer that could not be written whole is not an answer. */
static struct error *flush_answer(void)
{
	if (ferror(stdout) || fflush(stdout) == EOF)
		return error_errno("cannot write to standard output");
	return NULL;
}

int main(int argc, char **argv)
{
	struct error *err;
	int status;

	setlocale(LC_ALL, "");
	err = command(argc, argv);
	if (!err)
		err = flush_answer();
	else
		fflush(stdout);
	if (!err)
		return 0;

	progress("%s", "");
	error_print(stderr, err);
	status = (int)err->code;
	if (err->code == ERROR_SIGNALLED && signals_caught())
		status = 128 + signals_caught();
	error_free(err);
	return status;
}
