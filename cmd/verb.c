/* Running the verb that a command line names. */
#include "verb.h"

#include <string.h>

#include "base/log.h"
#include "care/enter.h"
#include "port/db.h"
#include "port/git.h"
#include "project/patch_find.h"

static struct opt *make_opts(struct call *c, const struct verb *verb)
{
	const struct opt formats[] = {OPT_FORMATS(&c->format)};
	const struct opt common[] = {OPT_COMMON};
	size_t own = 0, n = 0;
	struct opt *opts;

	while (verb->opts && verb->opts[own].name)
		own++;
	opts = mem_array(c, struct opt, own + 2 + 3 + 1);
	for (; n < own; n++) {
		const struct verb_opt *o = &verb->opts[n];
		void *value = (char *)c->request + o->offset;

		if (o->kind == OPT_LIST)
			*(char ***)value = mem_array(c, char *, 1);
		opts[n] = (struct opt){o->letter, o->name, o->kind, value, o->arg, o->help};
	}
	for (size_t i = 0; verb->needs & VERB_FORMATS && i < 2; i++)
		opts[n++] = formats[i];
	for (size_t i = 0; i < 3; i++)
		opts[n++] = common[i];
	return opts;
}

/* The verbs of a program, as its usage lists them. */
static struct opt_verb *list_verbs(void *ctx, const struct verb *const *verbs)
{
	struct opt_verb *list;
	size_t n = 0;

	while (verbs && verbs[n])
		n++;
	list = mem_array(ctx, struct opt_verb, n + 1);
	n = 0;
	for (; verbs && *verbs; verbs++) {
		const struct verb *v = *verbs;

		if (v->help)
			list[n++] = (struct opt_verb){v->name, v->args, v->help};
	}
	return list;
}

/* "git hop release promote" of "git hop release promote [-n] ...", as servers show it. */
static char *command_of(void *ctx, const char *synopsis)
{
	size_t n = strspn(synopsis, "abcdefghijklmnopqrstuvwxyz- ");

	while (n > 0 && (synopsis[n - 1] == ' ' || synopsis[n - 1] == '-'))
		n--;
	return mem_dup_n(ctx, synopsis, n);
}

/* *DONE: help was printed. Options of a verb that runs another program are left to that program. */
static struct error *take_args(struct call *c, bool *done, const struct verb *verb, int argc,
			       char **argv)
{
	struct error *err = NULL;
	int first = 1;

	if (verb->needs & VERB_RAW)
		*done = argc == 2 && strcmp(argv[1], "--list-options") == 0;
	else
		err = opt_parse(&first, done, argc, argv, c->usage, verb->needs & VERB_STOP);
	if (err || *done)
		return err;
	c->args = argv + first;
	c->count = argc - first;
	return opt_count(c->usage, c->count, verb->min, verb->max);
}

static struct error *open_needs(struct call *c, const struct verb *verb)
{
	struct error *err = NULL;

	if (!(verb->needs & VERB_DEFAULT_SIGNALS))
		signals_catch();
	if (!(verb->needs & VERB_GIT_ENV))
		git_leave_caller();
	if (verb->needs & VERB_PROJECT)
		err = project_enter(&c->project, c,
				    (verb->needs & VERB_DEVELOPMENT) == VERB_DEVELOPMENT);
	if (!err && (verb->needs & VERB_PATCH) == VERB_PATCH)
		err = patch_find_id(&c->id, c, c->project, c->args[0]);
	return err;
}

static struct error *run_verb(const struct verb *verb, int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct call *c = mem_new(tmp, struct call);
	struct opt_usage usage = {.synopsis = verb->synopsis, .about = verb->about};
	struct error *err;
	bool done;

	c->began = log_clock();
	c->format = OUT_TEXT;
	c->request = mem_array(c, char, verb->size + 1);
	if (verb->initial)
		memcpy(c->request, verb->initial, verb->size);
	usage.opts = make_opts(c, verb);
	c->usage = &usage;
	db_set_application(command_of(c, verb->synopsis));
	err = take_args(c, &done, verb, argc, argv);
	if (!err && !done && verb->check)
		err = verb->check(c);
	if (!err && !done)
		err = open_needs(c, verb);
	if (!err && !done)
		err = verb->run(c);
	db_set_application("git hop");
	return err;
}

/* NULL: no verb has that name. */
static const struct verb *find_verb(const struct verb *const *verbs, const char *name)
{
	for (; *verbs; verbs++) {
		if (strcmp((*verbs)->name, name) == 0)
			return *verbs;
	}
	return NULL;
}

/* The common options stand before the verb, or behind it. */
static struct error *dispatch(const struct program *program, int argc, char **argv)
{
	SCOPE(tmp, NULL);
	struct call *c = mem_new(tmp, struct call);
	const struct verb *self = program->self, *verb;
	const struct opt_usage usage = {self->synopsis, self->about, make_opts(c, self),
					list_verbs(c, program->verbs)};
	struct error *err;
	bool done;

	c->usage = &usage;
	err = opt_parse(&c->count, &done, argc, argv, &usage, true);
	if (err || done)
		return err;
	c->args = argv + c->count;
	c->count = argc - c->count;
	if (c->count == 0)
		return opt_error(&usage, "missing verb");
	verb = find_verb(program->verbs, c->args[0]);
	if (!verb)
		return opt_error(&usage, "unknown verb '%s'", c->args[0]);
	return run_verb(verb, c->count, c->args);
}

struct error *program_run(const struct program *program, int argc, char **argv)
{
	return program->self->run ? run_verb(program->self, argc, argv)
				  : dispatch(program, argc, argv);
}
