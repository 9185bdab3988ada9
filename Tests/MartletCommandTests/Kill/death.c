// For tests: ends the process that it is loaded into (LD_PRELOAD) with SIGKILL at one moment of its Nth durable append.
//
// An append is what lies between two calls of fsync or fdatasync on files below MARTLET_DEATH_FOLDER. MARTLET_DEATH is
// `<moment>:<N>`; the moments are
//   before   nothing of it has been written
//   torn     half of its first write has, if it has any
//   written  all of it has, and it has not been synchronised
//   after    it is durable, and nobody has been told
// MARTLET_DEATH_LOG names a file that gets one line for each append: the file that was synchronised.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static char moment[16], folder[4096], journal[4096];
static int number;
static atomic_int current = 1;

__attribute__((constructor)) static void prepare(void) {
    const char *death = getenv("MARTLET_DEATH"), *below = getenv("MARTLET_DEATH_FOLDER"), *log = getenv("MARTLET_DEATH_LOG");
    if (below) snprintf(folder, sizeof folder, "%s/", below);
    if (death) sscanf(death, "%15[^:]:%d", moment, &number);
    if (log) snprintf(journal, sizeof journal, "%s", log);
}

static int path_of(int file, char *path, size_t size) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, size - 1);
    path[length < 0 ? 0 : length] = 0;
    return folder[0] && (strncmp(path, folder, strlen(folder)) == 0 || strncmp(path, folder, strlen(folder) - 1) == 0);
}

static void die_at(const char *here) {
    if (atomic_load(&current) != number || strcmp(moment, here) != 0) return;
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

// How much of a write is still allowed.
static size_t allowed(int file, size_t count) {
    char path[4096];
    if (atomic_load(&current) != number || (strcmp(moment, "before") != 0 && strcmp(moment, "torn") != 0)) return count;
    if (!path_of(file, path, sizeof path)) return count;
    die_at("before");
    return count / 2;
}

ssize_t write(int file, const void *bytes, size_t count) {
    size_t some = allowed(file, count);
    ssize_t written = syscall(SYS_write, file, bytes, some);
    if (some != count) die_at("torn");
    return written;
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
    size_t some = allowed(file, count);
    ssize_t written = syscall(SYS_pwrite64, file, bytes, some, offset);
    if (some != count) die_at("torn");
    return written;
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) { return pwrite64(file, bytes, count, offset); }

static int synchronise(int file, long call) {
    char path[4096];
    int ours = path_of(file, path, sizeof path - 1);
    if (ours) {
        // A folder is synchronised with nothing written to it: these moments are one then.
        die_at("before");
        die_at("torn");
        die_at("written");
    }
    int result = (int)syscall(call, file);
    if (!ours) return result;
    die_at("after");
    atomic_fetch_add(&current, 1);
    if (journal[0]) {
        int log = open(journal, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        strcat(path, "\n");
        syscall(SYS_write, log, path, strlen(path));
        close(log);
    }
    return result;
}

int fsync(int file) { return synchronise(file, SYS_fsync); }
int fdatasync(int file) { return synchronise(file, SYS_fdatasync); }
