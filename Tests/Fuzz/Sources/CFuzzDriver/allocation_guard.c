#include "fuzz_driver.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

// The sanitizer's allocator calls these. Declared here, since not all toolchains have the header.
int __sanitizer_install_malloc_and_free_hooks(
    void (*on_malloc)(const volatile void *, size_t), void (*on_free)(const volatile void *));
size_t __sanitizer_get_allocated_size(const volatile void *memory);

// Of one thread: libFuzzer's own, which watches the clock, allocates too.
static _Thread_local bool guarding;
static _Thread_local int64_t held;
static _Thread_local int64_t limit_of_held;

static void on_malloc(const volatile void *memory, size_t count) {
  if (!guarding) return;
  held += (int64_t)count;
  if (held <= limit_of_held) return;
  guarding = false;  // printing may allocate
  fprintf(
      stderr, "ERROR: allocation guard: %zu bytes more make %lld, and %lld is the limit\n", count,
      (long long)held, (long long)limit_of_held);
  abort();
}

static void on_free(const volatile void *memory) {
  if (guarding && memory) held -= (int64_t)__sanitizer_get_allocated_size(memory);
}

void fuzz_guard_begin(size_t limit) {
  static bool is_installed;
  if (!is_installed) {
    // A guard that cannot guard must not look like one that found nothing.
    if (!__sanitizer_install_malloc_and_free_hooks(on_malloc, on_free)) abort();
    is_installed = true;
  }
  held = 0;
  limit_of_held = (int64_t)limit;
  guarding = true;
}

void fuzz_guard_end(void) { guarding = false; }
