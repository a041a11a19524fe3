#pragma once

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// What threads of the process did between a start and a stop.
typedef struct {
  uint64_t allocations;      // malloc, calloc, realloc, posix_memalign, aligned_alloc
  uint64_t frees;            // free of something, and realloc of something
  uint64_t allocated_bytes;  // as asked for
  uint64_t retains;          // strong ones, those inside the standard library too
  uint64_t releases;
  uint64_t access_checks;  // swift_beginAccess
} varve_bench_counts;

// 0 where this build can't stand between the program and its allocator.
int varve_bench_counting_built(void);

// Counts what all threads do, or only the one that calls this; retains and releases where these are
// asked for.
void varve_bench_counting_start(bool calling_thread_only, bool references);
varve_bench_counts varve_bench_counting_stop(void);

#ifdef __cplusplus
}
#endif
