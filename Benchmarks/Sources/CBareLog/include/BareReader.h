#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Reads a directory's segments, whoever wrote them, in which all batches have the same size: so
// it knows where each of them is and needs neither headers nor an index.
typedef struct bare_reader bare_reader;

// Opens the first segments that hold so many batches together; -ENODATA if all hold fewer.
int bare_reader_open(bare_reader **reader, const char *directory, size_t batch_bytes,
                     uint64_t batches);
void bare_reader_close(bare_reader *reader);

// Reads so many batches in order, in reads of 256 KiB, and computes the checksum of each. Goes on
// where it stopped, and after the last batch with the first.
int bare_reader_scan(bare_reader *reader, uint64_t batches);

// Reads so many batches at random, each by a pread(2) of its own.
int bare_reader_look_up(bare_reader *reader, uint64_t batches);

#ifdef __cplusplus
}
#endif
