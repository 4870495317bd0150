/* Dumps the rows of hop's tables for metadata.sql. */
#include "run/record.h"

#include "run/record_private.h"

/* Appends a value in COPY's text format, followed by END. */
static void add_value(char **text, void *ctx, const char *value, char after)
{
	if (!value) {
		mem_append(text, ctx, "\\N%c", after);
		return;
	}
	for (; *value; value++) {
		switch (*value) {
		case '\\':
			mem_append(text, ctx, "\\\\");
			break;
		case '\t':
			mem_append(text, ctx, "\\t");
			break;
		case '\n':
			mem_append(text, ctx, "\\n");
			break;
		case '\r':
			mem_append(text, ctx, "\\r");
			break;
		default:
			mem_append(text, ctx, "%c", *value);
		}
	}
	mem_append(text, ctx, "%c", after);
}

static void begin_releases(char **text, void *ctx)
{
	mem_append(text, ctx,
		   "COPY hop.release (version, applied_at, applied_by, commit_id, hop_version, "
		   "duration_ms) FROM stdin;\n");
}

static void add_release(char **text, void *ctx, const struct record_release *release)
{
	add_value(text, ctx, release->version, '\t');
	add_value(text, ctx, release->applied_at, '\t');
	add_value(text, ctx, release->applied_by, '\t');
	add_value(text, ctx, release->commit, '\t');
	add_value(text, ctx, release->hop_version, '\t');
	mem_append(text, ctx, "%lld\n", release->duration_ms);
}

static void begin_patches(char **text, void *ctx)
{
	mem_append(text, ctx,
		   "\\.\n\nCOPY hop.patch (version, id, hash, \"position\", duration_ms, "
		   "applied_at) FROM stdin;\n");
}

char *record_dump_one(void *ctx, const struct record_release *release)
{
	char *out = mem_dup(ctx, "");

	begin_releases(&out, ctx);
	add_release(&out, ctx, release);
	begin_patches(&out, ctx);
	mem_append(&out, ctx, "\\.\n");
	return out;
}

static struct error *add_scripts(char **text, void *ctx, struct db *db)
{
	struct record_script *scripts;
	size_t count;
	struct error *err = record_scripts(&scripts, &count, ctx, db);

	if (err || count == 0)
		return err;
	mem_append(text, ctx, "\nCOPY hop.bootstrap (file, hash, applied_at) FROM stdin;\n");
	for (size_t i = 0; i < count; i++) {
		add_value(text, ctx, scripts[i].file, '\t');
		add_value(text, ctx, scripts[i].hash, '\t');
		add_value(text, ctx, scripts[i].at, '\n');
	}
	mem_append(text, ctx, "\\.\n");
	return NULL;
}

struct error *record_dump(char **text, void *ctx, struct db *db)
{
	SCOPE(tmp, ctx);
	struct record_release *releases;
	struct patch_row *patches;
	char *out = mem_dup(tmp, "");
	size_t n;
	struct error *err = record_releases(&releases, &n, tmp, db);

	if (err)
		return err;
	begin_releases(&out, tmp);
	for (size_t i = 0; i < n; i++)
		add_release(&out, tmp, &releases[i]);
	err = record_patch_rows(&patches, &n, tmp, db);
	if (err)
		return err;
	begin_patches(&out, tmp);
	for (size_t i = 0; i < n; i++) {
		add_value(&out, tmp, patches[i].version, '\t');
		add_value(&out, tmp, patches[i].id, '\t');
		add_value(&out, tmp, patches[i].hash, '\t');
		add_value(&out, tmp, patches[i].position, '\t');
		add_value(&out, tmp, patches[i].duration, '\t');
		add_value(&out, tmp, patches[i].at, '\n');
	}
	mem_append(&out, tmp, "\\.\n");
	err = add_scripts(&out, tmp, db);
	if (!err)
		*text = talloc_steal(ctx, out);
	return err;
}
