#define _GNU_SOURCE
#include "segment.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

int bare_segment_create(bare_segment *segment, const char *directory, uint64_t number) {
  char path[PATH_MAX];
  int length = snprintf(path, sizeof path, "%s/%020" PRIu64 ".log", directory, number);
  if (length < 0 || (size_t)length >= sizeof path) return -ENAMETOOLONG;
  int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file < 0) return -errno;
  *segment = (bare_segment){.file = file};
  return 0;
}

int bare_segment_map(bare_segment *segment, uint64_t bytes) {
  if (fallocate(segment->file, 0, 0, (off_t)bytes) != 0) return -errno;
  void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, segment->file, 0);
  if (memory == MAP_FAILED) return -errno;
  segment->memory = memory;
  segment->bytes = bytes;
  return 0;
}

int bare_segment_populate(const bare_segment *segment, uint64_t from, uint64_t bytes) {
  return madvise(segment->memory + from, bytes, MADV_POPULATE_WRITE) == 0 ? 0 : -errno;
}

void bare_segment_close(bare_segment *segment) {
  if (segment->memory != NULL) munmap(segment->memory, segment->bytes);
  if (segment->file >= 0) close(segment->file);
  *segment = (bare_segment){.file = -1};
}
