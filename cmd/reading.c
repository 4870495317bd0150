/* The beginning of commands that only read. */
#include "reading.h"

#include "care/enter.h"

struct error *reading_begin(struct reading *r, void *ctx, int argc, char **argv)
{
	const struct opt shared[] = {
		OPT_FORMATS(&r->format),
		OPT_COMMON,
		OPT_END,
	};
	const size_t count = sizeof(shared) / sizeof(shared[0]);
	struct opt_usage usage = {r->synopsis, r->about, NULL, NULL};
	size_t own = 0;
	struct opt *opts;
	struct error *err;

	while (r->own && r->own[own].name)
		own++;
	opts = mem_array(ctx, struct opt, own + count);
	for (size_t i = 0; i < own + count; i++)
		opts[i] = i < own ? r->own[i] : shared[i - own];
	usage.opts = opts;
	r->format = OUT_TEXT;
	err = opt_take(&r->args, &r->done, argc, argv, &usage, 0, r->most);
	if (err || r->done)
		return err;
	return project_enter(&r->project, ctx, false);
}
