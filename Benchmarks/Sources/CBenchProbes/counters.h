#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

// Sanitizers bring an allocator of their own, and other C libraries don't have these names.
#include <stdlib.h>
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define VARVE_BENCH_SANITIZED 1
#endif
#endif
#if defined(__GLIBC__) && !defined(VARVE_BENCH_SANITIZED)
#define VARVE_BENCH_COUNTS 1
#endif

enum counter {
  COUNTER_ALLOCATIONS,
  COUNTER_FREES,
  COUNTER_ALLOCATED_BYTES,
  COUNTER_RETAINS,
  COUNTER_RELEASES,
  COUNTER_ACCESS_CHECKS,
  COUNTER_TOTAL
};

extern atomic_bool varve_bench_counting;
extern atomic_bool varve_bench_one_thread;
extern _Thread_local bool varve_bench_is_counted;
extern atomic_uint_fast64_t varve_bench_counters[COUNTER_TOTAL];

// Off, as in all timed passes, this is a load and a branch that is always predicted.
static inline int is_counting(void) {
  return __builtin_expect(
      atomic_load_explicit(&varve_bench_counting, memory_order_relaxed), 0);
}

static inline void count(enum counter counter, uint64_t amount) {
  if (atomic_load_explicit(&varve_bench_one_thread, memory_order_relaxed) &&
      !varve_bench_is_counted) {
    return;
  }
  atomic_fetch_add_explicit(&varve_bench_counters[counter], amount, memory_order_relaxed);
}
