/* git hop release graph */
#include "show_graph.h"

#include <langinfo.h>
#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "report/release_graph.h"
#include "graph_draw.h"

static size_t terminal_columns(void)
{
	const char *set = getenv("COLUMNS");
	struct winsize size;
	int columns = set ? atoi(set) : 0;

	if (columns <= 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		columns = size.ws_col;
	return columns > 0 && columns < 10000 ? (size_t)columns : 80;
}

/* A pipe, a device, or the target of a link is written to, not replaced. */
static struct error *write_into(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	bool written;

	if (!file)
		return error_errno("cannot write '%s'", path);
	written = fputs(text, file) != EOF;
	if (fclose(file) == EOF || !written)
		return error_errno("cannot write '%s'", path);
	return NULL;
}

static struct error *write_svg(const struct graph *g, const char *path)
{
	SCOPE(tmp, NULL);
	char *svg = graph_svg(tmp, g);
	struct stat there;
	mode_t mask;

	if (strcmp(path, "-") == 0) {
		fputs(svg, stdout);
		return NULL;
	}
	if (lstat(path, &there) == 0 && !S_ISREG(there.st_mode))
		return write_into(path, svg);
	mask = umask(0);
	umask(mask);
	return file_write(path, svg, strlen(svg), 0666 & ~mask);
}

struct request {
	const char *svg;
	bool all, ascii;
	int most;
};

static const struct verb_opt opts[] = {
	{0, "all", OPT_FLAG, offsetof(struct request, all), NULL, "draw all production versions"},
	{'n', "max-count", OPT_NUMBER, offsetof(struct request, most), "NUMBER",
	 "draw this many production versions; default: 5"},
	{0, "svg", OPT_TEXT, offsetof(struct request, svg), "FILE",
	 "write an SVG image to FILE, or with '-' to standard output"},
	{0, "ascii", OPT_FLAG, offsetof(struct request, ascii), NULL, "use ASCII characters only"},
	VERB_OPT_END,
};

static const struct request initial = {.most = 5};

static struct error *check(struct call *c)
{
	const struct request *r = c->request;

	if (r->ascii && r->svg)
		return opt_error(c->usage, "--ascii and --svg cannot be used together");
	return NULL;
}

static struct error *run(struct call *c)
{
	const struct request *r = c->request;
	struct graph_style style;
	struct graph g;
	struct error *err;

	err = release_graph_read(&g, c, c->project, r->all ? SIZE_MAX : (size_t)r->most);
	if (err)
		return err;
	setlocale(LC_CTYPE, "");
	if (r->svg)
		return write_svg(&g, r->svg);
	style = (struct graph_style){
		.ascii = r->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0,
		.colour = log_colour(STDOUT_FILENO),
		.columns = terminal_columns(),
	};
	graph_text(&g, &style);
	return NULL;
}

const struct verb release_graph = {
	.name = "graph",
	.args = "",
	.help = "draw a graph of releases and patches",
	.synopsis = "git hop release graph [--all | -n NUMBER] [--ascii | --svg=FILE]",
	.about = "Draw a graph of the open releases and the newest production versions.",
	.opts = opts,
	.size = sizeof(struct request),
	.initial = &initial,
	.needs = VERB_PROJECT,
	.check = check,
	.run = run,
};
