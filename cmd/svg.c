/* The elements of SVG drawings. */
#include "svg.h"

#include "base/utf8.h"

static const char shapes[] =
	":root{color-scheme:light dark}"
	"text{font:14px system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}"
	".h{font-size:24px;font-weight:700}.v{font-size:16px;font-weight:700}"
	".m{font-family:ui-monospace,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace;"
	"font-size:13px}.s{font-size:12px}.e{text-anchor:end}"
	".p{font-size:11.5px;font-weight:600;text-anchor:middle}"
	".t{font-size:13px}.b{font-size:13px;font-weight:700}.hit{fill:transparent}"
	".l{fill:none;stroke:currentColor;stroke-width:3;stroke-linecap:round}"
	".old{stroke-dasharray:1 7}"
	".n{stroke:currentColor;stroke-width:3;fill:currentColor}";

/* Written twice: viewers without CSS variables would draw everything in black. */
static const struct {
	const char *rule, *light, *dark;
} colours[] = {
	{"text{fill", "#182230", "#e6ebf3"},
	{".bg,.o{fill", "#f6f8fb", "#0e1420"},
	{".card{fill", "#ffffff", "#161e2c"},
	{".card{stroke", "#e2e7ef", "#263245"},
	{".bar{fill", "#e2e7ef", "#263245"},
	{".d{fill", "#667085", "#94a1b5"},
	{".row:hover .hit{fill", "#1018280a", "#ffffff0d"},
	{".ok,.done{fill", "#0e7a55", "#4cd39b"},
	{".okbg{fill", "#d7f3e5", "#123d2e"},
	{".wait{fill", "#a15c07", "#f0b64c"},
	{".waitbg{fill", "#fdf0d2", "#3d2e0e"},
	{".bad{fill", "#b42318", "#ff8a7d"},
	{".badbg{fill", "#fde3e0", "#4a1d19"},
	{".c0{color", "#0e7a55", "#3ecf94"},
	{".c1{color", "#2f6fed", "#6ba1ff"},
	{".c2{color", "#8b4fd9", "#b98cf5"},
	{".c3{color", "#0b7c93", "#45c4dc"},
	{".c4{color", "#c2410c", "#f98f57"},
	{".c5{color", "#a3327a", "#e57bc0"},
	{".hot{color", "#d92d50", "#ff6e8a"},
};

static void print_style(FILE *f)
{
	const size_t count = sizeof(colours) / sizeof(*colours);

	fprintf(f, "<style>%s", shapes);
	for (size_t i = 0; i < count; i++)
		fprintf(f, "%s:%s}", colours[i].rule, colours[i].light);
	fputs("@media(prefers-color-scheme:dark){", f);
	for (size_t i = 0; i < count; i++)
		fprintf(f, "%s:%s}", colours[i].rule, colours[i].dark);
	fputs("}</style>\n", f);
}

void svg_begin(FILE *f, int width, int height, const char *title)
{
	fprintf(f,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		"viewBox=\"0 0 %d %d\" role=\"img\">\n<title>",
		width, height, width, height);
	svg_text(f, title, 0);
	fputs("</title>\n", f);
	print_style(f);
	svg_box(f, 0, 0, width, height, 0, "bg");
	fputc('\n', f);
}

void svg_text(FILE *f, const char *text, size_t most)
{
	for (size_t n = 1; *text; n++) {
		const char *from = text;
		int c = utf8_next(&text);

		if (most > 0 && n == most && *text) {
			fputs("\u2026", f);
			return;
		}
		if (c == '&')
			fputs("&amp;", f);
		else if (c == '<')
			fputs("&lt;", f);
		else if (c == '>')
			fputs("&gt;", f);
		else if (c == '"')
			fputs("&quot;", f);
		else if (c == '\'')
			fputs("&#39;", f);
		else if (c == UTF8_REPLACEMENT)
			fputs("\uFFFD", f);
		else
			fprintf(f, "%.*s", (int)(text - from), from);
	}
}

size_t svg_length(const char *text)
{
	size_t n = 0;

	while (utf8_next(&text))
		n++;
	return n;
}

void svg_label(FILE *f, const char *class, int x, int y, const char *text, size_t most)
{
	fprintf(f, "<text class=\"%s\" x=\"%d\" y=\"%d\">", class, x, y);
	svg_text(f, text, most);
	fputs("</text>", f);
}

int svg_pill(FILE *f, int x, int y, const char *class, const char *text)
{
	int width = (int)svg_length(text) * 7 + 18;

	fprintf(f,
		"<rect class=\"%sbg\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"20\" rx=\"10\"/>"
		"<text class=\"p %s\" x=\"%d\" y=\"%d\">",
		class, x, y - 10, width, class, x + width / 2, y + 4);
	svg_text(f, text, 0);
	fputs("</text>", f);
	return x + width + 10;
}

void svg_diamond(FILE *f, int x, int y, int size, const char *class)
{
	fprintf(f, "<path class=\"n %s\" d=\"M%d %dl%d %dl%d %dl%d %dz\"/>", class, x, y - size,
		size, size, -size, size, -size, -size);
}

void svg_circle(FILE *f, int x, int y, const char *class)
{
	fprintf(f, "<circle class=\"n %s\" cx=\"%d\" cy=\"%d\" r=\"6\"/>", class, x, y);
}

void svg_box(FILE *f, int x, int y, int width, int height, int round, const char *class)
{
	fprintf(f, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\"/>",
		class, x, y, width, height, round);
}
