#define _GNU_SOURCE
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "include/BenchDevice.h"

static _Atomic uint64_t syncs;
static atomic_bool are_skipped;

static struct {
  _Atomic(void (*)(void *, bool)) told;
  void *context;
} watcher;

uint64_t varve_bench_sync_count(void) { return atomic_load(&syncs); }

void varve_bench_watch_syncs(void (*told)(void *context, bool begins), void *context) {
  if (told != NULL) watcher.context = context;
  atomic_store(&watcher.told, told);
}

void varve_bench_skip_syncs(bool skips) { atomic_store(&are_skipped, skips); }

// An executable's definitions come before the C library's.
int fsync(int file) { return atomic_load(&are_skipped) ? 0 : (int)syscall(SYS_fsync, file); }

int fdatasync(int file) {
  if (atomic_load(&are_skipped)) return 0;
  atomic_fetch_add(&syncs, 1);
  void (*told)(void *, bool) = atomic_load(&watcher.told);
  if (told == NULL) return (int)syscall(SYS_fdatasync, file);
  told(watcher.context, true);
  int result = (int)syscall(SYS_fdatasync, file);
  int error = errno;
  told(watcher.context, false);
  errno = error;
  return result;
}
