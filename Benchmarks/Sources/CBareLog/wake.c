#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "include/BareWake.h"

struct bare_sleeper {
  bare_sleep kind;
  pthread_t thread;
  int event;
  _Atomic uint32_t turn;  // grows by one with each call
  _Atomic bool stopping;
  _Atomic uint64_t woken_at;
};

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void sleep_until_called(bare_sleeper *sleeper, uint32_t turn) {
  if (sleeper->kind == BARE_SLEEP_EVENTFD) {
    uint64_t calls;
    while (read(sleeper->event, &calls, sizeof calls) < 0 && errno == EINTR) continue;
    return;
  }
  while (atomic_load(&sleeper->turn) == turn) {
    syscall(SYS_futex, &sleeper->turn, FUTEX_WAIT_PRIVATE, turn, NULL, NULL, 0);
  }
}

static void call(bare_sleeper *sleeper) {
  atomic_fetch_add(&sleeper->turn, 1);
  if (sleeper->kind == BARE_SLEEP_EVENTFD) {
    uint64_t one = 1;
    while (write(sleeper->event, &one, sizeof one) < 0 && errno == EINTR) continue;
  } else {
    syscall(SYS_futex, &sleeper->turn, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
  }
}

static void *sleep_and_wake(void *context) {
  bare_sleeper *sleeper = context;
  for (uint32_t turn = 0; !atomic_load(&sleeper->stopping); turn++) {
    sleep_until_called(sleeper, turn);
    atomic_store(&sleeper->woken_at, now());
  }
  return NULL;
}

int bare_sleeper_open(bare_sleeper **opened, bare_sleep kind) {
  bare_sleeper *sleeper = calloc(1, sizeof *sleeper);
  if (sleeper == NULL) return -ENOMEM;
  sleeper->kind = kind;
  sleeper->event = eventfd(0, EFD_CLOEXEC);
  int result = sleeper->event < 0
                   ? -errno
                   : -pthread_create(&sleeper->thread, NULL, sleep_and_wake, sleeper);
  if (result != 0) {
    if (sleeper->event >= 0) close(sleeper->event);
    free(sleeper);
    return result;
  }
  *opened = sleeper;
  return 0;
}

void bare_sleeper_close(bare_sleeper *sleeper) {
  atomic_store(&sleeper->stopping, true);
  call(sleeper);
  pthread_join(sleeper->thread, NULL);
  close(sleeper->event);
  free(sleeper);
}

int64_t bare_sleeper_wake(bare_sleeper *sleeper) {
  atomic_store(&sleeper->woken_at, 0);
  uint64_t start = now();
  call(sleeper);
  // By looking, and not by being woken in turn: that would be another thread's latency.
  uint64_t woken_at;
  do woken_at = atomic_load(&sleeper->woken_at);
  while (woken_at == 0);
  return (int64_t)(woken_at - start);
}
