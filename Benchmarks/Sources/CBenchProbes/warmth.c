#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <time.h>
#include <unistd.h>

#include "include/BenchWarmth.h"

// What is free and warm at a time: more than the page cache takes between two looks, and less than a
// hypervisor waits for before it takes memory back.
#define LEAD_BYTES ((size_t)512 << 20)
// Whole huge pages, so that what is freed is in one piece.
#define PIECE_BYTES ((size_t)2 << 20)

struct varve_bench_warmth {
  unsigned char *memory;
  size_t count;
  size_t released;
  size_t wanted_free;
  pthread_t releaser;
  atomic_bool stopping;
};

static size_t free_bytes(void) {
  struct sysinfo info;
  return sysinfo(&info) == 0 ? (size_t)info.freeram * info.mem_unit : 0;
}

static void release(varve_bench_warmth *warmth) {
  size_t available = free_bytes();
  if (available >= warmth->wanted_free) return;
  size_t count = (warmth->wanted_free - available + PIECE_BYTES - 1) / PIECE_BYTES * PIECE_BYTES;
  if (count > warmth->count - warmth->released) count = warmth->count - warmth->released;
  madvise(warmth->memory + warmth->released, count, MADV_DONTNEED);
  warmth->released += count;
}

static void *release_as_used(void *context) {
  varve_bench_warmth *warmth = context;
  const struct timespec nap = {.tv_nsec = 200000};
  while (!atomic_load_explicit(&warmth->stopping, memory_order_relaxed) &&
         warmth->released < warmth->count) {
    release(warmth);
    nanosleep(&nap, NULL);
  }
  return NULL;
}

static void touch(varve_bench_warmth *warmth) {
  madvise(warmth->memory, warmth->count, MADV_HUGEPAGE);
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  for (size_t at = 0; at < warmth->count; at += page) warmth->memory[at] = 1;
}

varve_bench_warmth *varve_bench_warm(size_t count) {
  varve_bench_warmth *warmth = calloc(1, sizeof *warmth);
  if (warmth == NULL) return NULL;
  warmth->count = (count + PIECE_BYTES - 1) / PIECE_BYTES * PIECE_BYTES;
  void *memory = mmap(NULL, warmth->count, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    free(warmth);
    return NULL;
  }
  warmth->memory = memory;
  touch(warmth);
  warmth->wanted_free = free_bytes() + LEAD_BYTES;
  release(warmth);
  if (pthread_create(&warmth->releaser, NULL, release_as_used, warmth) != 0) {
    munmap(warmth->memory, warmth->count);
    free(warmth);
    return NULL;
  }
  return warmth;
}

void varve_bench_cool(varve_bench_warmth *warmth) {
  if (warmth == NULL) return;
  atomic_store_explicit(&warmth->stopping, true, memory_order_relaxed);
  pthread_join(warmth->releaser, NULL);
  munmap(warmth->memory, warmth->count);
  free(warmth);
}
