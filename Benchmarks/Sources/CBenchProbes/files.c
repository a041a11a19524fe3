#define _GNU_SOURCE
#include "include/BenchFiles.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/vfs.h>
#include <unistd.h>

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place) {
  (void)status, (void)kind, (void)place;
  return remove(path);
}

int varve_bench_remove(const char *path) {
  enum { MOST_DESCRIPTORS = 16 };
  return nftw(path, remove_one, MOST_DESCRIPTORS, FTW_DEPTH | FTW_PHYS) == 0 ? 0 : -errno;
}

int varve_bench_settle(const char *path) {
  int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return -errno;
  int result = syncfs(directory) == 0 ? 0 : -errno;
  close(directory);
  return result;
}

int varve_bench_allocate(const char *path, uint64_t bytes) {
  int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return -errno;
  int result = bytes == 0 || fallocate(file, 0, 0, (off_t)bytes) == 0 ? 0 : -errno;
  close(file);
  return result;
}

int64_t varve_bench_file_system(const char *path) {
  struct statfs status;
  return statfs(path, &status) == 0 ? (int64_t)status.f_type : -errno;
}

int64_t varve_bench_free_bytes(const char *path) {
  struct statfs status;
  return statfs(path, &status) == 0 ? (int64_t)status.f_bavail * status.f_bsize : -errno;
}
