#define _GNU_SOURCE
#include "include/BareChecker.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checksum.h"

enum { READ_BYTES = 256 << 10 };

// Where in a batch the fields lie that a walk has to look at.
enum { LENGTH_AT = 8, CHECKSUM_AT = 17, LAST_OFFSET_DELTA_AT = 23, HEADER_BYTES = 61 };
// What its length doesn't count.
enum { PREFIX_BYTES = 12 };

struct bare_checker {
  int file;
  unsigned char *buffer;
};

int bare_checker_open(bare_checker **opened, const char *path) {
  bare_checker *checker = calloc(1, sizeof *checker);
  if (checker == NULL) return -ENOMEM;
  checker->file = open(path, O_RDWR | O_CLOEXEC);
  checker->buffer = aligned_alloc(4096, READ_BYTES);
  int result = checker->file < 0 ? -errno : checker->buffer == NULL ? -ENOMEM : 0;
  if (result != 0) {
    bare_checker_close(checker);
    return result;
  }
  *opened = checker;
  return 0;
}

void bare_checker_close(bare_checker *checker) {
  if (checker->file >= 0) close(checker->file);
  free(checker->buffer);
  free(checker);
}

static uint32_t load32(const unsigned char *bytes) {
  uint32_t value;
  memcpy(&value, bytes, sizeof value);
  return be32toh(value);
}

static uint64_t load64(const unsigned char *bytes) {
  uint64_t value;
  memcpy(&value, bytes, sizeof value);
  return be64toh(value);
}

typedef struct {
  uint64_t next_offset;
  int64_t batches;
} walk;

// Bytes of whole batches, or -EBADMSG. Zeros, which are space that was allocated, are none.
static ssize_t check(walk *walk, const unsigned char *bytes, size_t count) {
  size_t position = 0;
  while (count - position >= HEADER_BYTES) {
    const unsigned char *batch = bytes + position;
    size_t size = (size_t)load32(batch + LENGTH_AT) + PREFIX_BYTES;
    if (size < HEADER_BYTES || size > count - position) break;
    uint32_t sum = varve_crc32c(0, batch + BARE_CHECKED_FROM, size - BARE_CHECKED_FROM);
    if (sum != load32(batch + CHECKSUM_AT)) return -EBADMSG;
    uint64_t offset = load64(batch);
    if (offset < walk->next_offset) return -EBADMSG;
    walk->next_offset = offset + load32(batch + LAST_OFFSET_DELTA_AT) + 1;
    walk->batches++;
    position += size;
  }
  return (ssize_t)position;
}

int64_t bare_checker_run(bare_checker *checker, bool rewrites) {
  walk walk = {0};
  off_t position = 0;
  while (true) {
    ssize_t count = pread(checker->file, checker->buffer, READ_BYTES, position);
    if (count < 0) return -errno;
    // A batch that was read in part is read again with the next ones.
    ssize_t whole = check(&walk, checker->buffer, (size_t)count);
    if (whole < 0) return whole;
    if (whole == 0) break;
    if (rewrites && pwrite(checker->file, checker->buffer, (size_t)whole, position) != whole) {
      return errno != 0 ? -errno : -ENOSPC;
    }
    position += whole;
  }
  if (rewrites && fdatasync(checker->file) != 0) return -errno;
  return walk.batches;
}
