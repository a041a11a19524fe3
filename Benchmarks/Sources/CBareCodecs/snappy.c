#if VARVE_SNAPPY
#include "codec.h"

#include <snappy-c.h>

static ptrdiff_t compress_all(
    void *context, const void *input, size_t count, void *output, size_t room) {
  (void)context;
  return snappy_compress(input, count, output, &room) == SNAPPY_OK ? (ptrdiff_t)room : -1;
}

static ptrdiff_t decompress_all(
    void *context, const void *input, size_t count, void *output, size_t room) {
  (void)context;
  return snappy_uncompress(input, count, output, &room) == SNAPPY_OK ? (ptrdiff_t)room : -1;
}

int varve_bare_snappy(varve_bare_codec *self, enum varve_bare_direction direction) {
  self->run = direction == varve_bare_compress ? compress_all : decompress_all;
  return 1;
}
#endif
