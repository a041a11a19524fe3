#define _GNU_SOURCE
#include "include/BareReader.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checksum.h"

enum { READ_BYTES = 256 << 10 };

struct bare_reader {
  size_t batch_bytes;
  uint64_t batches;
  uint64_t batches_in_file;  // in each but the last
  int *files;
  size_t file_count;
  unsigned char *buffer;
  uint64_t next;
  uint64_t random;
};

static int is_segment(const struct dirent *entry) {
  size_t length = strlen(entry->d_name);
  return length > 4 && strcmp(entry->d_name + length - 4, ".log") == 0;
}

static int open_segments(bare_reader *reader, int directory, struct dirent **names, int count) {
  reader->files = calloc((size_t)count, sizeof *reader->files);
  if (reader->files == NULL) return -ENOMEM;
  uint64_t held = 0;
  for (int i = 0; i < count && held < reader->batches; i++) {
    int file = openat(directory, names[i]->d_name, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -errno;
    reader->files[reader->file_count++] = file;
    struct stat status;
    if (fstat(file, &status) != 0) return -errno;
    uint64_t batches = (uint64_t)status.st_size / reader->batch_bytes;
    if (i == 0) reader->batches_in_file = batches;
    held += batches;
    // Where a batch is, is found by dividing.
    if (held < reader->batches && batches != reader->batches_in_file) return -EINVAL;
  }
  return held < reader->batches ? -ENODATA : 0;
}

static int open_directory(bare_reader *reader, const char *path) {
  int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return -errno;
  struct dirent **names;
  int count = scandirat(directory, ".", &names, is_segment, alphasort);
  int result = count < 0 ? -errno : open_segments(reader, directory, names, count);
  for (int i = 0; i < count; i++) free(names[i]);
  if (count >= 0) free(names);
  close(directory);
  return result;
}

int bare_reader_open(bare_reader **opened, const char *directory, size_t batch_bytes,
                     uint64_t batches) {
  if (batch_bytes == 0 || batch_bytes > READ_BYTES || batches == 0) return -EINVAL;
  bare_reader *reader = calloc(1, sizeof *reader);
  if (reader == NULL) return -ENOMEM;
  reader->batch_bytes = batch_bytes;
  reader->batches = batches;
  reader->random = 88172645463325252;
  reader->buffer = aligned_alloc(4096, READ_BYTES);
  int result = reader->buffer == NULL ? -ENOMEM : open_directory(reader, directory);
  if (result != 0) {
    bare_reader_close(reader);
    return result;
  }
  *opened = reader;
  return 0;
}

void bare_reader_close(bare_reader *reader) {
  for (size_t i = 0; i < reader->file_count; i++) close(reader->files[i]);
  free(reader->files);
  free(reader->buffer);
  free(reader);
}

// Bytes read, of whole batches at least one.
static ssize_t read_at(bare_reader *reader, uint64_t batch, size_t bytes) {
  int file = reader->files[batch / reader->batches_in_file];
  uint64_t position = batch % reader->batches_in_file * reader->batch_bytes;
  ssize_t count = pread(file, reader->buffer, bytes, (off_t)position);
  if (count < 0) return -errno;
  return (size_t)count < reader->batch_bytes ? -ENODATA : count;
}

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }

int bare_reader_scan(bare_reader *reader, uint64_t batches) {
  while (batches > 0) {
    ssize_t count = read_at(reader, reader->next, READ_BYTES);
    if (count < 0) return (int)count;
    // Batches that were read in part are read again with the next ones, and what is behind the
    // last batch of all is none.
    uint64_t whole = least((uint64_t)count / reader->batch_bytes, batches);
    whole = least(whole, reader->batches - reader->next);
    for (uint64_t i = 0; i < whole; i++) {
      bare_check(reader->buffer + i * reader->batch_bytes, reader->batch_bytes);
    }
    batches -= whole;
    reader->next = (reader->next + whole) % reader->batches;
  }
  return 0;
}

// Marsaglia's xorshift: cheap, and all that is asked for is that nothing foresees it.
static uint64_t random_batch(bare_reader *reader) {
  reader->random ^= reader->random << 13;
  reader->random ^= reader->random >> 7;
  reader->random ^= reader->random << 17;
  return reader->random % reader->batches;
}

int bare_reader_look_up(bare_reader *reader, uint64_t batches) {
  for (uint64_t i = 0; i < batches; i++) {
    ssize_t count = read_at(reader, random_batch(reader), reader->batch_bytes);
    if (count < 0) return (int)count;
  }
  return 0;
}
