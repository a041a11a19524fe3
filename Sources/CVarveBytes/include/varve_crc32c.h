#pragma once

// CRC-32C: Castagnoli's polynomial, reflected, begun and ended with all ones inverted.
//
// Every function takes and returns finished checksums, and the checksum of no bytes is 0. A
// checksum handed back in therefore goes on where it stopped, so pieces chain.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The checksum of what `crc` covers, followed by these bytes.
uint32_t varve_crc32c(uint32_t crc, const void *bytes, size_t count);

// The same, for a few bytes that were stored a moment ago, as aligned words of eight. A processor
// hands a store on to a load of the same bytes, but a load that spans several stores waits until
// all of them have reached the cache. So this reads word by word, and is slow for many bytes.
uint32_t varve_crc32c_fresh(uint32_t crc, const void *bytes, size_t count);

// The checksum of two pieces in a row, from theirs and the second one's length alone.
uint32_t varve_crc32c_combine(
    uint32_t crc_of_first, uint32_t crc_of_second, uint64_t count_of_second);

// The checksum of a buffer after `count` of its bytes were replaced. `crc` is the one it had
// before, and `count_after` unchanged bytes follow the replaced ones. What comes before them
// has no say.
uint32_t varve_crc32c_patch(
    uint32_t crc, const void *old_bytes, const void *new_bytes, size_t count,
    uint64_t count_after);

// How a checksum can be computed. On one architecture, a later one here is a faster one.
typedef enum __attribute__((enum_extensibility(closed))) varve_crc32c_variant {
  varve_crc32c_variant_table,    // anywhere: eight table lookups per eight bytes
  varve_crc32c_variant_sse42,    // x86-64: the crc32 instruction
  varve_crc32c_variant_pclmul,   // x86-64: three streams of it, joined by PCLMULQDQ
  varve_crc32c_variant_vpclmul,  // x86-64: folding by VPCLMULQDQ, of 64 bytes at once
  varve_crc32c_variant_armv8     // AArch64: the crc32c instructions
} varve_crc32c_variant;

// The one the functions above use.
varve_crc32c_variant varve_crc32c_best(void);

// Whether this build has the variant and this machine can run it.
bool varve_crc32c_supported(varve_crc32c_variant variant);

// The functions above by a variant of the caller's choice. It must be supported.
uint32_t varve_crc32c_with(
    varve_crc32c_variant variant, uint32_t crc, const void *bytes, size_t count);
uint32_t varve_crc32c_combine_with(
    varve_crc32c_variant variant, uint32_t crc_of_first, uint32_t crc_of_second,
    uint64_t count_of_second);

// A power of x modulo the polynomial: one of the constants that the variants multiply by, laid
// open so that a test can derive it again. A negative exponent divides by x.
typedef struct varve_crc32c_power {
  int64_t exponent;
  uint32_t value;
} varve_crc32c_power;

// The constant at `index`, counted from 0. False past the last one.
bool varve_crc32c_power_at(size_t index, varve_crc32c_power *power);

#ifdef __cplusplus
}
#endif
