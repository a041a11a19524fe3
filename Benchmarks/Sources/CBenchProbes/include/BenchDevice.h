#pragma once

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// What the kernel has counted of a block device since it started: of all programs.
typedef struct {
  uint64_t written_bytes;
  uint64_t flushes;
} varve_bench_device;

// That of the device that holds the path; of a partition's whole disk, since flushes are counted
// there alone. 0, or -errno: -ENOENT where no device of its own is below.
int varve_bench_device_read(const char *path, varve_bench_device *device);

// Calls of fdatasync(2) by this process so far.
uint64_t varve_bench_sync_count(void);

// Has a function called whenever a sync is about to begin, and when it has ended, by the thread
// that syncs; NULL ends that, and is for when no thread does.
void varve_bench_watch_syncs(void (*told)(void *context, bool begins), void *context);

// Whether this process's fsync(2) and fdatasync(2) do nothing.
void varve_bench_skip_syncs(bool skips);

#ifdef __cplusplus
}
#endif
