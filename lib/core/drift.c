/* Compares two schemas object by object. */
#include "core/drift.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/alias.h"
#include "core/dump_private.h"

struct object {
	char *type, *schema, *name; /* as in the header of the object */
	const char *bare; /* in NAME, without the kind of object that ACL and COMMENT put first */
	char *text;       /* its statements */
	char *sorted;     /* its lines in an order that does not depend on that of columns */
};

struct objects {
	struct object *list;
	size_t count;
};

/* "TABLE users" is about users, and so is "COLUMN users.id". */
static const char *bare_name(const char *type, const char *name)
{
	static const char *const types[] = {"ACL", "COMMENT", "SECURITY LABEL"};
	bool has_kind = false;

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		has_kind = has_kind || strcmp(type, types[i]) == 0;
	while (has_kind) {
		size_t n = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

		if (n == 0 || name[n] != ' ')
			break;
		name += n + 1;
	}
	return name;
}

/* A comma behind the last column says nothing. */
static char **split_lines(void *ctx, const char *text)
{
	char **lines = mem_split(ctx, text, '\n');

	for (char **line = lines; *line; line++) {
		size_t n = strlen(*line);

		if (n > 0 && (*line)[n - 1] == ',')
			(*line)[n - 1] = '\0';
	}
	return lines;
}

static int by_line(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Only columns may be in any order: elsewhere, that of lines matters. */
static char *sort_lines(void *ctx, const char *type, const char *text)
{
	SCOPE(tmp, ctx);
	char **lines, *out = NULL;
	size_t count;

	if (strcmp(type, "VIEW") == 0 || strcmp(type, "MATERIALIZED VIEW") == 0 ||
	    strcmp(type, "RULE") == 0)
		return alias_hide(ctx, text);
	if (strcmp(type, "TABLE") != 0 && strcmp(type, "FOREIGN TABLE") != 0 &&
	    strcmp(type, "ACL") != 0)
		return mem_dup(ctx, text);
	lines = split_lines(tmp, text);
	count = mem_list_length(lines);
	qsort(lines, count, sizeof(*lines), by_line);
	for (size_t i = 0; i < count; i++)
		mem_append(&out, ctx, "%s\n", lines[i]);
	return out ? out : mem_dup(ctx, "");
}

static struct object *add_object(struct objects *all, void *ctx, const char *header)
{
	struct object *o;

	all->list = mem_resize(ctx, all->list, struct object, all->count + 1);
	o = &all->list[all->count++];
	*o = (struct object){.type = dump_type(ctx, header)};
	o->schema = dump_part(ctx, header, "; Schema: ", "; Owner: ");
	if (strcmp(o->schema, "-") == 0)
		*o->schema = '\0';
	o->name = dump_part(ctx, header, "-- Name: ", "; Type: ");
	o->bare = bare_name(o->type, o->name);
	return o;
}

/* Whether the text between two statements starts a section of a model that is not an object. */
static bool starts_section(const char *gap, size_t length)
{
	return memmem(gap, length, "\n--\n-- ", 7) != NULL;
}

static int by_name(const void *a, const void *b)
{
	const struct object *oa = a, *ob = b;
	int order = strcmp(oa->schema, ob->schema);

	if (!order)
		order = strcmp(oa->bare, ob->bare);
	if (!order)
		order = strcmp(oa->type, ob->type);
	if (!order)
		order = strcmp(oa->name, ob->name);
	return order;
}

/* Two objects of one name, such as the default privileges of two roles, are told apart by text. */
static int by_name_and_text(const void *a, const void *b)
{
	int order = by_name(a, b);

	return order ? order
		     : strcmp(((const struct object *)a)->sorted,
			      ((const struct object *)b)->sorted);
}

static void read_objects(struct objects *all, void *ctx, const char *text)
{
	struct object *object = NULL;
	struct dump_reader reader;

	dump_open(&reader, ctx, text);
	while (dump_next(&reader)) {
		const struct statement *st = &reader.st;

		if (reader.header)
			object = add_object(all, ctx, reader.header);
		else if (starts_section(reader.gap, reader.gap_length))
			object = NULL;
		if (!object || reader.is_set)
			continue;
		mem_append(&object->text, ctx, "%s%.*s", object->text ? "\n" : "",
			   (int)(st->end - st->start), text + st->start);
	}
	for (size_t i = 0; i < all->count; i++) {
		object = &all->list[i];
		if (!object->text)
			object->text = mem_dup(ctx, "");
		object->sorted = sort_lines(ctx, object->type, object->text);
	}
	if (all->count > 0)
		qsort(all->list, all->count, sizeof(*all->list), by_name_and_text);
}

static bool is_of_type(const struct object *o, const char *type)
{
	return strcmp(o->type, type) == 0;
}

/* The name of a table with its schema, as its dump writes it. */
static char *qualified(void *ctx, const struct object *table)
{
	static const char prefix[] = "CREATE TABLE ";
	const char *end;

	if (strncmp(table->text, prefix, strlen(prefix)) != 0)
		return NULL;
	end = strstr(table->text, " (");
	return end ? mem_dup_n(ctx, table->text + strlen(prefix),
			       (size_t)(end - table->text) - strlen(prefix))
		   : NULL;
}

/* Whether NAME is TABLE itself, or "TABLE something", or "TABLE.column". */
static bool is_about(const char *name, const char *table)
{
	size_t n = strlen(table);

	return strncmp(name, table, n) == 0 &&
	       (name[n] == '\0' || name[n] == ' ' || name[n] == '.');
}

static bool belongs_to(const struct object *o, const struct object *table)
{
	SCOPE(tmp, NULL);
	char *name;

	if (strcmp(o->schema, table->schema) != 0)
		return false;
	if (is_of_type(o, "INDEX") || is_of_type(o, "STATISTICS")) {
		name = qualified(tmp, table);
		return name && (strstr(o->text, mem_printf(tmp, " ON %s ", name)) ||
				strstr(o->text, mem_printf(tmp, " FROM %s;", name)));
	}
	return is_about(o->bare, table->name);
}

/* The index of a partition is attached to that of the partitioned table. */
static bool is_index_of(const struct object *attach, const struct object *o)
{
	size_t n = strlen(o->name), m = strlen(attach->name);

	if (strcmp(o->schema, attach->schema) != 0 || n < m)
		return false;
	return strcmp(o->name + n - m, attach->name) == 0 && (n == m || o->name[n - m - 1] == ' ');
}

/* What only one side has, and the tables among it that are attached to another as partitions. */
struct surplus {
	struct objects all, partitions;
};

static struct surplus read_surplus(void *ctx, const struct objects *all)
{
	struct surplus out = {.all = *all};

	out.partitions.list = mem_array(ctx, struct object, all->count);
	for (size_t i = 0; i < all->count; i++) {
		const struct object *o = &all->list[i];

		/* Sorted: nothing but TABLE is between TABLE and TABLE ATTACH of the same name. */
		if (is_of_type(o, "TABLE") && i + 1 < all->count &&
		    is_of_type(o + 1, "TABLE ATTACH") && strcmp(o->name, o[1].name) == 0)
			out.partitions.list[out.partitions.count++] = *o;
	}
	return out;
}

static bool is_partition(const struct surplus *only, const struct object *o)
{
	for (size_t i = 0; i < only->partitions.count; i++) {
		if (belongs_to(o, &only->partitions.list[i]))
			return true;
	}
	if (!is_of_type(o, "INDEX ATTACH"))
		return false;
	for (size_t i = 0; i < only->all.count; i++) {
		const struct object *index = &only->all.list[i];

		if (!is_of_type(index, "INDEX ATTACH") && is_index_of(o, index) &&
		    is_partition(only, index))
			return true;
	}
	return false;
}

static bool is_extension(const struct object *o)
{
	return is_of_type(o, "EXTENSION") ||
	       (is_of_type(o, "COMMENT") && strncmp(o->name, "EXTENSION ", 10) == 0);
}

static bool is_ignored(const struct object *o, char *const *ignore)
{
	SCOPE(tmp, NULL);
	char *name = mem_printf(tmp, "%s%s%s", o->schema, *o->schema ? "." : "", o->bare);

	for (; ignore && *ignore; ignore++) {
		if (fnmatch(*ignore, name, 0) == 0)
			return true;
	}
	return false;
}

static char *display(void *ctx, const struct object *o)
{
	return mem_printf(ctx, "%s %s%s%s", o->type, o->schema, *o->schema ? "." : "", o->name);
}

/* Adds the lines of TEXT that OTHER lacks. */
static void add_lines(char ***out, void *ctx, const char *mark, const char *text, const char *other)
{
	SCOPE(tmp, NULL);
	char **lines = split_lines(tmp, text), **others = split_lines(tmp, other);

	for (; *lines; lines++) {
		char **same = others;

		while (*same && strcmp(*same, *lines) != 0)
			same++;
		if (*same)
			*same = mem_dup(tmp, "");
		else if (**lines)
			mem_list_add(out, ctx, mem_printf(tmp, "%s%s", mark, *lines));
	}
}

static void add_item(struct drift *out, void *ctx, const struct object *expected,
		     const struct object *found, char *const *ignore)
{
	const struct object *o = found ? found : expected;
	struct drift_item *item;

	out->items = mem_resize(ctx, out->items, struct drift_item, out->count + 1);
	item = &out->items[out->count++];
	*item = (struct drift_item){
		.kind = !expected ? DRIFT_ADDED
			: !found  ? DRIFT_MISSING
				  : DRIFT_CHANGED,
		.object = display(ctx, o),
	};
	if (expected && found) {
		item->lines = mem_array(ctx, char *, 1);
		add_lines(&item->lines, ctx, "- ", expected->text, found->text);
		add_lines(&item->lines, ctx, "+ ", found->text, expected->text);
	}
	if (found && is_extension(o))
		item->tolerated = "an extension";
	else if (is_ignored(o, ignore))
		item->tolerated = "ignored";
}

/* Moves what both sides have out of the way; what is left differs. */
static void drop_equal(struct objects *a, struct objects *b)
{
	size_t i = 0, k = 0, left_a = 0, left_b = 0;

	while (i < a->count || k < b->count) {
		int order = i == a->count   ? 1
			    : k == b->count ? -1
					    : by_name_and_text(&a->list[i], &b->list[k]);

		if (order < 0)
			a->list[left_a++] = a->list[i];
		else if (order > 0)
			b->list[left_b++] = b->list[k];
		i += order <= 0;
		k += order >= 0;
	}
	a->count = left_a;
	b->count = left_b;
}

static void tolerate_partition(struct drift_item *item, const struct object *o,
			       const struct surplus *only)
{
	if (!item->tolerated && is_partition(only, o))
		item->tolerated = "a partition";
}

void drift_compare(struct drift *out, void *ctx, const char *expected, const char *found,
		   char *const *ignore)
{
	SCOPE(tmp, ctx);
	struct objects a = {NULL, 0}, b = {NULL, 0};
	struct surplus missing, added;
	size_t i = 0, k = 0;

	*out = (struct drift){.items = NULL};
	read_objects(&a, tmp, expected);
	read_objects(&b, tmp, found);
	drop_equal(&a, &b);
	missing = read_surplus(tmp, &a);
	added = read_surplus(tmp, &b);
	while (i < a.count || k < b.count) {
		int order = i == a.count ? 1 : k == b.count ? -1 : by_name(&a.list[i], &b.list[k]);

		add_item(out, ctx, order <= 0 ? &a.list[i] : NULL, order >= 0 ? &b.list[k] : NULL,
			 ignore);
		if (order < 0)
			tolerate_partition(&out->items[out->count - 1], &a.list[i], &missing);
		else if (order > 0)
			tolerate_partition(&out->items[out->count - 1], &b.list[k], &added);
		i += order <= 0;
		k += order >= 0;
	}
	for (i = 0; i < out->count; i++)
		out->blocking += !out->items[i].tolerated;
}
