#define _GNU_SOURCE
#include "varve_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>

static int result(int value) { return value < 0 ? -errno : value; }

// World bits are left to the umask, as every tool does.
enum { MODE = 0644, DIRECTORY_MODE = 0755 };

int varve_open_reading(const char *path) { return result(open(path, O_RDONLY | O_CLOEXEC)); }
int varve_open_writing(const char *path) { return result(open(path, O_RDWR | O_CLOEXEC)); }
int varve_open_creating(const char *path) {
  return result(open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, MODE));
}
int varve_open_any(const char *path) {
  return result(open(path, O_RDWR | O_CREAT | O_CLOEXEC, MODE));
}

int varve_close(int descriptor) { return result(close(descriptor)); }

static int fill(const struct stat *from, struct varve_status *status) {
  status->byte_count = from->st_size;
  status->allocated_byte_count = (int64_t)from->st_blocks * 512;
  status->inode = (int64_t)from->st_ino;
  status->device = (int64_t)from->st_dev;
  status->modified_seconds = from->st_mtim.tv_sec;
  status->modified_nanoseconds = from->st_mtim.tv_nsec;
  status->kind = S_ISREG(from->st_mode)   ? VARVE_KIND_FILE
                 : S_ISDIR(from->st_mode) ? VARVE_KIND_DIRECTORY
                                          : VARVE_KIND_OTHER;
  return 0;
}

int varve_status(int descriptor, struct varve_status *status) {
  struct stat found;
  if (fstat(descriptor, &found) < 0) return -errno;
  return fill(&found, status);
}

int varve_status_at(const char *path, struct varve_status *status) {
  struct stat found;
  if (stat(path, &found) < 0) return -errno;
  return fill(&found, status);
}

int varve_open_directory(const char *path) {
  return result(open(path, O_PATH | O_DIRECTORY | O_CLOEXEC));
}

int varve_status_in(int directory, const char *name, struct varve_status *status) {
  struct stat found;
  if (fstatat(directory, name, &found, 0) < 0) return -errno;
  return fill(&found, status);
}

int64_t varve_read(int descriptor, void *memory, size_t count, int64_t position) {
  ssize_t done = pread(descriptor, memory, count, position);
  return done < 0 ? -errno : done;
}

int64_t varve_read_resident(int descriptor, void *memory, size_t count, int64_t position) {
  // To preadv2, and to no other of these calls, -1 is the place where the descriptor stands.
  if (position < 0) return -EINVAL;
  struct iovec vector = {.iov_base = memory, .iov_len = count};
  ssize_t done = preadv2(descriptor, &vector, 1, position, RWF_NOWAIT);
  return done < 0 ? -errno : done;
}

// The descriptor's own flags stay: others read by it. What is dirty, the kernel writes first.
int64_t varve_read_device(int descriptor, void *memory, size_t count, int64_t position) {
  char path[32];
  snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
  int direct = open(path, O_RDONLY | O_DIRECT | O_CLOEXEC);
  if (direct < 0) {
    if (errno != EINVAL && errno != ENOENT) return -errno;
    // No such way: a file system in memory has no device, and of others this is what can be had.
    posix_fadvise(descriptor, position, (off_t)count, POSIX_FADV_DONTNEED);
    return varve_read(descriptor, memory, count, position);
  }
  int64_t done = varve_read(direct, memory, count, position);
  close(direct);
  return done;
}

// Moves the place where the descriptor stands, which nobody reads or writes by.
int64_t varve_next_data(int descriptor, int64_t position, int64_t *end) {
  off_t found = lseek(descriptor, position, SEEK_DATA);
  if (found < 0) return -errno;
  off_t hole = lseek(descriptor, found, SEEK_HOLE);
  if (hole < 0) return -errno;
  *end = hole;
  return found;
}

int64_t varve_write(int descriptor, const void *memory, size_t count, int64_t position) {
  ssize_t done = pwrite(descriptor, memory, count, position);
  return done < 0 ? -errno : done;
}

// Not posix_fallocate: where the file system cannot, glibc would write zeros, and race with us.
int varve_allocate(int descriptor, int64_t position, int64_t count) {
  return result(fallocate(descriptor, 0, position, count));
}

int varve_truncate(int descriptor, int64_t count) { return result(ftruncate(descriptor, count)); }
int varve_sync_data(int descriptor) { return result(fdatasync(descriptor)); }
int varve_sync_all(int descriptor) { return result(fsync(descriptor)); }

int varve_set_modified(int descriptor, int64_t seconds, int64_t nanoseconds) {
  struct timespec times[2] = {{.tv_nsec = UTIME_OMIT},
                              {.tv_sec = seconds, .tv_nsec = (long)nanoseconds}};
  return result(futimens(descriptor, times));
}

// Not flock, which a JVM's locks do not conflict with; and not a process's own lock, which goes with
// the first descriptor of the file that any part of the process closes.
static struct flock whole_file(void) {
  return (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET};
}

int varve_lock(int descriptor) {
  struct flock lock = whole_file();
  return result(fcntl(descriptor, F_OFD_SETLK, &lock));
}

int varve_unlock(int descriptor) {
  struct flock lock = whole_file();
  lock.l_type = F_UNLCK;
  return result(fcntl(descriptor, F_OFD_SETLK, &lock));
}

int varve_lock_owner(int descriptor, int32_t *process) {
  struct flock lock = whole_file();
  if (fcntl(descriptor, F_OFD_GETLK, &lock) < 0) return -errno;
  *process = lock.l_pid;
  return lock.l_type != F_UNLCK;
}

int varve_rename(const char *from, const char *to) { return result(rename(from, to)); }
int varve_unlink(const char *path) { return result(unlink(path)); }
int varve_make_directory(const char *path) { return result(mkdir(path, DIRECTORY_MODE)); }

int varve_remove_directory(const char *path) { return result(rmdir(path)); }

int varve_sync_directory(const char *path) {
  int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return -errno;
  int done = result(fsync(descriptor));
  close(descriptor);
  return done;
}

int varve_list(const char *path, void *context, int (*each)(void *context, const char *name)) {
  DIR *directory = opendir(path);
  if (!directory) return -errno;
  int done = 0;
  for (;;) {
    errno = 0;  // readdir's end and its failure look the same otherwise
    struct dirent *entry = readdir(directory);
    if (!entry) {
      done = -errno;
      break;
    }
    if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
    if (each(context, entry->d_name)) break;
  }
  closedir(directory);
  return done;
}

int varve_space(const char *path, struct varve_space *space) {
  struct statfs found;
  if (statfs(path, &found) < 0) return -errno;
  // Not f_bsize, which is what one should read and write at a time: they differ where a file
  // system in user space says so.
  space->free_byte_count = (int64_t)found.f_bavail * found.f_frsize;
  space->total_byte_count = (int64_t)found.f_blocks * found.f_frsize;
  space->type = (int64_t)(uint32_t)found.f_type;
  return 0;
}

int64_t varve_file_system_type(int descriptor) {
  struct statfs found;
  if (fstatfs(descriptor, &found) < 0) return -errno;
  return (int64_t)(uint32_t)found.f_type;
}

int64_t varve_file_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return -errno;
  return limit.rlim_cur > INT32_MAX ? INT32_MAX : (int64_t)limit.rlim_cur;
}

int varve_boot_id(char text[37]) {
  int descriptor = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return -errno;
  ssize_t done = read(descriptor, text, 36);
  int error = errno;
  close(descriptor);
  if (done < 0) return -error;
  if (done != 36) return -EIO;
  text[36] = 0;
  return 0;
}
