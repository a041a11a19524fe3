#define _GNU_SOURCE
#include "references.h"

#include <dlfcn.h>
#include <stddef.h>

// The runtime has hooks for retain and release, behind a switch that it looks at in any case.
// Through them the calls inside the standard library are seen too, which a swift_retain of our
// own would miss, and timed passes run as if there was nothing here. With the switch on, Swift 6.3.1 takes
// a short string that `swift_bridgeObjectRetain` is called with for an object, and the process ends: what
// adds two strings cannot be counted.
typedef void *(*retain_function)(void *object);
typedef void *(*retain_n_function)(void *object, uint32_t n);
typedef void (*release_function)(void *object);
typedef void (*release_n_function)(void *object, uint32_t n);

static retain_function plain_retain;
static retain_n_function plain_retain_n;
static release_function plain_release;
static release_n_function plain_release_n;

static void *counted_retain(void *object) {
  count(COUNTER_RETAINS, 1);
  return plain_retain(object);
}

static void *counted_retain_n(void *object, uint32_t n) {
  count(COUNTER_RETAINS, n);
  return plain_retain_n(object, n);
}

static void counted_release(void *object) {
  count(COUNTER_RELEASES, 1);
  plain_release(object);
}

static void counted_release_n(void *object, uint32_t n) {
  count(COUNTER_RELEASES, n);
  plain_release_n(object, n);
}

static void *runtime_symbol(const char *name) { return dlsym(RTLD_DEFAULT, name); }

static int install_hooks(void) {
  retain_function *retain = runtime_symbol("_swift_retain");
  retain_n_function *retain_n = runtime_symbol("_swift_retain_n");
  release_function *release = runtime_symbol("_swift_release");
  release_n_function *release_n = runtime_symbol("_swift_release_n");
  if (!retain || !retain_n || !release || !release_n) return 0;
  plain_retain = *retain;
  plain_retain_n = *retain_n;
  plain_release = *release;
  plain_release_n = *release_n;
  *retain = counted_retain;
  *retain_n = counted_retain_n;
  *release = counted_release;
  *release_n = counted_release_n;
  return 1;
}

// Without either, no reference is counted, which the self-check finds out.
void varve_bench_switch_hooks(int on) {
  static atomic_bool *enabled;
  if (enabled == NULL) {
    enabled = runtime_symbol(
        "_swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly");
    if (enabled == NULL || !install_hooks()) return;
  }
  atomic_store(enabled, on != 0);
}
