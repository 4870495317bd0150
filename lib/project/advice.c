/* Texts of commands that a person runs. */
#include "project/advice.h"

#include "core/branch.h"

char *advice_merge_production(void *ctx, const struct project *p, const char *branch)
{
	const char *remote = p->remote ? p->remote : "";
	const char *slash = p->remote ? "/" : "";
	char *text = mem_printf(ctx,
				"  git switch %s\n"
				"  git merge %s%s" BRANCH_PROD
				"    # resolve conflicts, git add, git commit",
				branch, remote, slash);

	if (p->remote)
		mem_append(&text, ctx, "\n  git push %s %s", p->remote, branch);
	return text;
}
