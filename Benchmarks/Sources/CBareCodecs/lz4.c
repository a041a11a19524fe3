#if VARVE_LZ4
#include "codec.h"

#include <lz4.h>
#include <stdlib.h>

static ptrdiff_t compress_all(
    void *context, const void *input, size_t count, void *output, size_t room) {
  int size = LZ4_compress_fast_extState(context, input, output, (int)count, (int)room, 1);
  return size > 0 ? size : -1;
}

static ptrdiff_t decompress_all(
    void *context, const void *input, size_t count, void *output, size_t room) {
  (void)context;
  return LZ4_decompress_safe(input, output, (int)count, (int)room);
}

int varve_bare_lz4(varve_bare_codec *self, enum varve_bare_direction direction) {
  if (direction == varve_bare_decompress) {
    self->run = decompress_all;
    return 1;
  }
  self->context = malloc((size_t)LZ4_sizeofState());
  self->run = compress_all;
  self->free_context = free;
  return self->context != NULL;
}
#endif
