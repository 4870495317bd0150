/* Shared by the files of checkout.h. */
#ifndef PUBLISH_CHECKOUT_PRIVATE_H
#define PUBLISH_CHECKOUT_PRIVATE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"
#include "project/project.h"

/* A time during which git changed files, in seconds since 1970 by the clock of the files. */
struct mark_time {
	double begin, end; /* end 0: it is not over */
};

/*
 * The mark of a checkout that is being changed: the file hop-head in its git directory, locked, as
 * long as the command or a git program that it started lives. It says what is being changed:
 *
 *	branch NAME              that was current when the command began
 *	move FROM TO BRANCH      git changes the files from one commit to the other and switches to
 *	                         BRANCH; if that is the current branch, it is fast-forwarded
 *	begin TIME               git starts
 *	end TIME                 ... and had ended, as the next command found out
 *
 * A mark that nobody holds was left by a killed command. A line without its end was being written
 * when the command was killed, so what it says was not begun.
 *
 * Calling sequence: mark_open; if it is new, mark_branch or mark_move before the checkout is
 * touched, else mark_read; mark_forget when the checkout is in order. Freeing a mark gives up the
 * lock and keeps the file.
 */
struct mark {
	struct project *project;
	char *path;
	int fd;
	/* what it says */
	char *branch;    /* NULL: HEAD was detached */
	char *from, *to; /* commits; TO is NULL: no files are being changed; FROM: there was none */
	char *stand;     /* the branch to switch to */
	struct mark_time *times;
	size_t time_count;
};

char *mark_path(const void *ctx, const struct project *p);
/*
 * *OUT is NULL if somebody holds it. LEFT: that of a killed command; else a new one, and ERROR_FAIL
 * if files have been left half changed.
 */
struct error *mark_open(struct mark **out, void *ctx, struct project *p, bool left) MUST_CHECK;
struct error *mark_branch(struct mark *mark, const char *branch) MUST_CHECK;
/* FROM: NULL if there is no commit yet. The git programs that follow hold the mark, too. */
struct error *mark_move(struct mark *mark, const char *from, const char *to,
			const char *stand) MUST_CHECK;
/* Reads it, and records when the killed command ended, and that this one begins. */
struct error *mark_read(struct mark *mark) MUST_CHECK;
void mark_forget(struct mark *mark);

struct checkout {
	struct project *project;
	char *branch; /* the current branch; NULL: HEAD is detached, or the repository is bare */
	char *head;   /* its commit; NULL: unborn */
	struct mark *mark; /* NULL: the checkout is not being changed */
};

/* refs/heads/BRANCH */
char *checkout_ref(const void *ctx, const char *branch);
/* Makes the mark of this command. ERROR_AGAIN if another one keeps it for three seconds. */
struct error *checkout_mark(struct checkout *f, const char *branch) MUST_CHECK;
/* The checkout is in order: removes the mark. */
void checkout_forget(struct checkout *f);
/* The local branch exists and is not behind the shared one. */
struct error *checkout_raise(struct project *p, const char *branch) MUST_CHECK;
/*
 * Switches to the branch; updates the current one; checks its first commit out. They make a mark if
 * there is none. If git cannot, the files stay as they are: the first two warn, and succeed.
 */
struct error *checkout_stand_on(struct checkout *f, const char *branch) MUST_CHECK;
struct error *checkout_stay(struct checkout *f) MUST_CHECK;
struct error *checkout_first(struct checkout *f) MUST_CHECK;
/* Has git come to the end of the move that is marked, whatever a hook of the user said then? */
bool checkout_is_done(const struct checkout *f);

/*
 * Puts back the files that git has changed from those of FROM, after git failed or was killed
 * before it wrote the index. A file is git's if it is missing, or was written while git ran and
 * has the contents that it has in TO or FROM, or the beginning of them. Any other stays as it is.
 */
struct error *checkout_put_back(const struct mark *mark) MUST_CHECK;

/* Has the index what TO has wherever FROM and TO differ? Then git had written all files. */
struct error *checkout_is_written(bool *out, const struct mark *mark) MUST_CHECK;

#endif
