/* Measures what runs outside a transaction: before, meanwhile and after. */
#include "rehearse/measure.h"

#include "base/log.h"
#include "rehearse/measure_private.h"
#include "sql/sql.h"

/* Called while the statement runs. What cannot be seen stops nothing. */
static void sample(void *arg)
{
	struct measure *m = arg;
	SCOPE(tmp, m);
	struct rows *rows;
	struct error *err;

	err = db_query(&rows, tmp, m->db, sql_rehearse_sample,
		       DB_ARGS(mem_printf(tmp, "%d", m->pid)));
	for (int i = 0; !err && i < rows_count(rows); i++) {
		struct relation *r = measure_known(m, (unsigned int)rows_number(rows, i, 0));
		enum lock_mode mode = (enum lock_mode)rows_number(rows, i, 1);

		if (r && mode > r->mode)
			r->mode = mode;
	}
	error_free(err);
}

static void begin(struct measure *m, const struct relation *now, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct relation *r = measure_known(m, now[i].oid);

		if (now[i].kind == 'i')
			measure_seen_index(m, now[i].oid, now[i].filenode);
		else if (r)
			r->filenode = now[i].filenode;
	}
	for (size_t i = 0; i < m->known_count; i++) {
		m->known[i].mode = LOCK_NONE;
		m->known[i].locked_by = 0;
	}
}

/* NOW: what is there after the statement. */
static void see_table(struct measure *m, struct step *step, struct relation *r,
		      struct relation *now, size_t count)
{
	const struct relation *after = measure_find(now, count, r->oid);
	bool rewritten = after && after->filenode && after->filenode != r->filenode;
	struct rehearsal_effect *e;

	if (!r->mode && !rewritten && (after || r->dropped))
		return;
	e = measure_effect(step, r);
	/* The file of a table is replaced in this mode only. */
	e->mode = e->held = rewritten ? LOCK_ACCESS_EXCLUSIVE : r->mode;
	e->rewritten = rewritten;
	e->dropped = !after;
	r->dropped = !after;
	r->filenode = after ? after->filenode : r->filenode;
	step->long_work = step->long_work || rewritten;
	(void)m;
}

static void see_index(struct measure *m, struct step *step, const struct relation *now)
{
	struct relation *table = measure_known(m, now->parent), *r = measure_known(m, now->oid);
	bool replaced = r && r->filenode != now->filenode;
	struct rehearsal_effect *e;

	if (measure_seen_index(m, now->oid, now->filenode) || !table)
		return;
	e = measure_effect(step, table);
	e->indexes++;
	/* The file of an index is replaced while its table is locked against writing. */
	if (replaced && e->held < LOCK_SHARE)
		e->mode = e->held = LOCK_SHARE;
}

static void end(struct measure *m, struct step *step, struct relation *now, size_t count)
{
	for (size_t i = 0; i < m->known_count; i++) {
		struct relation *r = &m->known[i];

		if (r->kind != 'i' && r->kind != 'I')
			see_table(m, step, r, now, count);
	}
	for (size_t i = 0; i < count; i++) {
		if (now[i].kind == 'i')
			see_index(m, step, &now[i]);
	}
}

struct error *measure_alone(void *arg, struct db *db, const char *path, const struct script *script,
			    size_t n, bool ended)
{
	struct measure *m = arg;
	SCOPE(tmp, m);
	double ms = (log_clock() - m->mark) * 1000;
	struct step *step = mem_new(tmp, struct step);
	struct relation *now;
	struct error *err;
	size_t count;

	step->base.file = measure_file(m, path, script);
	step->base.ms = ms;
	db_on_wait(db, NULL, NULL);
	err = measure_map(&now, &count, tmp, m->db);
	if (err)
		return err;
	if (ended) {
		end(m, step, now, count);
		measure_add(m, step, script, script ? (int)n : -1);
	} else {
		begin(m, now, count);
		m->pid = db_backend_pid(db);
		if (script)
			db_on_wait(db, sample, m);
	}
	m->mark = log_clock();
	return NULL;
}
