/* Finds and runs PostgreSQL's programs. */
#include "port/pgtool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "base/proc.h"
#include "port/pgtool_private.h"

/* Where packages install the programs of version N. */
static const struct {
	const char *dir, *prefix, *suffix;
} places[] = {
	{"/usr/lib/postgresql", "", "bin"},
	{"/usr", "pgsql-", "bin"},
};

static bool has_program(const char *dir, const char *program)
{
	SCOPE(tmp, NULL);

	return access(path_join(tmp, dir, program), X_OK) == 0;
}

/* The first line that a program prints; NULL if it fails. */
static char *ask(void *ctx, const char *program, const char *option)
{
	SCOPE(tmp, ctx);
	struct proc proc = {.argv = proc_argv(tmp, program, option, NULL),
			    .capture = true,
			    .capture_err = true};
	struct error *err = proc_check(tmp, &proc);

	if (err) {
		error_free(err);
		return NULL;
	}
	return mem_dup_n(ctx, proc.output, strcspn(proc.output, "\n"));
}

/* "pg_dump (PostgreSQL) 15.20 (Debian ...)" -> 15; 0 if unknown. */
int pgtool_major(const char *dir, const char *program)
{
	SCOPE(tmp, NULL);
	char *text = ask(tmp, path_join(tmp, dir, program), "--version");
	const char *number = text ? strstr(text, ") ") : NULL;

	return number ? atoi(number + 2) : 0;
}

static bool serves(const char *dir, int major, const char *program)
{
	return has_program(dir, program) && (major == 0 || pgtool_major(dir, program) == major);
}

/* The directory PREFIXnSUFFIX with n = MAJOR or, if MAJOR is 0, with the highest n. */
static char *find_numbered(void *ctx, int major, const char *program)
{
	SCOPE(tmp, ctx);
	char *best = NULL;
	int newest = 0;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		size_t skip = strlen(places[i].prefix), count = 0;
		char **names = NULL;
		struct error *err = file_list(&names, &count, tmp, places[i].dir);

		if (err)
			count = 0;
		error_free(err);
		for (size_t k = 0; k < count; k++) {
			char *dir = path_join(tmp, path_join(tmp, places[i].dir, names[k]),
					      places[i].suffix);
			int n = strncmp(names[k], places[i].prefix, skip) == 0
					? atoi(names[k] + skip)
					: 0;

			if (n > newest && (major == 0 || n == major) && has_program(dir, program)) {
				best = dir;
				newest = n;
			}
		}
	}
	return best ? mem_dup(ctx, best) : NULL;
}

/* On Debian, the programs on PATH are links to a wrapper with another name. */
static char *find_on_path(void *ctx, int major, const char *program)
{
	SCOPE(tmp, ctx);
	char *file = proc_find(tmp, program);
	struct error *err;
	char *dir;

	if (!file)
		return NULL;
	err = path_real(&file, tmp, file);
	if (err) {
		error_free(err);
		return NULL;
	}
	dir = path_dir(tmp, file);
	if (strcmp(path_base(file), program) != 0 || !serves(dir, major, program))
		return NULL;
	return mem_dup(ctx, dir);
}

static struct error *not_found(int major, const char *program)
{
	SCOPE(tmp, NULL);
	static const char *const of_server[] = {"initdb", "pg_ctl", "postgres"};
	char *version = major ? mem_printf(tmp, "-%d", major) : mem_dup(tmp, "");
	const char *package = "postgresql-client";
	struct error *err;

	for (size_t i = 0; i < sizeof(of_server) / sizeof(of_server[0]); i++) {
		if (strcmp(program, of_server[i]) == 0)
			package = "postgresql";
	}
	err = major ? error_new(ERROR_FAIL, "cannot find '%s' of PostgreSQL %d", program, major)
		    : error_new(ERROR_FAIL, "cannot find PostgreSQL's '%s'", program);
	return error_hint(err,
			  "install the package '%s%s', or set HOP_PGBIN to the directory that "
			  "contains it",
			  package, version);
}

struct error *pgtool_bindir(char **dir, void *ctx, int major, const char *program)
{
	SCOPE(tmp, ctx);
	const char *own = getenv("HOP_PGBIN");
	char *found;

	if (own && *own && serves(own, major, program)) {
		*dir = mem_dup(ctx, own);
		return NULL;
	}
	found = find_numbered(tmp, major, program);
	if (!found) {
		found = ask(tmp, "pg_config", "--bindir");
		if (found && !serves(found, major, program))
			found = NULL;
	}
	if (!found)
		found = find_on_path(tmp, major, program);
	if (!found)
		return not_found(major, program);
	*dir = mem_dup(ctx, found);
	return NULL;
}

int pgtool_newest(const char *program)
{
	SCOPE(tmp, NULL);
	char *dir;
	struct error *err = pgtool_bindir(&dir, tmp, 0, program);
	int major = err ? 0 : pgtool_major(dir, program);

	error_free(err);
	return major;
}

struct error *pgtool_find_for(char **file, int *major, void *ctx, struct db *db,
			      const char *program)
{
	SCOPE(tmp, ctx);
	int wanted = db_server_version(db) / 10000, found = wanted;
	struct error *err;
	char *dir;

	err = pgtool_bindir(&dir, tmp, wanted, program);
	if (err) {
		struct error *none = pgtool_bindir(&dir, tmp, 0, program);

		found = none ? 0 : pgtool_major(dir, program);
		error_free(none);
		if (found < wanted)
			return err;
		error_free(err);
	}
	*file = path_join(ctx, dir, program);
	if (major)
		*major = found;
	return NULL;
}

struct error *pgtool_dump_program(char **file, int *major, void *ctx, struct db *db)
{
	return pgtool_find_for(file, major, ctx, db, "pg_dump");
}

static bool starts_with(const char *line, const char *word)
{
	return strncmp(line, word, strlen(word)) == 0;
}

/* The first object ends the head, which contains only text of pg_dump. */
static bool ends_head(const char *line)
{
	return starts_with(line, "-- Name: ") ||
	       starts_with(line, "-- PostgreSQL database dump complete");
}

static bool varies(const char *line)
{
	return starts_with(line, "-- Dumped from ") || starts_with(line, "-- Dumped by ") ||
	       starts_with(line, "SET transaction_timeout ") || starts_with(line, "\\restrict ");
}

/* Only the first and last lines can differ between runs and minor versions. */
char *pgtool_normalize(void *ctx, const char *dump)
{
	const char *line = dump;
	char *out = mem_array(ctx, char, strlen(dump) + 2); /* a newline may be added */
	size_t n = 0, keep;

	while (*line && !ends_head(line)) {
		size_t length = strcspn(line, "\n") + 1;
		bool blank = *line == '\n';

		if (!line[length - 1])
			length--;
		/* Do not leave two blank lines where a line was removed. */
		if (!varies(line) &&
		    !(blank && n > 1 && out[n - 1] == '\n' && out[n - 2] == '\n')) {
			memcpy(out + n, line, length);
			n += length;
		}
		line += length;
	}
	keep = strlen(line);
	memcpy(out + n, line, keep);
	n += keep;
	while (n > 0 && out[n - 1] == '\n')
		n--;
	for (keep = n; keep > 0 && out[keep - 1] != '\n';)
		keep--;
	if (n - keep >= strlen("\\unrestrict ") && starts_with(out + keep, "\\unrestrict "))
		n = keep;
	while (n > 0 && out[n - 1] == '\n')
		n--;
	if (n > 0)
		out[n++] = '\n';
	out[n] = '\0';
	return out;
}

struct error *pgtool_dump_schema(char **sql, void *ctx, struct db *db, int lock_seconds)
{
	SCOPE(tmp, ctx);
	struct proc dump = {.env = db_env(tmp, db, NULL), .capture = true};
	struct error *err;
	char *file, *text;

	err = pgtool_find_for(&file, NULL, tmp, db, "pg_dump");
	if (err)
		return err;
	/* Tablespaces, security labels and subscriptions belong to a server, not to a schema. */
	dump.argv = proc_argv(tmp, file, "--schema-only", "--no-tablespaces",
			      "--no-security-labels", "--no-subscriptions", "--exclude-schema=hop",
			      "--no-password",
			      lock_seconds > 0 ? mem_printf(tmp, "--lock-wait-timeout=%d",
							    lock_seconds * 1000)
					       : NULL,
			      NULL);
	err = proc_check(tmp, &dump);
	if (err)
		return error_wrap(err, "cannot dump the schema of database '%s'", db_name(db));
	if (memchr(dump.output, '\0', dump.output_length))
		return error_new(ERROR_FAIL, "pg_dump wrote a NUL byte");
	text = pgtool_normalize(tmp, dump.output);
	err = pgtool_fix_public(&text, tmp, db);
	if (err)
		return err;
	*sql = talloc_steal(ctx, text);
	return NULL;
}

/*
 * Is PATH an archive for pg_restore: a directory with a table of contents, a custom file, or a tar
 * file?
 */
static struct error *is_archive(bool *out, const char *path)
{
	char start[263] = "";
	FILE *file;

	*out = file_is_dir(path);
	if (*out)
		return NULL;
	file = fopen(path, "re");
	if (!file)
		return error_errno("cannot read '%s'", path);
	*out = fread(start, 1, sizeof(start) - 1, file) >= 5 &&
	       (memcmp(start, "PGDMP", 5) == 0 || memcmp(start + 257, "ustar", 5) == 0);
	fclose(file);
	return NULL;
}

struct error *pgtool_load(void *ctx, struct db *db, const char *dbname, const char *path)
{
	SCOPE(tmp, ctx);
	struct proc load = {.env = db_env(tmp, db, dbname), .to_stderr = true};
	const char *full = path_absolute(tmp, path);
	struct error *err;
	bool archive;
	char *file;

	err = is_archive(&archive, path);
	if (!err)
		err = pgtool_find_for(&file, NULL, tmp, db, archive ? "pg_restore" : "psql");
	if (err)
		return err;
	if (archive)
		load.argv = proc_argv(tmp, file, "--exit-on-error", "--no-owner", "--no-privileges",
				      "--no-password", mem_printf(tmp, "--dbname=%s", dbname), "--",
				      full, NULL);
	else
		load.argv = proc_argv(tmp, file, "-X", "-q", "-w", "-o", "/dev/null", "-v",
				      "ON_ERROR_STOP=1", "-f", full, NULL);
	err = error_recode(proc_check(tmp, &load), ERROR_NO);
	return error_wrap(err, "cannot load the dump '%s'", path);
}
