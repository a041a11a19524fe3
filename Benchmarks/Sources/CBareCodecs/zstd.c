#if VARVE_ZSTD
#include "codec.h"

#include <zstd.h>

static ptrdiff_t size_or_error(size_t size) { return ZSTD_isError(size) ? -1 : (ptrdiff_t)size; }

static ptrdiff_t compress_all(
    void *context, const void *input, size_t count, void *output, size_t room) {
  return size_or_error(ZSTD_compress2(context, output, room, input, count));
}

static ptrdiff_t decompress_all(
    void *context, const void *input, size_t count, void *output, size_t room) {
  return size_or_error(ZSTD_decompressDCtx(context, output, room, input, count));
}

static void end_compressing(void *context) { ZSTD_freeCCtx(context); }
static void end_decompressing(void *context) { ZSTD_freeDCtx(context); }

int varve_bare_zstd(varve_bare_codec *self, enum varve_bare_direction direction) {
  if (direction == varve_bare_compress) {
    self->context = ZSTD_createCCtx();
    self->run = compress_all;
    self->free_context = end_compressing;
  } else {
    self->context = ZSTD_createDCtx();
    self->run = decompress_all;
    self->free_context = end_decompressing;
  }
  return self->context != NULL;
}
#endif
