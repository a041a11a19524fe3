#include "crc32c_powers.h"
#include "crc32c_x86.h"

#if VARVE_CRC32C_X86

#define PCLMUL __attribute__((target("sse4.2,pclmul")))

// The product a * b * x, still to be reduced.
PCLMUL static inline uint64_t product(uint32_t a, uint32_t b) {
  __m128i wide = _mm_clmulepi64_si128(_mm_cvtsi32_si128((int)a), _mm_cvtsi32_si128((int)b), 0);
  return (uint64_t)_mm_cvtsi128_si64(wide);
}

// The register after three streams of `length` bytes each, whose instructions run side by side:
// one may start every cycle, but takes three. At the end the first register is moved on by two
// lengths and the second by one, which `by_two` and `by_one` do.
PCLMUL static inline uint32_t after_streams(
    uint32_t state, const uint8_t *bytes, size_t length, uint32_t by_two, uint32_t by_one) {
  uint64_t first = state, second = 0, third = 0;
  for (size_t i = 0; i < length; i += 8) {
    first = _mm_crc32_u64(first, varve_load_word(bytes + i));
    second = _mm_crc32_u64(second, varve_load_word(bytes + length + i));
    third = _mm_crc32_u64(third, varve_load_word(bytes + 2 * length + i));
  }
  uint64_t moved = product((uint32_t)first, by_two) ^ product((uint32_t)second, by_one);
  return varve_after_word(moved) ^ (uint32_t)third;
}

// Joining streams costs as much as some ten words, so the longest go first. The shortest are a
// little more than that.
PCLMUL uint32_t varve_crc32c_pclmul(uint32_t crc, const void *bytes, size_t count) {
  if (count < 3 * 32) return ~varve_after_bytes(~crc, bytes, count);
  const uint8_t *at = bytes;
  size_t head = varve_head_count(count);
  uint32_t state = varve_after_head(~crc, at, head, count);
  at += head, count -= head;
  for (; count >= 3 * 1024; at += 3 * 1024, count -= 3 * 1024) {
    state = after_streams(state, at, 1024, x_16351, x_8159);
  }
  for (; count >= 3 * 256; at += 3 * 256, count -= 3 * 256) {
    state = after_streams(state, at, 256, x_4063, x_2015);
  }
  for (; count >= 3 * 64; at += 3 * 64, count -= 3 * 64) {
    state = after_streams(state, at, 64, x_991, x_479);
  }
  if (count >= 3 * 32) {
    state = after_streams(state, at, 32, x_479, x_223);
    at += 3 * 32, count -= 3 * 32;
  }
  return ~varve_after_words(state, at, count);
}

PCLMUL uint32_t varve_crc32c_shift_pclmul(uint32_t crc, uint64_t count) {
  uint32_t rest = varve_crc32c_wrapped(count);
  for (int i = 0; rest != 0; i++, rest >>= 4) {
    if ((rest & 15) == 0) continue;
    crc = varve_after_word(product(crc, varve_crc32c_digit_powers[i][rest & 15]));
  }
  return crc;
}

#endif
