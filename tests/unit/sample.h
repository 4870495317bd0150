/* For unit tests that need a project: a repository in a folder of its own, without a remote. */
#ifndef UNIT_SAMPLE_H
#define UNIT_SAMPLE_H

#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "project/project.h"
#include "port/git.h"
#include "unit.h"

struct sample {
	char *dir;
	struct repo *repo;
	char *id; /* of the project */
};

static inline int sample_free(struct sample *s)
{
	error_free(file_remove_tree(s->dir));
	return 0;
}

/* Writes a file of the work tree. */
static inline void sample_file(struct sample *s, const char *name, const char *text)
{
	SCOPE(tmp, s);
	char *path = path_join(tmp, s->dir, name);

	ck_good(file_make_dirs(path_dir(tmp, path), 0777));
	ck_good(file_write(path, text, strlen(text), 0666));
}

static inline char *sample_commit(struct sample *s)
{
	char *commit;

	ck_good(git_run(NULL, s, s->repo, "add", "-A", NULL));
	ck_good(git_run(NULL, s, s->repo, "commit", "-q", "--allow-empty", "-m", "Change", NULL));
	ck_good(git_run(&commit, s, s->repo, "rev-parse", "HEAD", NULL));
	return commit;
}

#define SAMPLE_ROWS \
	"COPY hop.release (version, hop_version, duration_ms) FROM stdin;\n1.0.0\t0.1.0\t1\n\\.\n"

/* Production version 1.0.0 with one table. */
static inline struct sample *sample_new(void *ctx)
{
	static unsigned int n;
	struct sample *s = mem_new(ctx, struct sample);

	ck_good(file_make_temp_dir(&s->dir, s, "hop-unit"));
	talloc_set_destructor(s, sample_free);
	s->id = mem_printf(s, "%08x%024x", (unsigned int)getpid() + (n++ << 24), 7);
	ck_good(git_run(NULL, s, NULL, "init", "-q", "-b", "ho-prod", s->dir, NULL));
	ck_good(repo_open(&s->repo, s, s->dir));
	sample_file(s, ".hop/config",
		    mem_printf(s, "[hop]\nformat = 1\nname = shop\nid = %s\n", s->id));
	sample_file(s, ".hop/releases/0.0.0.txt", "");
	sample_file(s, ".hop/releases/1.0.0.txt", "");
	sample_file(s, ".hop/model/schema.sql", "CREATE TABLE public.item (id integer);\n");
	sample_file(s, ".hop/model/data.sql", "");
	sample_file(s, ".hop/model/metadata.sql", SAMPLE_ROWS);
	sample_commit(s);
	return s;
}

/* The project there, as a command that is started there sees it. */
static inline struct project *sample_open(void *ctx, struct sample *s)
{
	struct project *project;

	ck_assert_int_eq(chdir(s->dir), 0);
	ck_good(project_open(&project, ctx, true));
	return project;
}

#endif
