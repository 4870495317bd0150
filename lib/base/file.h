/* Files. They are written completely or not at all. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

/* Reads a whole file and appends a NUL. LENGTH may be NULL. */
struct error *file_read(char **out, size_t *length, void *ctx, const char *path) MUST_CHECK;

/*
 * Writes a temporary file in the same directory, syncs it and renames it to PATH. MODE as in
 * chmod(2).
 */
struct error *file_write(const char *path, const char *bytes, size_t length,
			 mode_t mode) MUST_CHECK;
/* Writes a file that does not exist yet, under its own name and without syncing it. */
struct error *file_write_new(const char *path, const char *bytes, size_t length,
			     mode_t mode) MUST_CHECK;

bool file_exists(const char *path); /* follows symbolic links */
bool file_is_dir(const char *path);

/* Like mkdir -p: an existing directory is not an error. */
struct error *file_make_dirs(const char *path, mode_t mode) MUST_CHECK;

/*
 * A new folder of mode 0700; MADE is false where that name is taken, by whatever: what others put
 * there, a link that leads nowhere included, is never used.
 */
struct error *file_make_new_dir(bool *made, const char *path) MUST_CHECK;

/* Whether a name between ROOT and PATH below it, that of PATH included, is a symbolic link. */
bool file_has_link(const char *root, const char *path);

/* Like rm -rf: does not follow symbolic links; a missing PATH is not an error. */
struct error *file_remove_tree(const char *path) MUST_CHECK;

/* The names in a directory except "." and "..", in byte order. */
struct error *file_list(char ***names, size_t *count, void *ctx, const char *dir) MUST_CHECK;

/*
 * Opens PATH, creating it if necessary, and locks it with flock. *FD is -1 if it is locked and WAIT
 * is false.
 */
struct error *file_lock(int *fd, const char *path, bool wait) MUST_CHECK;
/* Whether the open file still has a name: it may be removed between its opening and its locking. */
bool file_has_name(int fd);
/* Opens a directory, which is no symbolic link, and locks it; -1 if that cannot be done now. */
int file_lock_dir(const char *path);

/* Creates a directory TMPDIR/PREFIX-XXXXXX, mode 0700. */
struct error *file_make_temp_dir(char **path, void *ctx, const char *prefix) MUST_CHECK;

#endif
