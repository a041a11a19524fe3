#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The least that a log on mapped segments can do: batches are copied one behind the other into
// preallocated files. No lock, no index, no header, no sync.
typedef struct bare_appender bare_appender;

// Creates its segments in the directory, all of that size, and leaves them there.
//
// A second thread, the preparer, creates segments and populates them in windows of 4 MiB, so many
// bytes ahead of what is appended: at most two segments, and as far before this returns. With 0
// bytes there is no preparer: the whole first segment is populated before this returns, and there
// is no other.
//
// Like all functions here it returns 0, or -errno.
int bare_appender_open(bare_appender **appender, const char *directory, uint64_t segment_bytes,
                       uint64_t ahead_bytes);
void bare_appender_close(bare_appender *appender);

// Appends the same batch so many times, and computes each time the checksum that is in its
// header, unless the batch comes with it. -ENOSPC where the only segment is full.
int bare_appender_append(bare_appender *appender, const void *batch, size_t count, bool checksum,
                         uint64_t times);

#ifdef __cplusplus
}
#endif
