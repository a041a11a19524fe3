#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Removes a file or a directory with all that is in it. 0, or -errno.
int varve_bench_remove(const char *path);

// Waits until the path's file system has written all that was to be written. 0, or -errno.
int varve_bench_settle(const char *path);

// The magic number of the file system that holds the path, or -errno.
int64_t varve_bench_file_system(const char *path);

#ifdef __cplusplus
}
#endif
