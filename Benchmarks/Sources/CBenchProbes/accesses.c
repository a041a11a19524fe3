#define _GNU_SOURCE
#include "counters.h"

#if defined(VARVE_BENCH_COUNTS)

#include <dlfcn.h>
#include <stddef.h>

typedef void (*access_function)(void *address, void *buffer, uintptr_t flags, void *caller);

static void first_access(void *address, void *buffer, uintptr_t flags, void *caller);

// Found at the first call: libraries are initialised before a constructor of ours would run.
static _Atomic(access_function) runtime_access = first_access;

static void first_access(void *address, void *buffer, uintptr_t flags, void *caller) {
  access_function found = (access_function)dlsym(RTLD_NEXT, "swift_beginAccess");
  if (found == NULL) __builtin_trap();
  atomic_store_explicit(&runtime_access, found, memory_order_relaxed);
  found(address, buffer, flags, caller);
}

// There is no hook for this one, but it's compiled code alone that calls it. The forwarding
// is a jump, so that the runtime finds the Swift caller if it has a conflict to report.
void swift_beginAccess(void *address, void *buffer, uintptr_t flags, void *caller) {
  if (is_counting()) count(COUNTER_ACCESS_CHECKS, 1);
  atomic_load_explicit(&runtime_access, memory_order_relaxed)(address, buffer, flags, caller);
}

#endif
