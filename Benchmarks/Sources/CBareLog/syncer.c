#define _GNU_SOURCE
#include "include/BareSyncer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "checksum.h"
#include "segment.h"

#define PIECE_BYTES ((uint64_t)64 << 20)

struct bare_syncer {
  bare_segment segment;
  uint64_t end;
  uint64_t allocated;
  unsigned char *group;
  size_t group_bytes;
};

int bare_syncer_open(bare_syncer **opened, const char *directory) {
  bare_syncer *syncer = calloc(1, sizeof *syncer);
  if (syncer == NULL) return -ENOMEM;
  syncer->segment.file = -1;
  int result = bare_segment_create(&syncer->segment, directory, 0);
  if (result != 0) {
    bare_syncer_close(syncer);
    return result;
  }
  *opened = syncer;
  return 0;
}

void bare_syncer_close(bare_syncer *syncer) {
  bare_segment_close(&syncer->segment);
  free(syncer->group);
  free(syncer);
}

static int make_room(bare_syncer *syncer, size_t bytes) {
  if (syncer->group_bytes < bytes) {
    unsigned char *group = realloc(syncer->group, bytes);
    if (group == NULL) return -ENOMEM;
    syncer->group = group;
    syncer->group_bytes = bytes;
  }
  while (syncer->end + bytes > syncer->allocated) {
    if (fallocate(syncer->segment.file, 0, (off_t)syncer->allocated, (off_t)PIECE_BYTES) != 0) {
      return -errno;
    }
    syncer->allocated += PIECE_BYTES;
  }
  return 0;
}

static int write_group(bare_syncer *syncer, const void *batch, size_t count, uint64_t group) {
  size_t bytes = count * group;
  int result = make_room(syncer, bytes);
  if (result != 0) return result;
  for (uint64_t i = 0; i < group; i++) {
    memcpy(syncer->group + i * count, batch, count);
    bare_check(syncer->group + i * count, count);
  }
  ssize_t written = pwrite(syncer->segment.file, syncer->group, bytes, (off_t)syncer->end);
  if (written < 0) return -errno;
  // On a disk that isn't full, a regular file takes all of it.
  if ((size_t)written != bytes) return -ENOSPC;
  syncer->end += bytes;
  return fdatasync(syncer->segment.file) == 0 ? 0 : -errno;
}

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

int bare_syncer_append(bare_syncer *syncer, const void *batch, size_t count, uint64_t group,
                       uint64_t times, uint64_t *nanoseconds) {
  for (uint64_t done = 0; done < times;) {
    uint64_t size = times - done < group ? times - done : group;
    uint64_t start = now();
    int result = write_group(syncer, batch, count, size);
    if (result != 0) return result;
    uint64_t took = now() - start;
    for (uint64_t i = 0; nanoseconds != NULL && i < size; i++) nanoseconds[done + i] = took;
    done += size;
  }
  return 0;
}
