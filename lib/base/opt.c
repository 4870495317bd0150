/* Option tables over getopt_long. */
#include "base/opt.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/quote.h"

static size_t table_length(const struct opt *opts)
{
	size_t n = 0;

	while (opts && opts[n].name)
		n++;
	return n;
}

struct error *opt_error(const struct opt_usage *usage, const char *fmt, ...)
{
	SCOPE(tmp, NULL);
	struct error *err;
	va_list ap;

	va_start(ap, fmt);
	err = error_new(ERROR_USAGE, "%s", quote_vprintf(tmp, fmt, ap));
	va_end(ap);
	for (char **line = mem_split(tmp, usage->synopsis, '\n'); *line; line++)
		err = error_add_hint(err, "%s %s", **line == ' ' ? "      " : "usage:", *line);
	return err;
}

struct error *opt_count(const struct opt_usage *usage, int left, int min, int max)
{
	if (left < min)
		return opt_error(usage, "missing argument");
	if (left > max)
		return opt_error(usage, "too many arguments");
	return NULL;
}

void opt_print_usage(FILE *stream, const struct opt_usage *usage)
{
	SCOPE(tmp, NULL);
	const char *word = "usage:";

	for (char **line = mem_split(tmp, usage->synopsis, '\n'); *line; line++) {
		/* A line that is indented continues the one before. */
		fprintf(stream, "%s %s\n", **line == ' ' ? "      " : word, *line);
		word = "   or:";
	}
	fprintf(stream, "\n%s\n", usage->about);
	if (usage->verbs)
		fputc('\n', stream);
	for (const struct opt_verb *verb = usage->verbs; verb && verb->name; verb++) {
		char *left = mem_printf(tmp, "%s %s", verb->name, verb->args);

		fprintf(stream, "    %-28s %s\n", left, verb->help);
	}
	fputc('\n', stream);
	for (const struct opt *opt = usage->opts; opt && opt->name; opt++) {
		char *left = mem_printf(tmp, "%c%c%s--%s%s%s", opt->letter ? '-' : ' ',
					opt->letter ? opt->letter : ' ', opt->letter ? ", " : "  ",
					opt->name, opt->arg ? "=" : "", opt->arg ? opt->arg : "");

		if (opt->help)
			fprintf(stream, "    %-28s %s\n", left, opt->help);
	}
}

static void print_options(const struct opt_usage *usage)
{
	for (const struct opt_verb *verb = usage->verbs; verb && verb->name; verb++)
		printf("%s\n", verb->name);
	for (const struct opt *opt = usage->opts; opt && opt->name; opt++) {
		if (!opt->help)
			continue;
		printf("--%s%s\n", opt->name, opt->kind >= OPT_TEXT ? "=" : "");
		if (opt->letter)
			printf("-%c\n", opt->letter);
	}
}

/* "git hop patch create ..." -> page git-hop-patch */
static struct error *show_page(const struct opt_usage *usage)
{
	SCOPE(tmp, NULL);
	char **words = mem_split(tmp, usage->synopsis, ' ');
	size_t n = mem_list_length(words);
	bool own = n > 2 && words[2][0] >= 'a' && words[2][0] <= 'z';
	char *page = mem_printf(tmp, "git-hop%s%.*s", own ? "-" : "",
				own ? (int)strcspn(words[2], "\n") : 0, own ? words[2] : "");

	execlp("man", "man", page, (char *)NULL);
	return error_hint(error_errno("cannot run man"), "use -h for a usage message");
}

static struct error *take_number(int *value, const struct opt_usage *usage, const char *name,
				 const char *text)
{
	char *end;
	long n;

	if (*text < '0' || *text > '9' || strlen(text) > 9)
		return opt_error(usage, "--%s expects an integer, not '%s'", name, text);
	n = strtol(text, &end, 10);
	if (*end)
		return opt_error(usage, "--%s expects an integer, not '%s'", name, text);
	*value = (int)n;
	return NULL;
}

static struct error *take_format(enum out_format *format, const struct opt_usage *usage,
				 enum out_format wanted)
{
	if (*format != OUT_TEXT && *format != wanted)
		return opt_error(usage, "--porcelain and --json cannot be used together");
	*format = wanted;
	return NULL;
}

static struct error *take(const struct opt_usage *usage, const struct opt *opt)
{
	int level = log_verbosity();

	switch (opt->kind) {
	case OPT_FLAG:
		if (opt->value)
			*(bool *)opt->value = true;
		return NULL;
	case OPT_COUNT:
		if (opt->value)
			++*(int *)opt->value;
		else
			log_set_verbosity(opt->letter == 'q' ? -1 : level < 0 ? 1 : level + 1);
		return NULL;
	case OPT_PORCELAIN:
		return take_format(opt->value, usage, OUT_PORCELAIN);
	case OPT_JSON:
		return take_format(opt->value, usage, OUT_JSON);
	case OPT_TEXT:
		*(const char **)opt->value = optarg;
		return NULL;
	case OPT_NUMBER:
		return take_number(opt->value, usage, opt->name, optarg);
	case OPT_LIST:
		mem_list_add(opt->value, talloc_parent(*(char ***)opt->value), optarg);
		return NULL;
	}
	return NULL;
}

/* Makes the tables for getopt_long: entry I of LONGS returns 256 + I, letters return themselves. */
static void make_tables(void *ctx, const struct opt *opts, size_t n, bool stop,
			struct option **longs, char **shorts)
{
	*longs = mem_array(ctx, struct option, n + 2);
	*shorts = mem_dup(ctx, stop ? "+:" : ":");
	for (size_t i = 0; i < n; i++) {
		bool arg = opts[i].kind >= OPT_TEXT;

		(*longs)[i] = (struct option){opts[i].name, arg ? required_argument : no_argument,
					      NULL, 256 + (int)i};
		if (opts[i].letter)
			mem_append(shorts, ctx, arg ? "%c:" : "%c", opts[i].letter);
	}
	(*longs)[n] = (struct option){"list-options", no_argument, NULL, 256 + (int)n};
}

static const struct opt *find(const struct opt *opts, size_t n, int c)
{
	for (size_t i = 0; i < n; i++) {
		if (c == 256 + (int)i || (c < 256 && opts[i].letter == c))
			return &opts[i];
	}
	return NULL;
}

static struct error *bad_option(const struct opt_usage *usage, int c, char **argv)
{
	const char *word = argv[optind - 1];

	if (c == ':')
		return opt_error(usage, "option '%s' requires a value", word);
	if (optopt > 0 && optopt < 256)
		return opt_error(usage, "unknown option '-%c'", optopt);
	if (optopt >= 256)
		return opt_error(usage, "option '%s' takes no value", word);
	return opt_error(usage, "unknown option '%s'", word);
}

struct error *opt_parse(int *first, bool *done, int argc, char **argv,
			const struct opt_usage *usage, bool stop)
{
	SCOPE(tmp, NULL);
	size_t n = table_length(usage->opts);
	struct option *longs;
	struct error *err;
	char *shorts;
	int c;

	make_tables(tmp, usage->opts, n, stop, &longs, &shorts);
	*done = false;
	optind = 0; /* glibc: start again, with the order requested by SHORTS */
	opterr = 0;
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		const struct opt *opt = find(usage->opts, n, c);

		if (c == 256 + (int)n) {
			print_options(usage);
			*done = true;
			return NULL;
		}
		if (!opt)
			return bad_option(usage, c, argv);
		if (strcmp(opt->name, "help") == 0) {
			if (c >= 256)
				return show_page(usage);
			opt_print_usage(stdout, usage);
			*done = true;
			return NULL;
		}
		err = take(usage, opt);
		if (err)
			return err;
	}
	*first = optind;
	return NULL;
}

/* Prints "QUESTION [CHOICES] " and reads a line. */
static struct error *ask(char **answer, void *ctx, const char *question, const char *choices,
			 const char *instead)
{
	char line[32];

	if (!isatty(STDIN_FILENO))
		return error_hint(error_new(ERROR_NO, "there is no terminal for the question: %s",
					    question),
				  "use %s", instead);
	fprintf(stderr, "%s [%s] ", quote_name(ctx, question), choices);
	fflush(stderr);
	*answer = fgets(line, sizeof(line), stdin) ? mem_dup_n(ctx, line, strcspn(line, "\n"))
						   : mem_dup(ctx, "");
	return NULL;
}

struct error *opt_confirm(bool yes, const char *question)
{
	SCOPE(tmp, NULL);
	struct error *err;
	char *answer;

	if (yes)
		return NULL;
	err = ask(&answer, tmp, question, "y/N", "--yes to answer yes");
	if (!err && strcasecmp(answer, "y") != 0 && strcasecmp(answer, "yes") != 0)
		err = error_new(ERROR_NO, "cancelled");
	return err;
}

struct error *opt_choose(size_t *out, const char *option, const char *question,
			 const char *const *words)
{
	SCOPE(tmp, NULL);
	char *choices = mem_dup(tmp, words[0]), *instead = mem_printf(tmp, "%s=%s", option, *words);
	struct error *err;
	char *answer;

	for (size_t i = 1; words[i]; i++) {
		mem_append(&choices, tmp, "/%s", words[i]);
		mem_append(&instead, tmp, " or %s=%s", option, words[i]);
	}
	err = ask(&answer, tmp, question, choices, instead);
	if (err)
		return err;
	for (size_t i = 0; words[i]; i++) {
		if (strcasecmp(answer, words[i]) == 0) {
			*out = i;
			return NULL;
		}
	}
	return error_new(ERROR_NO, "cancelled");
}
