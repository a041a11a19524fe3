#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Slicing by eight. A checksum is linear, so that of eight bytes is the sum of what each of them
// does alone. tables[k] holds what a byte does that k more of the eight follow, and it is in turn
// the sum of what its bits do: bit 7 - j stands for x^(8k + j), behind which the register's 32
// bits go. Hence x^(32 + 8k + j), with j from 0 to 7, is all that row k needs to be told.
#define BIT(byte, bit, power) (((byte) >> (bit) & 1u) * (power##u))
#define ONE(byte, a, b, c, d, e, f, g, h)                                                 \
  (BIT(byte, 7, a) ^ BIT(byte, 6, b) ^ BIT(byte, 5, c) ^ BIT(byte, 4, d) ^                \
   BIT(byte, 3, e) ^ BIT(byte, 2, f) ^ BIT(byte, 1, g) ^ BIT(byte, 0, h))
#define FOUR(byte, ...)                                                                   \
  ONE(byte, __VA_ARGS__), ONE(byte + 1u, __VA_ARGS__), ONE(byte + 2u, __VA_ARGS__),       \
      ONE(byte + 3u, __VA_ARGS__)
#define SIXTEEN(byte, ...)                                                                \
  FOUR(byte, __VA_ARGS__), FOUR(byte + 4u, __VA_ARGS__), FOUR(byte + 8u, __VA_ARGS__),    \
      FOUR(byte + 12u, __VA_ARGS__)
#define QUARTER(byte, ...)                                                                \
  SIXTEEN(byte, __VA_ARGS__), SIXTEEN(byte + 16u, __VA_ARGS__),                           \
      SIXTEEN(byte + 32u, __VA_ARGS__), SIXTEEN(byte + 48u, __VA_ARGS__)
#define ALL(...)                                                                          \
  QUARTER(0u, __VA_ARGS__), QUARTER(64u, __VA_ARGS__), QUARTER(128u, __VA_ARGS__),        \
      QUARTER(192u, __VA_ARGS__)

typedef uint32_t varve_crc_tables[8][256];

// `word` times x^32: what a register of zeros becomes after these eight bytes.
static inline uint32_t varve_crc_after_word(const varve_crc_tables tables, uint64_t word) {
  uint32_t state = 0;
  for (int k = 0; k < 8; k++) state ^= tables[7 - k][(uint8_t)(word >> 8 * k)];
  return state;
}

static inline uint64_t varve_crc_load_word(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

// The checksum of what `crc` covers, followed by these bytes.
static inline uint32_t varve_crc_sliced(
    const varve_crc_tables tables, uint32_t crc, const void *bytes, size_t count) {
  const uint8_t *at = bytes;
  uint32_t state = ~crc;
  for (; count >= 8; at += 8, count -= 8) {
    state = varve_crc_after_word(tables, varve_crc_load_word(at) ^ state);
  }
  for (; count > 0; at++, count--) state = state >> 8 ^ tables[0][(uint8_t)(state ^ *at)];
  return ~state;
}
