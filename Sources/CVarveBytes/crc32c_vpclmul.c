#include "crc32c_powers.h"
#include "crc32c_x86.h"

#if VARVE_CRC32C_X86

#define VPCLMUL __attribute__((target("sse4.2,pclmul,vpclmulqdq,avx512f,avx512vl")))

// A block is one register: eight words, in four lanes of 128 bits.
enum { block = 64 };

// From this many bytes on, multiplying is faster than the crc32 instruction alone.
enum { least = 80 };

// From this many bytes on, the words are too many to have a constant each.
enum { many = 16 * block };

VPCLMUL static inline __m512i load(const uint8_t *bytes) { return _mm512_loadu_si512(bytes); }

VPCLMUL static inline __m512i sum_of(__m512i a, __m512i b, __m512i c) {
  return _mm512_ternarylogic_epi64(a, b, c, 0x96);
}

// `sum` and the products of the words of each lane with those of `powers`.
VPCLMUL static inline __m512i fold(__m512i words, __m512i powers, __m512i sum) {
  __m512i earlier = _mm512_clmulepi64_epi128(words, powers, 0x00);
  __m512i later = _mm512_clmulepi64_epi128(words, powers, 0x11);
  return sum_of(earlier, later, sum);
}

// `sum` and a block that `after` words follow, moved ahead over these: every word of it by a
// power of its own, to one and the same place.
VPCLMUL static inline __m512i fold_to_end(__m512i words, long after, __m512i sum) {
  const uint32_t *powers = varve_crc32c_over_words(after + 7);
  return fold(words, _mm512_cvtepu32_epi64(_mm256_loadu_si256((const __m256i *)powers)), sum);
}

VPCLMUL static inline uint32_t reduced(__m512i four) {
  __m256i two =
      _mm256_xor_si256(_mm512_castsi512_si256(four), _mm512_extracti64x4_epi64(four, 1));
  __m128i one = _mm_xor_si128(_mm256_castsi256_si128(two), _mm256_extracti128_si256(two, 1));
  uint64_t state = _mm_crc32_u64(0, (uint64_t)_mm_cvtsi128_si64(one));
  return (uint32_t)_mm_crc32_u64(state, (uint64_t)_mm_extract_epi64(one, 1));
}

// Eight blocks side by side
VPCLMUL static inline __m512i fold_many(
    uint32_t state, const uint8_t *bytes, size_t count, const uint8_t **rest) {
  __m512i sums[8];
  for (int i = 0; i < 8; i++) sums[i] = load(bytes + i * block);
  sums[0] = _mm512_xor_si512(sums[0], _mm512_zextsi128_si512(_mm_cvtsi32_si128((int)state)));
  const uint32_t *over_eight = varve_crc32c_over_words(65);
  const __m512i powers =
      _mm512_broadcast_i32x4(_mm_set_epi64x(over_eight[1], over_eight[0]));
  const uint8_t *end = bytes + count;
  for (bytes += 8 * block; end - bytes >= 8 * block; bytes += 8 * block) {
    for (int i = 0; i < 8; i++) sums[i] = fold(sums[i], powers, load(bytes + i * block));
  }
  *rest = bytes;
  long after = (end - bytes) / 8;
  __m512i sum = _mm512_setzero_si512();
  for (int i = 0; i < 8; i++) sum = fold_to_end(sums[i], after + 8 * (7 - i), sum);
  return sum;
}

VPCLMUL uint32_t varve_crc32c_vpclmul(uint32_t crc, const void *bytes, size_t count) {
  if (count < least) return ~varve_after_bytes(~crc, bytes, count);
  const uint8_t *at = bytes, *end = at + count;
  size_t head = varve_head_count(count);
  uint32_t state = varve_after_head(~crc, at, head, count);
  at += head;
  __m512i sum = _mm512_setzero_si512();
  if (count >= many) {
    sum = fold_many(state, at, (size_t)(end - at), &at);
    state = 0;
    if (at == end) return ~reduced(sum);
  }
  long words = (end - at) / 8;
  long odd = ((words - 1) & 7) + 1;
  __m512i first = _mm512_maskz_loadu_epi64((__mmask8)(0xff >> (8 - odd)), at);
  first = _mm512_xor_si512(first, _mm512_zextsi128_si512(_mm_cvtsi32_si128((int)state)));
  sum = fold_to_end(first, words - 8, sum);
  for (at += 8 * odd, words -= odd; words != 0; at += block, words -= 8) {
    sum = fold_to_end(load(at), words - 8, sum);
  }
  return ~reduced(sum);
}

#endif
