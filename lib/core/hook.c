/* The text of our git hooks. */
#include "core/hook.h"

#include <string.h>

/* The beginning of all versions of our hooks. */
#define MARK "#!/bin/sh\n# Made by git hop"

const char *const hook_names[] = {"pre-commit", "pre-merge-commit", "prepare-commit-msg",
				  "commit-msg", "pre-rebase",       "pre-push",
				  NULL};

/* Both pre-push hooks need the standard input. */
static char *push_text(const void *ctx)
{
	return mem_printf(ctx, MARK
			  ": see git-hop-hook(1).\n"
			  "# A hook of your own goes into the file pre-push.user here.\n"
			  "refs=$(cat && echo .)\n"
			  "refs=${refs%%.}\n"
			  "if command -v git-hop-hook >/dev/null; then\n"
			  "\tprintf %%s \"$refs\" | git hop hook pre-push -- \"$@\"\n"
			  "\t[ $? -ne 1 ] || exit 1\n"
			  "else\n"
			  "\techo 'warning: git hop is not on PATH:"
			  " its hook pre-push does nothing' >&2\n"
			  "fi\n"
			  "[ ! -x \"$0.user\" ] || printf %%s \"$refs\" | \"$0.user\" \"$@\"\n");
}

char *hook_text(const void *ctx, const char *name)
{
	if (strcmp(name, "pre-push") == 0)
		return push_text(ctx);
	return mem_printf(ctx,
			  MARK ": see git-hop-hook(1).\n"
			       "# A hook of your own goes into the file %s.user here.\n"
			       "if command -v git-hop-hook >/dev/null; then\n"
			       "\tgit hop hook %s -- \"$@\"\n"
			       "\t[ $? -ne 1 ] || exit 1\n"
			       "else\n"
			       "\techo 'warning: git hop is not on PATH:"
			       " its hook %s does nothing' >&2\n"
			       "fi\n"
			       "[ ! -x \"$0.user\" ] || exec \"$0.user\" \"$@\"\n",
			  name, name, name);
}

bool hook_is_ours(const char *text)
{
	return strncmp(text, MARK, strlen(MARK)) == 0;
}

bool hook_calls(const char *text, const char *name)
{
	SCOPE(tmp, NULL);
	char *call = mem_printf(tmp, "git hop hook %s", name);

	for (char **line = mem_split(tmp, text, '\n'); *line; line++) {
		const char *start = *line + strspn(*line, " \t");
		const char *found = strstr(start, call);

		if (*start != '#' && found &&
		    !strchr("-abcdefghijklmnopqrstuvwxyz",
			    found[strlen(call)] ? found[strlen(call)] : ' '))
			return true;
	}
	return false;
}
