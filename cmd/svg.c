/* What drawings for a browser are made of. */
#include "svg.h"

#include "base/utf8.h"

static const char style[] =
	":root{color-scheme:light dark;--bg:#f6f8fb;--card:#ffffff;--edge:#e2e7ef;--ink:#182230;"
	"--dim:#667085;--hit:#1018280a;--ok:#0e7a55;--okbg:#d7f3e5;--wait:#a15c07;"
	"--waitbg:#fdf0d2;--bad:#b42318;--badbg:#fde3e0;--h0:#0e7a55;--h1:#2f6fed;--h2:#8b4fd9;"
	"--h3:#0b7c93;--h4:#c2410c;--h5:#a3327a;--hot:#d92d50}"
	"@media(prefers-color-scheme:dark){:root{--bg:#0e1420;--card:#161e2c;--edge:#263245;"
	"--ink:#e6ebf3;--dim:#94a1b5;--hit:#ffffff0d;--ok:#4cd39b;--okbg:#123d2e;--wait:#f0b64c;"
	"--waitbg:#3d2e0e;--bad:#ff8a7d;--badbg:#4a1d19;--h0:#3ecf94;--h1:#6ba1ff;--h2:#b98cf5;"
	"--h3:#45c4dc;--h4:#f98f57;--h5:#e57bc0;--hot:#ff6e8a}}"
	"text{font:14px system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;"
	"fill:var(--ink)}"
	".bg{fill:var(--bg)}.card{fill:var(--card);stroke:var(--edge)}"
	".h{font-size:24px;font-weight:700}.v{font-size:16px;font-weight:700}"
	".m{font-family:ui-monospace,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace;"
	"font-size:13px}.s{font-size:12px}.d{fill:var(--dim)}.e{text-anchor:end}"
	".p{font-size:11.5px;font-weight:600;text-anchor:middle}"
	".ok{fill:var(--ok)}.okbg{fill:var(--okbg)}.wait{fill:var(--wait)}"
	".waitbg{fill:var(--waitbg)}.bad{fill:var(--bad)}.badbg{fill:var(--badbg)}"
	".t{font-size:13px}.b{font-size:13px;font-weight:700}"
	".hit{fill:transparent}.row:hover .hit{fill:var(--hit)}"
	".l{fill:none;stroke:var(--c);stroke-width:3;stroke-linecap:round}"
	".old{stroke-dasharray:1 7}"
	".n{stroke:var(--c);stroke-width:3;fill:var(--c)}.o{fill:var(--bg)}"
	".c0{--c:var(--h0)}.c1{--c:var(--h1)}.c2{--c:var(--h2)}.c3{--c:var(--h3)}"
	".c4{--c:var(--h4)}.c5{--c:var(--h5)}.hot{--c:var(--hot)}"
	".bar{fill:var(--edge)}.done{fill:var(--ok)}";

void svg_begin(FILE *f, int width, int height, const char *title)
{
	fprintf(f,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		"viewBox=\"0 0 %d %d\" role=\"img\">\n<title>",
		width, height, width, height);
	svg_text(f, title, 0);
	fprintf(f, "</title>\n<style>%s</style>\n", style);
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
