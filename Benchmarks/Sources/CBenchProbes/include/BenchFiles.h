#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Removes a file or a directory with all that is in it. 0, or -errno.
int varve_bench_remove(const char *path);

// Waits until the path's file system has written all that was to be written. 0, or -errno.
int varve_bench_settle(const char *path);

// Gives a file, which is made if it isn't there, space and zeros up to a size, as a log does ahead
// of its appends. 0, or -errno.
int varve_bench_allocate(const char *path, uint64_t bytes);

// The magic number of the file system that holds the path, or -errno.
int64_t varve_bench_file_system(const char *path);

// How many bytes its file system has left for this user.
int64_t varve_bench_free_bytes(const char *path);

#ifdef __cplusplus
}
#endif
