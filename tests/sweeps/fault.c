/* A disk that fails on command, for LD_PRELOAD.
 *
 * Counts the calls by which a process changes what lies below the directory FAULT_BELOW. At the call number FAULT_AT it
 * kills the process (FAULT_MODE=kill), refuses this call alone (once: EIO) or this and all that follow (eio, enospc), or
 * presses Ctrl-C (int). With FAULT_AT=0 nothing happens but that the number of calls is left in the file FAULT_COUNT,
 * which lies elsewhere. Deleting needs no room: a full disk (enospc) refuses no unlink.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int calls;

static int is(const char *mode) { return !strcmp(getenv("FAULT_MODE") ? getenv("FAULT_MODE") : "", mode); }

static int count(void) {
  FILE *out = fopen(getenv("FAULT_COUNT"), "w");
  if (out) fprintf(out, "%d", calls), fclose(out);
  return 0;
}

static int strikes(const char *path, int deletes) {
  const char *below = getenv("FAULT_BELOW");
  if (!below || !strstr(path, below)) return 0;
  int at = atoi(getenv("FAULT_AT"));
  calls++;
  if (!at) return count();
  if (calls < at || (is("enospc") && deletes)) return 0;
  if (calls > at && (is("once") || is("int"))) return 0;
  if (is("kill")) kill(getpid(), SIGKILL);
  if (is("int")) return kill(getpid(), SIGINT);
  errno = is("enospc") ? ENOSPC : EIO;
  return 1;
}

static int strikes_at(int fd) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return strikes(path, 0);
}

/* The real function of that name, unless the disk fails now. */
#define WRAP(type, name, parameters, arguments, failing)                    \
  type name parameters {                                                    \
    static type(*real) parameters;                                          \
    if (!real) real = (type(*) parameters)dlsym(RTLD_NEXT, #name);          \
    return failing ? -1 : real arguments;                                   \
  }

WRAP(ssize_t, write, (int fd, const void *data, size_t n), (fd, data, n), strikes_at(fd))
WRAP(ssize_t, pwrite, (int fd, const void *data, size_t n, off_t at), (fd, data, n, at), strikes_at(fd))
WRAP(ssize_t, pwrite64, (int fd, const void *data, size_t n, off64_t at), (fd, data, n, at), strikes_at(fd))
WRAP(int, fsync, (int fd), (fd), strikes_at(fd))
WRAP(int, fdatasync, (int fd), (fd), strikes_at(fd))
WRAP(int, ftruncate, (int fd, off_t size), (fd, size), strikes_at(fd))
WRAP(int, ftruncate64, (int fd, off64_t size), (fd, size), strikes_at(fd))
WRAP(int, unlink, (const char *path), (path), strikes(path, 1))
WRAP(int, link, (const char *from, const char *to), (from, to), strikes(to, 0))
WRAP(int, rename, (const char *from, const char *to), (from, to), strikes(to, 0))
