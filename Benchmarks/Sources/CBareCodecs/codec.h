#pragma once

#include "CBareCodecs.h"

struct varve_bare_codec {
  void *context;
  ptrdiff_t (*run)(void *context, const void *input, size_t count, void *output, size_t room);
  void (*free_context)(void *context);
};

// Each fills in the three fields, or returns 0.
int varve_bare_gzip(varve_bare_codec *self, enum varve_bare_direction direction);
int varve_bare_snappy(varve_bare_codec *self, enum varve_bare_direction direction);
int varve_bare_lz4(varve_bare_codec *self, enum varve_bare_direction direction);
int varve_bare_zstd(varve_bare_codec *self, enum varve_bare_direction direction);
