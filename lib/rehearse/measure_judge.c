/* Which of the things that were measured would block the application. */
#include "rehearse/measure.h"

#include <strings.h>

#include "rehearse/measure_private.h"

/* Which effects a finding is about. */
typedef bool (*about)(const struct step *step, const struct rehearsal_effect *e);

/* Nobody writes to a materialized view. */
static bool blocks(const struct rehearsal_effect *e, enum lock_mode mode)
{
	return mode >= (e->materialized ? LOCK_ACCESS_EXCLUSIVE : LOCK_SHARE);
}

static bool is_rewrite(const struct step *step, const struct rehearsal_effect *e)
{
	(void)step;
	return e->rewritten;
}

static bool is_index(const struct step *step, const struct rehearsal_effect *e)
{
	(void)step;
	return e->indexes > 0 && !e->rewritten && !e->emptied && blocks(e, e->held);
}

/* Rows that are read or changed are read in full or not, as the planner likes with empty tables. */
static bool is_scan(const struct step *step, const struct rehearsal_effect *e)
{
	return e->scanned && step->changed_catalog && !is_index(step, e) && blocks(e, e->held);
}

/*
 * It did nothing but lock the table. ALTER that has nothing to do is like one that is done at once.
 */
static bool is_lock(const struct step *step, const struct rehearsal_effect *e)
{
	const char *verb = step->base.verb;

	return step->base.transaction && verb && strcasecmp(verb, "ALTER") != 0 &&
	       !step->changed_catalog && blocks(e, e->mode) && !e->dropped && !e->emptied &&
	       !e->rewritten;
}

static bool is_rows(const struct step *step, const struct rehearsal_effect *e)
{
	(void)step;
	return e->updated + e->deleted >= REHEARSAL_ROWS;
}

static const char *blocked(enum lock_mode mode)
{
	return mode == LOCK_ACCESS_EXCLUSIVE ? "can be neither read nor written"
					     : "cannot be written";
}

/* The reason why the finding is allowed; NULL: it is not. */
static char *allowed(struct measure *m, const struct rehearsal_step *step, enum finding_kind kind)
{
	for (size_t i = 0; i < m->allows_count; i++) {
		struct allows *allows = &m->allows[i];

		for (size_t k = 0; allows->file == step->file && k < allows->count; k++) {
			struct finding_allow *allow = &allows->list[k];

			if (allow->problem || allow->kind != kind ||
			    allow->statement + 1 != (size_t)step->statement)
				continue;
			allow->used = true;
			return allow->reason;
		}
	}
	return NULL;
}

static void add(struct measure *m, enum finding_kind kind, char **tables, char *text)
{
	struct rehearsal *r = m->r;
	char *reason = allowed(m, &r->steps[r->step_count - 1], kind);

	r->findings = mem_resize(r, r->findings, struct rehearsal_finding, r->finding_count + 1);
	r->findings[r->finding_count++] = (struct rehearsal_finding){
		.kind = kind,
		.step = r->step_count - 1,
		.tables = talloc_steal(r, tables),
		.text = talloc_steal(r, text),
		.instead = finding_instead(kind, r->steps[r->step_count - 1].verb),
		.reason = reason,
	};
	r->allowed += reason != NULL;
}

/* What blocks ends with the transaction, or else with the statement. */
static const char *until(const struct step *step)
{
	return step->base.transaction ? "until the transaction ends" : "meanwhile";
}

/* In tables of which so many are changed that it is a finding. */
static long long count_rows(const struct step *step)
{
	long long rows = 0;

	for (size_t i = 0; i < step->base.count; i++) {
		const struct rehearsal_effect *e = &step->base.effects[i];

		rows += is_rows(step, e) ? e->updated + e->deleted : 0;
	}
	return rows;
}

static char *say(void *ctx, const struct step *step, enum finding_kind kind, const char *tables,
		 enum lock_mode mode)
{
	switch (kind) {
	case FINDING_REWRITE:
		return mem_printf(ctx, "%s is rewritten, and can be neither read nor written %s",
				  tables, until(step));
	case FINDING_SCAN:
		return mem_printf(ctx, "%s is read in full, and %s %s", tables, blocked(mode),
				  until(step));
	case FINDING_INDEX:
		return mem_printf(ctx, "an index of %s is built, and the table %s %s", tables,
				  blocked(mode), until(step));
	case FINDING_LOCK:
		return mem_printf(ctx, "%s is locked in mode %s, and %s %s", tables,
				  lock_mode_name(mode), blocked(mode), until(step));
	case FINDING_ROWS:
	default:
		return mem_printf(ctx,
				  "%lld rows of %s are changed at once: they stay locked, and "
				  "their old versions in the table, %s",
				  count_rows(step), tables, until(step));
	}
}

/* Other tables that the statement has locked for what it did: those that a foreign key names. */
static void add_others(char **text, void *ctx, const struct step *step, about fits)
{
	char **others = NULL;

	for (size_t i = 0; i < step->base.count; i++) {
		const struct rehearsal_effect *e = &step->base.effects[i];

		if (!fits(step, e) && blocks(e, e->mode))
			mem_list_add(&others, ctx, e->table);
	}
	if (others)
		mem_append(text, ctx, "; %s %s locked, too", rehearsal_list(ctx, others),
			   others[1] ? "are" : "is");
}

static void find(struct measure *m, const struct step *step, enum finding_kind kind, about fits)
{
	SCOPE(tmp, NULL);
	enum lock_mode mode = LOCK_NONE;
	char **tables = NULL, *text;

	for (size_t i = 0; i < step->base.count; i++) {
		const struct rehearsal_effect *e = &step->base.effects[i];

		if (!fits(step, e))
			continue;
		mem_list_add(&tables, tmp, e->table);
		mode = e->held > mode ? e->held : mode;
	}
	if (!tables)
		return;
	text = say(tmp, step, kind, rehearsal_list(tmp, tables), mode);
	if (kind != FINDING_LOCK && kind != FINDING_ROWS)
		add_others(&text, tmp, step, fits);
	add(m, kind, tables, text);
}

/* Is the table one of those that this statement itself blocks? */
static bool is_own(const struct step *step, const struct relation *table)
{
	for (size_t i = 0; i < step->base.count; i++) {
		const struct rehearsal_effect *e = &step->base.effects[i];

		if (step->tables[i] == table)
			return is_rewrite(step, e) || is_index(step, e) || is_scan(step, e);
	}
	return false;
}

/* Tables that an earlier statement of the transaction has locked, while this one takes long. */
static void find_held(struct measure *m, const struct step *step)
{
	SCOPE(tmp, NULL);
	const struct rehearsal *r = m->r;
	char **tables = NULL, **places = NULL;

	for (size_t i = 0; i < m->known_count; i++) {
		const struct relation *table = &m->known[i];
		enum lock_mode least = table->kind == 'm' ? LOCK_ACCESS_EXCLUSIVE : LOCK_SHARE;
		char *place;

		if (table->parent || table->mode < least || table->locked_by == 0 ||
		    table->locked_by == r->step_count || is_own(step, table))
			continue;
		place = rehearsal_place(tmp, r, &r->steps[table->locked_by - 1]);
		mem_list_add(&tables, tmp, table->name);
		if (!mem_list_has(places, place))
			mem_list_add(&places, tmp, place);
	}
	if (tables)
		add(m, FINDING_HELD, tables,
		    mem_printf(tmp, "%s, locked by %s, stay%s locked while this runs",
			       rehearsal_list(tmp, tables), rehearsal_list(tmp, places),
			       tables[1] ? "" : "s"));
}

void measure_judge(struct measure *m, const struct step *step)
{
	find(m, step, FINDING_REWRITE, is_rewrite);
	find(m, step, FINDING_SCAN, is_scan);
	find(m, step, FINDING_INDEX, is_index);
	find(m, step, FINDING_LOCK, is_lock);
	find(m, step, FINDING_ROWS, is_rows);
	if (step->long_work && step->base.transaction)
		find_held(m, step);
}
