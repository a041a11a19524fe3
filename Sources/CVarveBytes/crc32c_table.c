#include <string.h>

#include "crc32c_powers.h"
#include "crc32c_variants.h"

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

static const uint32_t tables[8][256] = {
    {ALL(0x82f63b78, 0x417b1dbc, 0x20bd8ede, 0x105ec76f,
         0x8ad958cf, 0xc79a971f, 0xe13b70f7, 0xf26b8303)},
    {ALL(0xfbc3faf9, 0xff17c604, 0x7f8be302, 0x3fc5f181,
         0x9d14c3b8, 0x4e8a61dc, 0x274530ee, 0x13a29877)},
    {ALL(0x8b277743, 0xc76580d9, 0xe144fb14, 0x70a27d8a,
         0x38513ec5, 0x9edea41a, 0x4f6f520d, 0xa541927e)},
    {ALL(0x52a0c93f, 0xaba65fe7, 0xd725148b, 0xe964b13d,
         0xf64463e6, 0x7b2231f3, 0xbf672381, 0xdd45aab8)},
    {ALL(0x6ea2d55c, 0x37516aae, 0x1ba8b557, 0x8f2261d3,
         0xc5670b91, 0xe045beb0, 0x7022df58, 0x38116fac)},
    {ALL(0x1c08b7d6, 0x0e045beb, 0x85f4168d, 0xc00c303e,
         0x6006181f, 0xb2f53777, 0xdb8ca0c3, 0xef306b19)},
    {ALL(0xf56e0ef4, 0x7ab7077a, 0x3d5b83bd, 0x9c5bfaa6,
         0x4e2dfd53, 0xa5e0c5d1, 0xd0065990, 0x68032cc8)},
    {ALL(0x34019664, 0x1a00cb32, 0x0d006599, 0x847609b4,
         0x423b04da, 0x211d826d, 0x9278fa4e, 0x493c7d27)},
};

static inline uint32_t after_byte(uint32_t state, uint8_t byte) {
  return state >> 8 ^ tables[0][(uint8_t)(state ^ byte)];
}

// `word` times x^32: what a register of zeros becomes after these eight bytes.
static inline uint32_t after_word(uint64_t word) {
  uint32_t state = 0;
  for (int k = 0; k < 8; k++) state ^= tables[7 - k][(uint8_t)(word >> 8 * k)];
  return state;
}

static inline uint64_t load_word(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

uint32_t varve_crc32c_table(uint32_t crc, const void *bytes, size_t count) {
  const uint8_t *at = bytes;
  uint32_t state = ~crc;
  for (; count >= 8; at += 8, count -= 8) state = after_word(load_word(at) ^ state);
  for (; count > 0; at++, count--) state = after_byte(state, *at);
  return ~state;
}

// The carry-less product, four bits of `a` at a time by a table of the multiples of `b`.
static uint64_t product(uint32_t a, uint32_t b) {
  uint64_t multiples[16] = {0};
  for (int i = 1; i < 16; i++) {
    multiples[i] = multiples[i >> 1] << 1 ^ ((i & 1) ? b : 0);
  }
  uint64_t sum = 0;
  for (int i = 0; i < 32; i += 4) sum ^= multiples[a >> i & 15] << i;
  return sum;
}

uint32_t varve_crc32c_shift_table(uint32_t crc, uint64_t count) {
  uint32_t rest = varve_crc32c_wrapped(count);
  for (int i = 0; rest != 0; i++, rest >>= 4) {
    if ((rest & 15) == 0) continue;
    crc = after_word(product(crc, varve_crc32c_digit_powers[i][rest & 15]));
  }
  return crc;
}
