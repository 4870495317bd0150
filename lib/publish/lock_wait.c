/* Waiting for a lock that another command holds. */
#include "publish/lock_wait.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "publish/refs.h"

static struct error *held(const struct lock_info *info, int timeout)
{
	SCOPE(tmp, NULL);
	struct error *err;

	err = error_new(ERROR_AGAIN, "'%s' is locked", info->branch);
	err = error_hint(err, "held by %s", lock_words(tmp, info));
	err = error_add_hint(err,
			     "waited %d s; to wait longer: git config hop.lockTimeout "
			     "SECONDS",
			     timeout);
	return error_add_hint(err, "if its holder is gone: git hop lock --break %s", info->branch);
}

/*
 * The older the lock, the longer. The age of the lock counts, not the time waited for it, so that
 * the last to arrive has no advantage.
 */
static void pause_a_while(double age)
{
	double most = age / 4;
	double seconds = (most < 0.1 ? 0.1
			  : most > 5 ? 5
				     : most) *
			 (double)(500 + random() % 500) / 1000;
	struct timespec pause = {(time_t)seconds,
				 (long)((seconds - (double)(time_t)seconds) * 1e9)};

	nanosleep(&pause, NULL);
}

static void say(struct session *s, const struct lock_info *info, int timeout)
{
	SCOPE(tmp, s);

	if (!s->waited) {
		note("waiting up to %d s for the lock on '%s'", timeout, info->branch);
		note("held by %s", lock_words(tmp, info));
	}
	s->waited = true;
	progress("waiting for the lock on '%s', held by %s", info->branch,
		 info->holder ? info->holder : "somebody");
}

/* Clocks differ: a lock that was watched for its whole lifetime has expired. */
static bool is_over(const struct lock_record *t, double watched)
{
	return lock_state_of(t) != LOCK_HELD ||
	       (watched > 0 && watched >= (double)(t->until - t->since));
}

struct error *lock_wait(bool *over, struct session *s, const struct lock_info *info, int timeout)
{
	struct project *p = s->project;
	SCOPE(tmp, s);
	const struct lock_record *t = &info->record;
	double begin = log_clock(), watched = 0;
	struct error *err = NULL;
	char *now = mem_dup(tmp, info->oid);

	*over = false;
	while (!err && now && strcmp(now, info->oid) == 0) {
		double age = (double)(time(NULL) - t->since);

		*over = is_over(t, watched);
		if (*over)
			break;
		if (watched >= timeout) {
			err = held(info, timeout);
			break;
		}
		say(s, info, timeout);
		pause_a_while(age > watched ? age : watched);
		err = signals_check();
		if (!err)
			err = refs_ask(&now, tmp, p, info->ref);
		watched = log_clock() - begin;
	}
	progress("%s", "");
	return err;
}
