#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "checksum.h"
#include "include/BareAppender.h"
#include "segment.h"

// Finer than a segment, so that the preparer is never far behind.
#define WINDOW_BYTES ((uint64_t)4 << 20)
// The one that is appended to, the two ahead of it, and the one that was left last: what is left
// is unmapped when its slot is needed.
enum { SLOTS = 4, SEGMENTS_AHEAD = 2 };
#define CACHE_LINE 64

// Positions count from the log's beginning, in whole segments: where a segment's last bytes are
// too few for a batch, they count as well.
struct bare_appender {
  char *directory;
  uint64_t segment_bytes;
  uint64_t ahead_bytes;
  pthread_t preparer;
  bare_segment slots[SLOTS];

  // The appending thread's own.
  _Alignas(CACHE_LINE) unsigned char *memory;
  uint64_t number;
  uint64_t end;

  // What one thread tells the other.
  _Alignas(CACHE_LINE) _Atomic uint64_t published;
  _Alignas(CACHE_LINE) _Atomic uint64_t created;  // segments
  _Atomic uint64_t populated;
  _Atomic int error;
  _Atomic bool stopping;
};

static int create(bare_appender *appender, uint64_t number) {
  bare_segment *slot = &appender->slots[number % SLOTS];
  bare_segment_close(slot);
  int result = bare_segment_create(slot, appender->directory, number);
  if (result == 0) result = bare_segment_map(slot, appender->segment_bytes);
  if (result == 0) atomic_store_explicit(&appender->created, number + 1, memory_order_release);
  return result;
}

// Populates from a position on, up to the window's end, and returns that, or -errno.
static int64_t populate(bare_appender *appender, uint64_t position) {
  uint64_t number = position / appender->segment_bytes;
  uint64_t from = position % appender->segment_bytes;
  if (from == 0 && number == atomic_load(&appender->created)) {
    int result = create(appender, number);
    if (result != 0) return result;
  }
  uint64_t left = appender->segment_bytes - from;
  uint64_t bytes = left < WINDOW_BYTES ? left : WINDOW_BYTES;
  int result = bare_segment_populate(&appender->slots[number % SLOTS], from, bytes);
  return result != 0 ? result : (int64_t)(position + bytes);
}

// An appender that is faster than its preparer takes the faults itself. It's of no use to populate
// what is full.
static uint64_t not_before(bare_appender *appender, uint64_t position, uint64_t published) {
  uint64_t window = published / WINDOW_BYTES * WINDOW_BYTES;
  uint64_t created = atomic_load(&appender->created) * appender->segment_bytes;
  return window > position && window < created ? window : position;
}

static void *prepare_ahead(void *context) {
  bare_appender *appender = context;
  // What the appender uses up in this time is a small part of what is ready.
  const struct timespec nap = {.tv_nsec = 50000};
  uint64_t position = 0;
  while (!atomic_load_explicit(&appender->stopping, memory_order_relaxed)) {
    uint64_t published = atomic_load_explicit(&appender->published, memory_order_relaxed);
    position = not_before(appender, position, published);
    if (position >= published + appender->ahead_bytes) {
      nanosleep(&nap, NULL);
      continue;
    }
    int64_t result = populate(appender, position);
    if (result < 0) {
      atomic_store_explicit(&appender->error, (int)result, memory_order_release);
      return NULL;
    }
    position = (uint64_t)result;
    atomic_store_explicit(&appender->populated, position, memory_order_relaxed);
  }
  return NULL;
}

static int prepare_whole(bare_appender *appender) {
  int result = create(appender, 0);
  return result != 0 ? result
                     : bare_segment_populate(appender->slots, 0, appender->segment_bytes);
}

// Waits until the segment is there, which it is unless the preparer was outrun.
static int enter(bare_appender *appender, uint64_t number) {
  while (atomic_load_explicit(&appender->created, memory_order_acquire) <= number) {
    int error = atomic_load_explicit(&appender->error, memory_order_acquire);
    if (error != 0) return error;
    sched_yield();
  }
  appender->memory = appender->slots[number % SLOTS].memory;
  appender->number = number;
  appender->end = 0;
  return 0;
}

static int wait_until_ahead(bare_appender *appender) {
  int result = -pthread_create(&appender->preparer, NULL, prepare_ahead, appender);
  if (result != 0) {
    appender->ahead_bytes = 0;  // There is nothing to join.
    return result;
  }
  while (atomic_load(&appender->populated) < appender->ahead_bytes) {
    result = atomic_load(&appender->error);
    if (result != 0) return result;
    sched_yield();
  }
  return 0;
}

int bare_appender_open(bare_appender **opened, const char *directory, uint64_t segment_bytes,
                       uint64_t ahead_bytes) {
  if (segment_bytes % WINDOW_BYTES != 0 || ahead_bytes > SEGMENTS_AHEAD * segment_bytes) {
    return -EINVAL;
  }
  bare_appender *appender = aligned_alloc(CACHE_LINE, sizeof *appender);
  if (appender == NULL) return -ENOMEM;
  memset(appender, 0, sizeof *appender);
  for (int slot = 0; slot < SLOTS; slot++) appender->slots[slot].file = -1;
  appender->directory = strdup(directory);
  appender->segment_bytes = segment_bytes;
  appender->ahead_bytes = ahead_bytes;
  int result = appender->directory == NULL ? -ENOMEM
               : ahead_bytes == 0          ? prepare_whole(appender)
                                           : wait_until_ahead(appender);
  if (result == 0) result = enter(appender, 0);
  if (result != 0) {
    bare_appender_close(appender);
    return result;
  }
  *opened = appender;
  return 0;
}

void bare_appender_close(bare_appender *appender) {
  atomic_store_explicit(&appender->stopping, true, memory_order_relaxed);
  if (appender->ahead_bytes > 0) pthread_join(appender->preparer, NULL);
  for (int slot = 0; slot < SLOTS; slot++) bare_segment_close(&appender->slots[slot]);
  free(appender->directory);
  free(appender);
}

int bare_appender_append(bare_appender *appender, const void *batch, size_t count, bool checksum,
                         uint64_t times) {
  for (uint64_t i = 0; i < times; i++) {
    if (appender->end + count > appender->segment_bytes) {
      if (appender->ahead_bytes == 0) return -ENOSPC;
      int result = enter(appender, appender->number + 1);
      if (result != 0) return result;
    }
    memcpy(appender->memory + appender->end, batch, count);
    if (checksum) bare_check(batch, count);
    appender->end += count;
    atomic_store_explicit(&appender->published,
                          appender->number * appender->segment_bytes + appender->end,
                          memory_order_release);
  }
  return 0;
}
