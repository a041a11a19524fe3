#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// A thread that waits to be woken, as a reader at a log's end does.
typedef struct bare_sleeper bare_sleeper;

typedef enum { BARE_SLEEP_FUTEX, BARE_SLEEP_EVENTFD } bare_sleep;

int bare_sleeper_open(bare_sleeper **sleeper, bare_sleep kind);
void bare_sleeper_close(bare_sleeper *sleeper);

// Wakes the thread. The nanoseconds from before the call that wakes it until it runs, or -errno.
int64_t bare_sleeper_wake(bare_sleeper *sleeper);

#ifdef __cplusplus
}
#endif
