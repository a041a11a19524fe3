#define _GNU_SOURCE
#include "varve_memory.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23  // Linux 5.14; older kernels answer EINVAL
#endif

size_t varve_page_size(void) { return (size_t)sysconf(_SC_PAGESIZE); }

static int map(size_t count, int flags, int descriptor, void **memory) {
  void *found = mmap(NULL, count, PROT_READ | PROT_WRITE, flags, descriptor, 0);
  if (found == MAP_FAILED) return -errno;
  *memory = found;
  return 0;
}

int varve_map_shared(int descriptor, size_t count, void **memory) {
  return map(count, MAP_SHARED, descriptor, memory);
}

int varve_map_anonymous(size_t count, void **memory) {
  return map(count, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, memory);
}

void varve_prefer_large_pages(void *memory, size_t count) { madvise(memory, count, MADV_HUGEPAGE); }

void varve_prefetch(const void *memory, size_t count) {
  __builtin_prefetch(memory);
  __builtin_prefetch((const char *)memory + count - 1);
}

int varve_map_to_read(int descriptor, int64_t position, size_t count, void **memory) {
  void *found = mmap(NULL, count, PROT_READ, MAP_PRIVATE, descriptor, position);
  if (found == MAP_FAILED) return -errno;
  *memory = found;
  return 0;
}

int varve_unmap(void *memory, size_t count) { return munmap(memory, count) < 0 ? -errno : 0; }

int varve_populate(void *memory, size_t count) {
  return madvise(memory, count, MADV_POPULATE_WRITE) < 0 ? -errno : 0;
}
