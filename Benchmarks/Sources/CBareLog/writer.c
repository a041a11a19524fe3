#define _GNU_SOURCE
#include "include/BareWriter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checksum.h"
#include "segment.h"

struct bare_writer {
  char *directory;
  uint64_t segment_bytes;
  bare_segment segment;
  uint64_t number;
  uint64_t end;
};

int bare_writer_open(bare_writer **opened, const char *directory, uint64_t segment_bytes) {
  bare_writer *writer = calloc(1, sizeof *writer);
  if (writer == NULL) return -ENOMEM;
  writer->directory = strdup(directory);
  writer->segment_bytes = segment_bytes;
  writer->segment.file = -1;
  int result = writer->directory == NULL
                   ? -ENOMEM
                   : bare_segment_create(&writer->segment, directory, 0);
  if (result != 0) {
    bare_writer_close(writer);
    return result;
  }
  *opened = writer;
  return 0;
}

void bare_writer_close(bare_writer *writer) {
  bare_segment_close(&writer->segment);
  free(writer->directory);
  free(writer);
}

static int roll(bare_writer *writer) {
  bare_segment_close(&writer->segment);
  writer->end = 0;
  return bare_segment_create(&writer->segment, writer->directory, ++writer->number);
}

int bare_writer_write(bare_writer *writer, const void *batch, size_t count, bool checksum,
                      uint64_t times) {
  for (uint64_t i = 0; i < times; i++) {
    if (writer->end + count > writer->segment_bytes) {
      int result = roll(writer);
      if (result != 0) return result;
    }
    if (checksum) bare_check(batch, count);
    ssize_t written = write(writer->segment.file, batch, count);
    if (written < 0) return -errno;
    // On a disk that isn't full, a regular file takes all of it.
    if ((size_t)written != count) return -ENOSPC;
    writer->end += count;
  }
  return 0;
}
