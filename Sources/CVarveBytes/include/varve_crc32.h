#pragma once

// CRC-32: zlib's polynomial, reflected, begun and ended with all ones inverted. What messages of
// before format version 2 have; it need not be fast.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The checksum of what `crc` covers, followed by these bytes.
uint32_t varve_crc32(uint32_t crc, const void *bytes, size_t count);

#ifdef __cplusplus
}
#endif
