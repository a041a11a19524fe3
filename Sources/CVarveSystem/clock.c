#define _GNU_SOURCE
#include "varve_time.h"

#include <errno.h>
#include <sys/random.h>
#include <time.h>

static int64_t milliseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t varve_wall_milliseconds(void) { return milliseconds(CLOCK_REALTIME); }
int64_t varve_wall_milliseconds_coarse(void) { return milliseconds(CLOCK_REALTIME_COARSE); }

int64_t varve_monotonic_nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int varve_sleep_until(int64_t monotonic_nanoseconds) {
  struct timespec until = {.tv_sec = monotonic_nanoseconds / 1000000000,
                           .tv_nsec = monotonic_nanoseconds % 1000000000};
  return -clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

int varve_random(void *memory, size_t count) {
  char *place = memory;
  while (count > 0) {
    ssize_t done = getrandom(place, count, 0);
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return -errno;
    place += done;
    count -= (size_t)done;
  }
  return 0;
}
