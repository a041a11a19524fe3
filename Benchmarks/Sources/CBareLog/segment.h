#pragma once

#include <stdbool.h>
#include <stdint.h>

// A file of a log, mapped or not.
typedef struct {
  int file;
  unsigned char *memory;
  uint64_t bytes;
} bare_segment;

// The file's number in the log, and not its first offset, is its name.
int bare_segment_create(bare_segment *segment, const char *directory, uint64_t number);
// Gives it its size, as extents that no store has to wait for, and maps it.
int bare_segment_map(bare_segment *segment, uint64_t bytes);
int bare_segment_populate(const bare_segment *segment, uint64_t from, uint64_t bytes);
void bare_segment_close(bare_segment *segment);
