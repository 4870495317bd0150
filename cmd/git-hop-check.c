/* git hop check: verify and repair a project. */
#include "cmd.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/out.h"
#include "care/check.h"
#include "verb.h"

static const char *word_of(const struct check *c, const struct finding *f)
{
	if (f->state == FINDING_DECISION)
		return "decision";
	return c->dry_run ? "would-repair" : "repaired";
}

static void print_text(const struct check *c)
{
	SCOPE(tmp, NULL);

	for (size_t i = 0; i < c->count; i++) {
		const struct finding *f = &c->findings[i];

		if (f->state == FINDING_DECISION)
			out_print("%s: %s: %s\n", f->name, f->about, f->text);
		else
			out_print("%s: %s: %s (%s)\n", f->name, f->about, f->text,
				  c->dry_run ? "would be repaired" : "repaired");
		for (char **line = mem_split(tmp, f->hint ? f->hint : "", '\n'); *line; line++)
			out_print("  %s\n", *line + strspn(*line, " "));
	}
	if (c->count == 0)
		note("no problems found");
}

static void put(struct out *out, const struct check *c)
{
	out_record(out, "check");
	out_number(out, "repaired", (long long)(c->dry_run ? 0 : c->repaired));
	out_number(out, "would_repair", (long long)(c->dry_run ? c->repaired : 0));
	out_number(out, "decisions", (long long)c->decisions);
	for (size_t i = 0; i < c->count; i++) {
		const struct finding *f = &c->findings[i];

		out_record(out, "finding");
		out_text(out, "name", f->name);
		out_text(out, "state", word_of(c, f));
		out_text(out, "about", f->about);
		out_text(out, "text", f->text);
		out_text(out, "hint", f->hint);
	}
}

static const struct verb_opt opts[] = {
	{'n', "dry-run", OPT_FLAG, offsetof(struct check, dry_run), NULL,
	 "repair nothing; print what would be repaired"},
	{0, "database", OPT_TEXT, offsetof(struct check, database), "CONNINFO",
	 "the server whose databases to verify"},
	VERB_OPT_END,
};

static struct error *run(struct call *c)
{
	struct check *check = c->request;
	struct error *err;
	struct out *out;

	err = check_run(check, c);
	if (err)
		return err;
	out = out_open(c, c->format, "check");
	if (out_is_text(out))
		print_text(check);
	put(out, check);
	out_end(out);
	if (check->decisions == 0)
		return NULL;
	return error_new(ERROR_NO, "%zu problem%s a decision", check->decisions,
			 check->decisions == 1 ? " needs" : "s need");
}

/* A project that cannot be opened is a finding, so nothing is opened before. */
static const struct verb self = {
	.synopsis = "git hop check [-n] [--database=CONNINFO] [--porcelain | --json]",
	.about = "Verify a project and repair what can be repaired automatically.",
	.opts = opts,
	.size = sizeof(struct check),
	.needs = VERB_FORMATS,
	.run = run,
};

static const struct program program = {&self, NULL};

struct error *command(int argc, char **argv)
{
	return program_run(&program, argc, argv);
}
