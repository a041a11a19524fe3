#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The least that a log can do whose records are to be on the device: batches are written one
// behind the other, and the file is synced after each, or after so many. No lock, no index, no
// thread that has to be told.
typedef struct bare_syncer bare_syncer;

// Creates a file in the directory and leaves it there. Its space is allocated ahead, so that a
// sync need not write where the file ends.
//
// Like all functions here it returns 0, or -errno.
int bare_syncer_open(bare_syncer **syncer, const char *directory);
void bare_syncer_close(bare_syncer *syncer);

// Appends the same batch so many times, with its checksum, in groups that are written by one call
// and synced by another. Where `nanoseconds` isn't null, it takes how long each batch's group took.
int bare_syncer_append(bare_syncer *syncer, const void *batch, size_t count, uint64_t group,
                       uint64_t times, uint64_t *nanoseconds);

#ifdef __cplusplus
}
#endif
