#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Milliseconds since 1970, by the host's clock.
int64_t varve_wall_milliseconds(void);
// The same as of the kernel's last tick, in a fraction of the time that it takes.
int64_t varve_wall_milliseconds_coarse(void);
// Nanoseconds since some moment, never set back.
int64_t varve_monotonic_nanoseconds(void);
// Returns at such a nanosecond, or with -EINTR before.
int varve_sleep_until(int64_t monotonic_nanoseconds);
// Fills memory with random bytes.
int varve_random(void *memory, size_t count);

#ifdef __cplusplus
}
#endif
