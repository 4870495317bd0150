/* main() for every program: run the command, report, choose the exit status. */
#include "cmd.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"

/* A file or socket that we open must not become a standard stream that was closed. */
static void fill_standard_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/* Output that could not be written completely is an error. */
static struct error *flush_answer(void)
{
	if (fflush(stdout) == EOF)
		return error_errno("cannot write to standard output");
	if (ferror(stdout))
		return error_new(ERROR_FAIL, "cannot write to standard output");
	return NULL;
}

int main(int argc, char **argv)
{
	struct error *err;
	int status;

	fill_standard_streams();
	/* Processes that wait for each other must not retry in step. */
	srandom((unsigned)getpid());
	err = command(argc, argv);
	if (err)
		fflush(stdout);
	else
		err = error_hint(flush_answer(),
				 "the command itself is done; only its output is incomplete");
	progress("%s", "");
	if (!err)
		return 0;

	error_print(stderr, err);
	status = (int)err->code;
	if (err->code == ERROR_SIGNALLED && signals_caught())
		status = 128 + signals_caught();
	error_free(err);
	return status;
}
