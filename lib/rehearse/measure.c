/* Measures what runs in a database, statement by statement. */
#include "rehearse/measure.h"

#include <string.h>

#include "base/log.h"
#include "rehearse/measure_private.h"

#define LONG_MS 1000

struct relation *measure_known(struct measure *m, unsigned int oid)
{
	return measure_find(m->known, m->known_count, oid);
}

static bool is_index(const struct relation *r)
{
	return r->kind == 'i' || r->kind == 'I';
}

/* A table of the application. */
static struct relation *table_of(struct measure *m, unsigned int oid)
{
	struct relation *r = measure_known(m, oid);

	return r && !is_index(r) ? r : NULL;
}

bool measure_seen_index(struct measure *m, unsigned int oid, unsigned int filenode)
{
	struct relation *r = measure_known(m, oid);
	bool same;

	for (size_t i = 0; !r && i < m->built_count; i++)
		r = m->built[i].oid == oid ? &m->built[i] : NULL;
	if (!r) {
		m->built = mem_resize(m, m->built, struct relation, m->built_count + 1);
		m->built[m->built_count++] = (struct relation){.oid = oid, .filenode = filenode};
		return false;
	}
	same = filenode == 0 || r->filenode == filenode;
	r->filenode = filenode;
	return same;
}

struct rehearsal_effect *measure_effect(struct step *step, struct relation *table)
{
	struct rehearsal_step *base = &step->base;

	for (size_t i = 0; i < base->count; i++) {
		if (step->tables[i] == table)
			return &base->effects[i];
	}
	step->tables = mem_resize(step, step->tables, struct relation *, base->count + 1);
	base->effects = mem_resize(step, base->effects, struct rehearsal_effect, base->count + 1);
	step->tables[base->count] = table;
	base->effects[base->count] = (struct rehearsal_effect){
		.table = table->name,
		.materialized = table->kind == 'm',
	};
	return &base->effects[base->count++];
}

size_t measure_file(struct measure *m, const char *path, const struct script *script)
{
	struct rehearsal *r = m->r;
	struct allows *allows;

	if (r->file_count > 0 && strcmp(r->files[r->file_count - 1].path, path) == 0)
		return r->file_count - 1;
	r->files = mem_resize(r, r->files, struct rehearsal_file, r->file_count + 1);
	r->files[r->file_count] = (struct rehearsal_file){.path = mem_dup(r, path)};
	if (script) {
		m->allows = mem_resize(m, m->allows, struct allows, m->allows_count + 1);
		allows = &m->allows[m->allows_count++];
		*allows = (struct allows){.file = r->file_count};
		finding_read_allows(&allows->list, &allows->count, m, script);
	}
	return r->file_count++;
}

void measure_add(struct measure *m, struct step *step, const struct script *script, int n)
{
	struct rehearsal *r = m->r;
	struct rehearsal_step *base = &step->base;

	r->files[base->file].ms += base->ms;
	step->long_work = step->long_work || base->ms >= LONG_MS;
	if (base->count == 0 && !step->long_work)
		return;
	base->statement = n + 1;
	if (script) {
		base->text = script_excerpt(r, script, (size_t)n);
		base->verb = mem_dup_n(r, base->text, strcspn(base->text, " ("));
		script_position(&base->line, &base->column, script->text,
				script->statements[n].start);
	}
	talloc_steal(r, base->effects);
	r->steps = mem_resize(r, r->steps, struct rehearsal_step, r->step_count + 1);
	r->steps[r->step_count++] = *base;
	for (size_t i = 0; i < base->count; i++) {
		if (base->transaction && base->effects[i].mode)
			step->tables[i]->locked_by = r->step_count;
	}
	measure_judge(m, step);
}

static void take_counters(struct relation *r, const struct sight *s)
{
	r->scans = s->scans;
	r->inserted = s->inserted;
	r->updated = s->updated;
	r->deleted = s->deleted;
}

/* What the transaction has done before the file is no doing of the file. */
static void take_base(struct measure *m, const struct look *look, const struct look *counters)
{
	struct relation *r;

	for (size_t i = 0; i < m->known_count; i++) {
		r = &m->known[i];
		r->there = false;
		r->scans = r->inserted = r->updated = r->deleted = 0;
	}
	for (size_t i = 0; i < counters->count; i++) {
		if ((r = measure_known(m, counters->sights[i].oid)))
			take_counters(r, &counters->sights[i]);
	}
	for (size_t i = 0; i < look->count; i++) {
		if (!(r = measure_known(m, look->sights[i].oid)))
			continue;
		r->there = true;
		r->mode = look->sights[i].mode;
	}
	for (size_t i = 0; i < m->known_count; i++) {
		r = &m->known[i];
		r->mode = r->there ? r->mode : LOCK_NONE;
		r->locked_by = r->there ? r->locked_by : 0;
	}
	m->catalog = look->catalog;
}

/* Of a counter; TRUNCATE sets it to zero. */
static long long since(long long now, long long before)
{
	return now > before ? now - before : 0;
}

/* The part of a step that concerns a table. REPLACED: its file is another one. */
static void see_table(struct step *step, struct relation *r, const struct sight *s)
{
	bool replaced = s->filenode && s->filenode != r->filenode;
	bool moved = replaced && s->tablespace != r->tablespace;
	long long inserted = since(s->inserted, r->inserted);
	long long updated = since(s->updated, r->updated);
	long long deleted = since(s->deleted, r->deleted), scans = since(s->scans, r->scans);
	struct rehearsal_effect *e;

	if (s->mode > r->mode || replaced || scans + inserted + updated + deleted > 0) {
		e = measure_effect(step, r);
		e->mode = s->mode > r->mode ? s->mode : LOCK_NONE;
		e->held = s->mode;
		e->rewritten = moved || (replaced && r->kind == 'm');
		e->emptied = replaced && !e->rewritten;
		e->dropped = s->kind == '-';
		e->scans = scans;
		e->inserted = inserted;
		e->updated = updated;
		e->deleted = deleted;
	}
	r->mode = s->mode;
	r->filenode = s->filenode ? s->filenode : r->filenode;
	r->tablespace = s->tablespace;
	take_counters(r, s);
}

static void see_index(struct measure *m, struct step *step, const struct sight *s)
{
	struct relation *table = table_of(m, s->parent), *r = measure_known(m, s->oid);

	if (!table)
		return;
	if (!measure_seen_index(m, s->oid, s->filenode))
		measure_effect(step, table)->indexes++;
	if (!r)
		return;
	if (s->scans > r->scans)
		measure_effect(step, table)->index_scans++;
	take_counters(r, s);
}

/*
 * A table is read once for each index that is built. If its file was replaced, it was rewritten
 * only if it was read once more, or in the order of an index: TRUNCATE reads nothing.
 */
static bool finish_effect(struct rehearsal_effect *e)
{
	bool read = e->scans > e->indexes;

	if (e->emptied && (read || e->index_scans > 0)) {
		e->emptied = false;
		e->rewritten = true;
	}
	e->scanned = read && !e->rewritten && !e->emptied && !e->dropped;
	return e->scanned;
}

static void finish_effects(struct measure *m, struct step *step, const struct look *look)
{
	struct rehearsal_step *base = &step->base;
	bool scanned = false;

	step->changed_catalog = look->catalog > m->catalog;
	m->catalog = look->catalog;
	for (size_t i = 0; i < base->count; i++)
		scanned |= finish_effect(&base->effects[i]);
	for (size_t i = 0; i < base->count; i++) {
		struct rehearsal_effect *e = &base->effects[i];
		bool work;

		/* A foreign key may be checked with the indexes of both tables. */
		if (!scanned && step->changed_catalog && e->index_scans > 0 && !e->rewritten)
			e->scanned = true;
		work = e->rewritten || (e->indexes > 0 && !e->emptied) ||
		       (e->scanned && step->changed_catalog) ||
		       e->inserted + e->updated + e->deleted >= REHEARSAL_ROWS;
		step->long_work = step->long_work || work;
	}
}

static void see(struct measure *m, const struct script *script, int n, const struct look *look,
		double ms)
{
	SCOPE(tmp, NULL);
	struct step *step = mem_new(tmp, struct step);

	step->base.file = measure_file(m, script->name, script);
	step->base.ms = ms;
	step->base.transaction = true;
	for (size_t i = 0; i < look->count; i++) {
		struct relation *table = table_of(m, look->sights[i].oid);

		if (table)
			see_table(step, table, &look->sights[i]);
	}
	for (size_t i = 0; i < look->count; i++) {
		if (look->sights[i].kind == 'i')
			see_index(m, step, &look->sights[i]);
	}
	finish_effects(m, step, look);
	measure_add(m, step, script, n);
}

static struct error *look(void *arg, struct db *db, const struct script *script, int n)
{
	struct measure *m = arg;
	SCOPE(tmp, m);
	double ms = (log_clock() - m->mark) * 1000;
	struct look look = {0}, counters = {0};
	struct error *err = measure_look(&look, tmp, db);

	if (!err && n < 0)
		err = measure_counters(&counters, tmp, db);
	if (err)
		return err;
	if (n < 0) {
		measure_file(m, script->name, script);
		take_base(m, &look, &counters);
	} else {
		see(m, script, n, &look, ms);
	}
	m->mark = log_clock();
	return NULL;
}

struct error *measure_open(struct measure **out, void *ctx, struct db *db, bool data)
{
	SCOPE(tmp, ctx);
	struct measure *m = mem_new(tmp, struct measure);
	struct error *err;

	m->db = db;
	m->watch = (struct run_watch){.look = look, .alone = measure_alone, .arg = m};
	m->r = mem_new(m, struct rehearsal);
	m->r->data = data;
	err = measure_map(&m->known, &m->known_count, m, db);
	if (!err)
		*out = talloc_steal(ctx, m);
	return err;
}

const struct run_watch *measure_watch(const struct measure *m)
{
	return &m->watch;
}

/* What is allowed, but was not found. What only rows show is not missed without them. */
static void add_strays(struct measure *m, const struct allows *allows)
{
	struct rehearsal *r = m->r;

	for (size_t i = 0; i < allows->count; i++) {
		const struct finding_allow *allow = &allows->list[i];
		bool unseen = !r->data && allow->kind == FINDING_ROWS;

		if (allow->used || (unseen && !allow->problem))
			continue;
		r->strays = mem_resize(r, r->strays, struct rehearsal_stray, r->stray_count + 1);
		r->strays[r->stray_count++] = (struct rehearsal_stray){
			.file = allows->file,
			.line = allow->line,
			.text = allow->problem ? mem_printf(r, "@HOP:allow: %s", allow->problem)
					       : mem_printf(r, "@HOP:allow %s allows nothing",
							    finding_name(allow->kind)),
		};
	}
}

const struct rehearsal *measure_end(struct measure *m)
{
	for (size_t i = 0; i < m->allows_count; i++)
		add_strays(m, &m->allows[i]);
	return m->r;
}
