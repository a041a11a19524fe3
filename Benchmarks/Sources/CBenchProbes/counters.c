#include "include/BenchCounting.h"

#include "counters.h"
#include "references.h"

atomic_bool varve_bench_counting;
atomic_bool varve_bench_one_thread;
_Thread_local bool varve_bench_is_counted;
atomic_uint_fast64_t varve_bench_counters[COUNTER_TOTAL];

int varve_bench_counting_built(void) {
#if defined(VARVE_BENCH_COUNTS)
  return 1;
#else
  return 0;
#endif
}

void varve_bench_counting_start(bool calling_thread_only, bool references) {
  for (int i = 0; i < COUNTER_TOTAL; i++) atomic_store(&varve_bench_counters[i], 0);
  varve_bench_is_counted = true;
  atomic_store(&varve_bench_one_thread, calling_thread_only);
  if (references) varve_bench_switch_hooks(1);
  atomic_store(&varve_bench_counting, 1);
}

varve_bench_counts varve_bench_counting_stop(void) {
  atomic_store(&varve_bench_counting, 0);
  varve_bench_switch_hooks(0);
  varve_bench_is_counted = false;
  return (varve_bench_counts){
      .allocations = atomic_load(&varve_bench_counters[COUNTER_ALLOCATIONS]),
      .frees = atomic_load(&varve_bench_counters[COUNTER_FREES]),
      .allocated_bytes = atomic_load(&varve_bench_counters[COUNTER_ALLOCATED_BYTES]),
      .retains = atomic_load(&varve_bench_counters[COUNTER_RETAINS]),
      .releases = atomic_load(&varve_bench_counters[COUNTER_RELEASES]),
      .access_checks = atomic_load(&varve_bench_counters[COUNTER_ACCESS_CHECKS]),
  };
}
