#if VARVE_GZIP
#include "codec.h"

#include <stdlib.h>
#include <zlib.h>

enum { gzip_window = 15 + 16, memory_level = 8 };

static void set(z_stream *stream, const void *input, size_t count, void *output, size_t room) {
  stream->next_in = (Bytef *)input;
  stream->avail_in = (uInt)count;
  stream->next_out = output;
  stream->avail_out = (uInt)room;
}

static ptrdiff_t compress_all(
    void *context, const void *input, size_t count, void *output, size_t room) {
  z_stream *stream = context;
  deflateReset(stream);
  set(stream, input, count, output, room);
  return deflate(stream, Z_FINISH) == Z_STREAM_END ? (ptrdiff_t)(room - stream->avail_out) : -1;
}

static ptrdiff_t decompress_all(
    void *context, const void *input, size_t count, void *output, size_t room) {
  z_stream *stream = context;
  inflateReset(stream);
  set(stream, input, count, output, room);
  return inflate(stream, Z_FINISH) == Z_STREAM_END ? (ptrdiff_t)(room - stream->avail_out) : -1;
}

static void end_compressing(void *context) {
  deflateEnd(context);
  free(context);
}

static void end_decompressing(void *context) {
  inflateEnd(context);
  free(context);
}

int varve_bare_gzip(varve_bare_codec *self, enum varve_bare_direction direction) {
  z_stream *stream = self->context = calloc(1, sizeof *stream);
  if (!stream) return 0;
  if (direction == varve_bare_compress) {
    self->run = compress_all;
    self->free_context = end_compressing;
    return deflateInit2(
               stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_window, memory_level,
               Z_DEFAULT_STRATEGY) == Z_OK;
  }
  self->run = decompress_all;
  self->free_context = end_decompressing;
  return inflateInit2(stream, gzip_window) == Z_OK;
}
#endif
