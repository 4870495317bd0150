/* Files: whole or not at all. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

/* The whole file; a NUL follows the last byte. LENGTH may be NULL. */
struct error *file_read(char **out, size_t *length, void *ctx, const char *path) MUST_CHECK;

/* Writes a temporary file beside PATH, fsyncs, renames. MODE as in chmod(2). */
struct error *file_write(const char *path, const char *bytes, size_t length,
			 mode_t mode) MUST_CHECK;

bool file_exists(const char *path); /* follows links */
bool file_is_dir(const char *path);

/* mkdir -p; what exists is fine when it is a folder. */
struct error *file_make_dirs(const char *path, mode_t mode) MUST_CHECK;

/* rm -r, not following links; what is not there is fine. */
struct error *file_remove_tree(const char *path) MUST_CHECK;

/* Names in a folder but "." and "..", in byte order. */
struct error *file_list(char ***names, size_t *count, void *ctx, const char *dir) MUST_CHECK;

/* Opens (creates) PATH and locks it (flock): *FD is -1 when another holds it and WAIT is false. */
struct error *file_lock(int *fd, const char *path, bool wait) MUST_CHECK;

/* A new folder TMPDIR/PREFIX-XXXXXX, mode 0700. */
struct error *file_make_temp_dir(char **path, void *ctx, const char *prefix) MUST_CHECK;

#endif
