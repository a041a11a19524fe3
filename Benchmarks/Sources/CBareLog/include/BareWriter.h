#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// A log as one would write it first: a write(2) for each batch, into files of a size.
typedef struct bare_writer bare_writer;

int bare_writer_open(bare_writer **writer, const char *directory, uint64_t segment_bytes);
void bare_writer_close(bare_writer *writer);

// As `bare_appender_append`.
int bare_writer_write(bare_writer *writer, const void *batch, size_t count, bool checksum,
                      uint64_t times);

#ifdef __cplusplus
}
#endif
