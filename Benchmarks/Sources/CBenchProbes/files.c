#define _GNU_SOURCE
#include "include/BenchFiles.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/vfs.h>

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place) {
  (void)status, (void)kind, (void)place;
  return remove(path);
}

int varve_bench_remove(const char *path) {
  enum { MOST_DESCRIPTORS = 16 };
  return nftw(path, remove_one, MOST_DESCRIPTORS, FTW_DEPTH | FTW_PHYS) == 0 ? 0 : -errno;
}

int64_t varve_bench_file_system(const char *path) {
  struct statfs status;
  return statfs(path, &status) == 0 ? (int64_t)status.f_type : -errno;
}
