/* The input, output, timeout and signals of a running program. */
#include "base/proc.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/proc_private.h"

#define PATIENCE 10.0    /* seconds, for programs that should not be interrupted */
#define GRACE 5.0        /* seconds from SIGTERM to SIGKILL */
#define LOOK_MS 200      /* between two checks of clock and signals */
#define LOOK_BLIND_MS 10 /* the same if the end of the child does not wake us */

/* Text that is read; room is the length of the talloc array. */
struct collected {
	char *text;
	size_t length;
	size_t keep;  /* bytes at the end that matter; 0: all */
	size_t total; /* bytes that were read */
	size_t limit; /* bytes for the log */
	size_t logged;
	int log; /* -1: none */
	bool show;
};

struct talk {
	struct proc *proc;
	struct pipes *p;
	pid_t pid;
	int pidfd;    /* readable when the child has ended; -1: not supported */
	double begin; /* log_clock of the start */
	double ended; /* of the child's end; 0: it is running */
	double since; /* when we received a signal or it timed out; 0: neither */
	int told;     /* number of signals sent to the child */
	size_t sent, length;
	struct collected out, err;
};

void proc_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void proc_beat(const struct proc *proc)
{
	for (int i = 0; i < PROC_LIVE; i++) {
		if (proc->live[i] > 0)
			futimens(proc->live[i], NULL);
	}
}

static bool write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t put = write(fd, bytes, length);

		if (put < 0 && errno != EINTR)
			return false;
		bytes += put > 0 ? put : 0;
		length -= put > 0 ? (size_t)put : 0;
	}
	return true;
}

static void write_log(struct collected *c, const char *bytes, size_t length)
{
	if (c->log >= 0 && write_all(c->log, bytes, length))
		c->logged += length;
	else
		c->log = -1; /* keep going when the disk is full */
}

/* Makes room by discarding what need not be kept, or by growing the buffer. */
static void make_room(struct collected *c)
{
	size_t room = talloc_array_length(c->text);

	if (c->length + 1 < room)
		return;
	if (c->keep && c->length >= 2 * c->keep) {
		memmove(c->text, c->text + c->length - c->keep, c->keep);
		c->length = c->keep;
		return;
	}
	c->text = mem_resize(talloc_parent(c->text), c->text, char, room * 2);
}

/* Reads available output; closes *FD at end of file. */
static void collect(struct collected *c, int *fd)
{
	ssize_t got;
	size_t left;
	char *at;

	make_room(c);
	at = c->text + c->length;
	got = read(*fd, at, talloc_array_length(c->text) - c->length - 1);
	if (got > 0) {
		left = c->limit > c->total ? c->limit - c->total : 0;
		if (left > 0)
			write_log(c, at, (size_t)got < left ? (size_t)got : left);
		if (c->show)
			c->show = write_all(STDERR_FILENO, at, (size_t)got);
		c->length += (size_t)got;
		c->total += (size_t)got;
	} else if (got == 0 || errno != EINTR) {
		proc_close(fd);
	}
	c->text[c->length] = '\0';
}

/* Completes the log and the text with the last bytes. */
static void finish(struct collected *c)
{
	size_t rest = c->total - c->logged;
	size_t tail;

	if (c->keep && c->length > c->keep) {
		memmove(c->text, c->text + c->length - c->keep, c->keep + 1);
		c->length = c->keep;
	}
	if (c->log < 0 || rest == 0)
		return;
	tail = rest < c->length ? rest : c->length;
	if (rest > tail)
		dprintf(c->log,
			"\n"
			"[%zu bytes omitted]\n",
			rest - tail);
	write_log(c, c->text + c->length - tail, tail);
}

static void feed(struct talk *t)
{
	ssize_t put = write(t->p->in[0], t->proc->input + t->sent, t->length - t->sent);

	if (put > 0)
		t->sent += (size_t)put;
	/* If the child stops reading (EPIPE), its exit status decides. */
	if (t->sent == t->length || (put < 0 && errno != EINTR && errno != EAGAIN))
		proc_close(&t->p->in[0]);
}

/* Forwards our signals, and the timeout as a signal; then a stronger one. */
static void press(struct talk *t)
{
	static const int signals[] = {SIGTERM, SIGKILL};
	const struct proc *proc = t->proc;
	double now = log_clock();
	bool late = t->ended == 0 && proc->timeout > 0 && now - t->begin >= proc->timeout;
	double patience = proc->patient && !late ? PATIENCE : 0;

	if ((!signals_caught() && !late) || t->told == 2)
		return;
	if (t->since == 0) {
		t->since = now;
		t->proc->timed_out = !signals_caught();
	}
	if (now - t->since >= patience + t->told * GRACE)
		kill(proc->group ? -t->pid : t->pid, signals[t->told++]);
}

/*
 * After the child has ended, another process may hold the pipes open. Stop waiting for it after a
 * signal, or when .linger is over.
 */
static bool enough(const struct talk *t)
{
	double linger = t->proc->linger;

	return t->ended > 0 && (t->told || (linger > 0 && log_clock() - t->ended >= linger));
}

/* Leaves the child a zombie, so that the ID of its process group is not reused. */
bool proc_has_ended(pid_t pid)
{
	siginfo_t info = {.si_pid = 0};

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0 ||
	       info.si_pid == pid;
}

static void move_bytes(struct talk *t)
{
	struct pollfd fds[] = {{t->p->in[0], POLLOUT, 0},
			       {t->p->out[0], POLLIN, 0},
			       {t->p->err[0], POLLIN, 0},
			       {t->pidfd, POLLIN, 0}};
	int ready = poll(fds, 4, t->pidfd < 0 && t->ended == 0 ? LOOK_BLIND_MS : LOOK_MS);

	if (t->ended == 0 && (fds[3].revents || t->pidfd < 0) && proc_has_ended(t->pid)) {
		t->ended = log_clock();
		proc_close(&t->pidfd);
	}
	if (ready <= 0)
		return;
	if (fds[0].revents)
		feed(t);
	if (fds[1].revents)
		collect(&t->out, &t->p->out[0]);
	if (fds[2].revents)
		collect(&t->err, &t->p->err[0]);
}

void proc_talk(void *ctx, struct proc *proc, struct pipes *p, pid_t pid)
{
	struct talk t = {.proc = proc, .p = p, .pid = pid, .begin = log_clock()};

	t.out = (struct collected){.text = mem_array(ctx, char, 4096),
				   .keep = proc->keep,
				   .limit = proc->log_limit,
				   .log = p->log,
				   .show = proc->show};
	t.err = (struct collected){.text = mem_array(ctx, char, 4096), .log = -1};
	t.length = proc->input && !proc->input_length ? strlen(proc->input) : proc->input_length;
	t.pidfd = pidfd_open(pid, 0); /* not before Linux 5.3, nor under valgrind */
	if (p->in[0] >= 0 && t.length == 0)
		proc_close(&p->in[0]);
	while (!enough(&t) && (t.ended == 0 || p->out[0] >= 0 || p->err[0] >= 0)) {
		proc_beat(proc);
		press(&t);
		move_bytes(&t);
	}
	/* Until the child is reaped, nothing else can have its process group ID. */
	if (t.told && proc->group)
		kill(-pid, SIGKILL);
	else if (proc->linger > 0 && proc->group)
		proc->left = proc_end_left(ctx, pid, p->out[0], t.ended + proc->linger);
	finish(&t.out);
	proc->output = t.out.text;
	proc->output_length = t.out.length;
	proc->errors = t.err.text;
}
