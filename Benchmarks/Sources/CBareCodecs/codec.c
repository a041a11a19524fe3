#include "codec.h"

#include <stdlib.h>

static int begin(varve_bare_codec *self, int codec, enum varve_bare_direction direction) {
  switch (codec) {
#if VARVE_GZIP
    case 1: return varve_bare_gzip(self, direction);
#endif
#if VARVE_SNAPPY
    case 2: return varve_bare_snappy(self, direction);
#endif
#if VARVE_LZ4
    case 3: return varve_bare_lz4(self, direction);
#endif
#if VARVE_ZSTD
    case 4: return varve_bare_zstd(self, direction);
#endif
    default: return 0;
  }
}

varve_bare_codec *varve_bare_codec_make(int codec, enum varve_bare_direction direction) {
  varve_bare_codec *self = calloc(1, sizeof *self);
  if (!self) return NULL;
  if (begin(self, codec, direction)) return self;
  free(self);
  return NULL;
}

ptrdiff_t varve_bare_codec_run(
    varve_bare_codec *self, const void *input, size_t count, void *output, size_t room) {
  return self->run(self->context, input, count, output, room);
}

void varve_bare_codec_free(varve_bare_codec *self) {
  if (self->free_context) self->free_context(self->context);
  free(self);
}
