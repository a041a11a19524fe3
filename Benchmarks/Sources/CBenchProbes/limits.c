#define _GNU_SOURCE
#include "include/BenchLimits.h"

#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
// The widest vectors that the machine at hand has, chosen when the program is loaded.
#define WIDEST __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define WIDEST
#endif

__attribute__((noinline)) void varve_bench_copy(void *destination, const void *source,
                                                size_t count) {
  memcpy(destination, source, count);
  __asm__ volatile("" : : "r"(destination) : "memory");
}

__attribute__((noinline)) WIDEST uint64_t varve_bench_sum(const void *source, size_t count) {
  const unsigned char *bytes = source;
  size_t words = count / 8;
  uint64_t sum = 0;
  for (size_t i = 0; i < words; i++) {
    uint64_t word;
    memcpy(&word, bytes + 8 * i, sizeof word);
    sum += word;
  }
  for (size_t i = 8 * words; i < count; i++) sum += bytes[i];
  __asm__ volatile("" : "+r"(sum) : : "memory");
  return sum;
}

void varve_bench_touch(size_t count) {
  volatile unsigned char *block = malloc(count);
  if (block == NULL) return;
  long page = sysconf(_SC_PAGESIZE);
  for (size_t offset = 0; offset < count; offset += (size_t)page) block[offset] = 1;
  free((void *)block);
}

void varve_bench_enter_kernel(void) { syscall(SYS_getppid); }
