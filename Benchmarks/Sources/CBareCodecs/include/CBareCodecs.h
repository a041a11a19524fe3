#pragma once

#include <stddef.h>

// The codecs' libraries called directly, with a context that is used again and room for all that
// comes out: the least that anyone does who uses them.
typedef struct varve_bare_codec varve_bare_codec;

enum varve_bare_direction { varve_bare_compress, varve_bare_decompress };

// `codec` is Kafka's number. Null where it is not built in, or there is no memory.
varve_bare_codec *varve_bare_codec_make(int codec, enum varve_bare_direction direction);

// Bytes that came out, or -1.
ptrdiff_t varve_bare_codec_run(
    varve_bare_codec *self, const void *input, size_t count, void *output, size_t room);

void varve_bare_codec_free(varve_bare_codec *self);
