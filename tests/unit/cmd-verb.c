/* cmd/verb: from a command line to the verb that runs, without a project. */
#include "../../cmd/verb.h"

#include "base/log.h"
#include "unit.h"

struct request {
	const char *text;
	char **list;
	bool flag;
	int number;
	bool checked;
};

/* What the verb that ran last was given. */
static char *got;

static const struct verb_opt opts[] = {
	{'t', "text", OPT_TEXT, offsetof(struct request, text), "TEXT", "a text"},
	{'l', "list", OPT_LIST, offsetof(struct request, list), "TEXT", "one more text"},
	{'f', "flag", OPT_FLAG, offsetof(struct request, flag), NULL, "a flag"},
	{'n', "number", OPT_NUMBER, offsetof(struct request, number), "N", "a number"},
	VERB_OPT_END,
};

static const struct request initial = {.number = 7};

static struct error *check(struct call *c)
{
	struct request *r = c->request;

	r->checked = true;
	return r->number == 13 ? opt_error(c->usage, "not that number") : NULL;
}

static struct error *run(struct call *c)
{
	const struct request *r = c->request;

	talloc_free(got);
	got = mem_printf(NULL, "%s %s %d %d%s:", r->text ? r->text : "-",
			 r->list && r->list[0] ? r->list[0] : "-", r->flag, r->number,
			 r->checked ? "" : " unchecked");
	for (char **arg = c->args; *arg; arg++)
		mem_append(&got, NULL, " %s", *arg);
	return NULL;
}

static const struct verb make = {
	.name = "make",
	.args = "X",
	.help = "makes",
	.synopsis = "git hop thing make X",
	.about = "Makes.",
	.opts = opts,
	.size = sizeof(struct request),
	.initial = &initial,
	.min = 1,
	.max = 2,
	.check = check,
	.run = run,
};

static const struct verb stop = {
	.name = "stop",
	.args = "",
	.help = "stops",
	.synopsis = "git hop thing stop",
	.about = "Stops.",
	.opts = opts,
	.size = sizeof(struct request),
	.max = 3,
	.needs = VERB_STOP,
	.run = run,
};

static const struct verb raw = {
	.name = "raw",
	.synopsis = "git hop thing raw",
	.size = sizeof(struct request),
	.max = 3,
	.needs = VERB_RAW,
	.run = run,
};

static const struct verb *const verbs[] = {&make, &stop, &raw, NULL};
static const struct verb self = {.synopsis = "git hop thing VERB", .about = "Things."};
static const struct program program = {&self, verbs};
static const struct program single = {&make, NULL};

static struct error *call(void *ctx, const struct program *p, const char *line)
{
	char **argv = mem_split(ctx, line, ' ');

	return program_run(p, (int)mem_list_length(argv), argv);
}

static const struct {
	const char *line, *got;
} lines[] = {
	{"x make a", "- - 0 7: a"},
	{"x -q make a -f b --text=t", "t - 1 7: a b"},
	{"x make -n 0 -l one -- -a", "- one 0 0: -a"},
	{"x stop -f a -f b", "- - 1 0 unchecked: a -f b"},
	{"x raw -f --help -x", "- - 0 0 unchecked: -f --help -x"},
};

START_TEST(verbs_run)
{
	SCOPE(tmp, NULL);

	ck_good(call(tmp, &program, lines[_i].line));
	ck_assert_str_eq(got, lines[_i].got);
	log_set_verbosity(0);
}
END_TEST

START_TEST(a_verb_alone)
{
	SCOPE(tmp, NULL);

	ck_good(call(tmp, &single, "x a -n 3"));
	ck_assert_str_eq(got, "- - 0 3: a");
}
END_TEST

static const char *const refused[] = {
	"x",
	"x absent",
	"x --absent make a",
	"x make",
	"x make a b c",
	"x make --absent a",
	"x make a -n 13",
	"x raw a b c d",
};

START_TEST(refusals)
{
	SCOPE(tmp, NULL);

	TALLOC_FREE(got); /* of an earlier test: with CK_FORK=no they share it */
	ck_error(call(tmp, &program, refused[_i]), ERROR_USAGE);
	ck_assert_ptr_null(got);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cmd-verb");
	TCase *tc = tcase_create("verb");

	tcase_add_loop_test(tc, verbs_run, 0, (int)COUNT(lines));
	tcase_add_test(tc, a_verb_alone);
	tcase_add_loop_test(tc, refusals, 0, (int)COUNT(refused));
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
