#include "crc32c_powers.h"
#include "crc32c_x86.h"

#if VARVE_CRC32C_X86

#define PCLMUL __attribute__((target("sse4.2,pclmul")))

// From this many bytes on, joining streams is worth its while: it costs as much as five words.
enum { least = 88 };

// The product a * b * x, still to be reduced.
PCLMUL static inline uint64_t product(uint32_t a, uint32_t b) {
  __m128i wide = _mm_clmulepi64_si128(_mm_cvtsi32_si128((int)a), _mm_cvtsi32_si128((int)b), 0);
  return (uint64_t)_mm_cvtsi128_si64(wide);
}

// The register after three streams of `words` words each, whose instructions run side by side:
// one may start every cycle, but takes three. At the end the first stream's register is moved
// ahead over the other two, and the second's over the third.
PCLMUL static inline uint32_t after_streams(uint32_t state, const uint8_t *bytes, size_t words) {
  const uint8_t *at = bytes, *end = bytes + 8 * words;
  uint64_t first = state, second = 0, third = 0;
  for (; at != end; at += 8) {
    first = _mm_crc32_u64(first, varve_load_word(at));
    second = _mm_crc32_u64(second, varve_load_word(at + 8 * words));
    third = _mm_crc32_u64(third, varve_load_word(at + 16 * words));
  }
  uint64_t moved = product((uint32_t)first, *varve_crc32c_over_words(2 * (long)words)) ^
                   product((uint32_t)second, *varve_crc32c_over_words((long)words));
  return varve_after_word(moved) ^ (uint32_t)third;
}

PCLMUL uint32_t varve_crc32c_pclmul(uint32_t crc, const void *bytes, size_t count) {
  if (count < least) return ~varve_after_bytes(~crc, bytes, count);
  const size_t most = varve_crc32c_most_words / 2;
  const uint8_t *at = bytes;
  size_t head = varve_head_count(count);
  uint32_t state = varve_after_head(~crc, at, head, count);
  at += head, count -= head;
  while (count >= least - 8) {
    size_t words = count / (3 * 8);
    if (words > most) words = most;
    state = after_streams(state, at, words);
    at += 3 * 8 * words, count -= 3 * 8 * words;
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
