/* Texts of commands for the user to run. */
#include "project/advice.h"

#include "core/branch.h"

/* BRANCH as the remote has it: origin/ho-release/1.2.0. */
static char *upstream(void *ctx, const struct project *p, const char *branch)
{
	return p->remote ? mem_printf(ctx, "%s/%s", p->remote, branch) : mem_dup(ctx, branch);
}

char *advice_merge_production(void *ctx, const struct project *p, const char *branch)
{
	char *text = mem_printf(ctx,
				"  git switch %s\n"
				"  git merge %s    # resolve conflicts, git add, git commit",
				branch, upstream(ctx, p, BRANCH_PROD));

	if (p->remote)
		mem_append(&text, ctx, "\n  git push %s %s", p->remote, branch);
	return text;
}

char *advice_merge_release(void *ctx, const struct project *p, const char *id, const char *branch)
{
	return mem_printf(ctx,
			  "  git switch %s\n"
			  "  git merge %s      # resolve conflicts, git add, git commit\n"
			  "  git hop patch apply\n"
			  "  git hop patch merge",
			  branch_patch(ctx, id), upstream(ctx, p, branch));
}

char *advice_move_patch(void *ctx, const struct project *p, const char *id, const char *branch,
			const char *base)
{
	char *patch = branch_patch(ctx, id);
	char *text = mem_printf(ctx, "  git switch %s\n  git rebase --onto %s %s", patch,
				upstream(ctx, p, branch), base);

	if (p->remote)
		mem_append(&text, ctx, "\n  git push --force-with-lease %s %s", p->remote, patch);
	return text;
}

char *advice_delete_release(void *ctx, const struct project *p, const char *branch)
{
	char *text = mem_printf(ctx, "git switch " BRANCH_PROD "\ngit branch -D %s", branch);

	if (p->remote)
		mem_append(&text, ctx, "\ngit push --no-verify %s --delete %s", p->remote, branch);
	return text;
}
