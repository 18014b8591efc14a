/* A disk that fails at the nth write: loaded before the C library, it counts what is written to the
   records and their copies, and lets one call fail, or all from that one on. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static long calls, fail_at;
static int fails_on;

void arm(long nth, int and_all_after) {
    calls = 0;
    fail_at = nth;
    fails_on = and_all_after;
}

long counted(void) { return calls; }

static int fails(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    if (!strstr(path, "workshop") || (!strstr(path, ".duckdb") && !strstr(path, ".part"))) return 0;
    long call = __sync_add_and_fetch(&calls, 1);
    if (!fail_at || (fails_on ? call < fail_at : call != fail_at)) return 0;
    errno = ENOSPC;
    return 1;
}

#define REAL(name, type) ((type)dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *from, size_t size) {
    return fails(fd) ? -1 : REAL(write, ssize_t(*)(int, const void *, size_t))(fd, from, size);
}
ssize_t pwrite(int fd, const void *from, size_t size, off_t at) {
    return fails(fd) ? -1
                     : REAL(pwrite, ssize_t(*)(int, const void *, size_t, off_t))(fd, from, size, at);
}
ssize_t pwrite64(int fd, const void *from, size_t size, off_t at) {
    return fails(fd) ? -1
                     : REAL(pwrite64, ssize_t(*)(int, const void *, size_t, off_t))(fd, from, size, at);
}
int fsync(int fd) { return fails(fd) ? -1 : REAL(fsync, int (*)(int))(fd); }
int fdatasync(int fd) { return fails(fd) ? -1 : REAL(fdatasync, int (*)(int))(fd); }
int ftruncate(int fd, off_t size) {
    return fails(fd) ? -1 : REAL(ftruncate, int (*)(int, off_t))(fd, size);
}
int ftruncate64(int fd, off_t size) {
    return fails(fd) ? -1 : REAL(ftruncate64, int (*)(int, off_t))(fd, size);
}
