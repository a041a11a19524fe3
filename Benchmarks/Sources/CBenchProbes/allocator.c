#include "counters.h"

#if defined(VARVE_BENCH_COUNTS)

#include <errno.h>
#include <stddef.h>

// An executable's definitions come before the C library's, in every library that it loads.
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

static inline void count_allocation(uint64_t size) {
  if (!is_counting()) return;
  count(COUNTER_ALLOCATIONS, 1);
  count(COUNTER_ALLOCATED_BYTES, size);
}

static inline void count_free(const void *block) {
  if (is_counting() && block != NULL) count(COUNTER_FREES, 1);
}

void *malloc(size_t size) {
  count_allocation(size);
  return __libc_malloc(size);
}

void *calloc(size_t items, size_t size) {
  count_allocation((uint64_t)items * size);
  return __libc_calloc(items, size);
}

void *realloc(void *block, size_t size) {
  count_free(block);
  count_allocation(size);
  return __libc_realloc(block, size);
}

void free(void *block) {
  count_free(block);
  __libc_free(block);
}

void *aligned_alloc(size_t alignment, size_t size) {
  count_allocation(size);
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
  if (alignment % sizeof(void *) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0)
    return EINVAL;
  count_allocation(size);
  void *block = __libc_memalign(alignment, size);
  if (block == NULL) return ENOMEM;
  *result = block;
  return 0;
}

#endif
