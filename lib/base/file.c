/* Reads, writes, lists and locks files. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/path.h"

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static void close_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

struct error *file_read(char **out, size_t *length, void *ctx, const char *path)
{
	__attribute__((cleanup(close_fd))) int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t room = 4096, n = 0;
	struct stat st;
	char *text;

	if (fd < 0 || fstat(fd, &st) < 0)
		return error_errno("cannot read '%s'", path);
	if (S_ISREG(st.st_mode) && st.st_size > MEM_TEXT_MAX)
		/* cppcheck-suppress resourceLeak ; the attribute closes it */
		return error_wrap(error_too_large(), "cannot read '%s'", path);
	if (S_ISREG(st.st_mode) && st.st_size > 0)
		room = (size_t)st.st_size + 1;
	text = mem_array(ctx, char, room);
	for (;;) {
		ssize_t got = read(fd, text + n, room - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			talloc_free(text);
			return error_errno("cannot read '%s'", path);
		}
		if (got == 0)
			break;
		n += (size_t)got;
		if (n == room) {
			room *= 2;
			text = mem_resize(ctx, text, char, room);
		}
	}
	text[n] = '\0';
	*out = text;
	if (length)
		*length = n;
	return NULL;
}

static struct error *write_all(int fd, const char *path, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t put = write(fd, bytes, length);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return error_errno("cannot write '%s'", path);
		bytes += put;
		length -= (size_t)put;
	}
	return NULL;
}

struct error *file_write(const char *path, const char *bytes, size_t length, mode_t mode)
{
	SCOPE(tmp, NULL);
	char *name = mem_printf(tmp, "%s.XXXXXX", path);
	int fd = mkostemp(name, O_CLOEXEC);
	struct error *err;

	if (fd < 0)
		return error_errno("cannot create a file beside '%s'", path);
	err = write_all(fd, path, bytes, length);
	if (!err && fsync(fd) < 0)
		err = error_errno("cannot write '%s'", path);
	if (!err && fchmod(fd, mode) < 0)
		err = error_errno("cannot set the mode of '%s'", path);
	if (close(fd) < 0 && !err)
		err = error_errno("cannot write '%s'", path);
	if (!err && rename(name, path) < 0)
		err = error_errno("cannot write '%s'", path);
	if (err)
		unlink(name);
	return err;
}

struct error *file_write_new(const char *path, const char *bytes, size_t length, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	struct error *err;

	if (fd < 0)
		return error_errno("cannot create '%s'", path);
	err = write_all(fd, path, bytes, length);
	if (close(fd) < 0 && !err)
		err = error_errno("cannot write '%s'", path);
	return err;
}

bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

bool file_is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

struct error *file_make_dirs(const char *path, mode_t mode)
{
	SCOPE(tmp, NULL);
	char *copy = mem_dup(tmp, path);

	for (char *p = copy + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(copy, mode) < 0 && errno != EEXIST)
			return error_errno("cannot create directory '%s'", copy);
		*p = '/';
	}
	if (mkdir(copy, mode) < 0 && (errno != EEXIST || !file_is_dir(copy)))
		return error_errno("cannot create directory '%s'", copy);
	return NULL;
}

struct error *file_make_new_dir(bool *made, const char *path)
{
	*made = mkdir(path, 0700) == 0;
	return *made || errno == EEXIST ? NULL
					: error_errno("cannot create the directory '%s'", path);
}

bool file_has_link(const char *root, const char *path)
{
	SCOPE(tmp, NULL);
	char *copy = mem_dup(tmp, path);
	size_t n = strlen(root);

	if (strncmp(root, path, n) != 0)
		return false;
	while (copy[n]) {
		struct stat st;
		char after;

		n += strspn(copy + n, "/");
		n += strcspn(copy + n, "/");
		after = copy[n];
		copy[n] = '\0';
		if (lstat(copy, &st) == 0 && S_ISLNK(st.st_mode))
			return true;
		copy[n] = after;
	}
	return false;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path) < 0 && errno != ENOENT ? -1 : 0;
}

struct error *file_remove_tree(const char *path)
{
	if (nftw(path, remove_entry, 32, FTW_DEPTH | FTW_PHYS) < 0 && errno != ENOENT)
		return error_errno("cannot remove '%s'", path);
	return NULL;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct error *file_list(char ***names, size_t *count, void *ctx, const char *dir)
{
	__attribute__((cleanup(close_dir))) DIR *d = opendir(dir);
	char **list = mem_array(ctx, char *, 1);
	struct dirent *entry;

	if (!d)
		return error_errno("cannot read directory '%s'", dir);
	while ((errno = 0, entry = readdir(d)) != NULL) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			mem_list_add(&list, ctx, entry->d_name);
	}
	if (errno)
		return error_errno("cannot read directory '%s'", dir);
	*count = mem_list_length(list);
	qsort(list, *count, sizeof(*list), by_name);
	*names = list;
	return NULL;
}

struct error *file_lock(int *fd, const char *path, bool wait)
{
	int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (lock < 0)
		return error_errno("cannot open '%s'", path);
	while (flock(lock, LOCK_EX | (wait ? 0 : LOCK_NB)) < 0) {
		struct error *err;

		if (errno == EWOULDBLOCK) {
			close(lock);
			*fd = -1;
			return NULL;
		}
		err = errno == EINTR ? signals_check() : error_errno("cannot lock '%s'", path);
		if (err) {
			close(lock);
			return err;
		}
	}
	*fd = lock;
	return NULL;
}

bool file_has_name(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_nlink > 0;
}

int file_lock_dir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

struct error *file_make_temp_dir(char **path, void *ctx, const char *prefix)
{
	const char *base = getenv("TMPDIR");
	char *name = mem_printf(ctx, "%s/%s-XXXXXX", base && *base ? base : "/tmp", prefix);

	if (!mkdtemp(name))
		return error_errno("cannot create a temporary directory '%s'", name);
	*path = name;
	return NULL;
}
