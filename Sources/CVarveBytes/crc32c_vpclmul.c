#include "crc32c_powers.h"
#include "crc32c_x86.h"

#if VARVE_CRC32C_X86

#define VPCLMUL \
  __attribute__((target("sse4.2,pclmul,vpclmulqdq,avx512f,avx512bw,avx512vl,avx512vbmi")))

// A block is one register: 64 bytes, as four lanes of 128 bits.
enum { block = 64 };

// From this many bytes on, folding is faster than the crc32 instruction.
enum { least = 96 };

VPCLMUL static inline __m512i load(const uint8_t *bytes) { return _mm512_loadu_si512(bytes); }

// The pair of constants that folds over a distance, for all four lanes.
VPCLMUL static inline __m512i pair(uint32_t earlier, uint32_t later) {
  return _mm512_broadcast_i32x4(_mm_set_epi64x(later, earlier));
}

// `lanes`, moved ahead by the distance of `powers`, and `next`, which is what stands there.
VPCLMUL static inline __m512i fold(__m512i lanes, __m512i powers, __m512i next) {
  __m512i earlier = _mm512_clmulepi64_epi128(lanes, powers, 0x00);
  __m512i later = _mm512_clmulepi64_epi128(lanes, powers, 0x11);
  return _mm512_ternarylogic_epi64(earlier, later, next, 0x96);  // the sum of all three
}

// The register after one block: its first three lanes are folded over three, two and one lane,
// onto the last. The crc32 instruction then reduces the sum.
VPCLMUL static inline uint32_t reduced(__m512i lanes) {
  __m512i powers = _mm512_set_epi64(0, 0, x_95, x_159, x_223, x_287, x_351, x_415);
  __m512i last = _mm512_maskz_mov_epi64(0xc0, lanes);
  __m512i four = fold(lanes, powers, last);
  __m256i two =
      _mm256_xor_si256(_mm512_castsi512_si256(four), _mm512_extracti64x4_epi64(four, 1));
  __m128i one = _mm_xor_si128(_mm256_castsi256_si128(two), _mm256_extracti128_si256(two, 1));
  uint64_t state = _mm_crc32_u64(0, (uint64_t)_mm_cvtsi128_si64(one));
  return (uint32_t)_mm_crc32_u64(state, (uint64_t)_mm_extract_epi64(one, 1));
}

// The first `head` bytes, 4...64 of them, at a block's end and after zeros: these do nothing to
// a register of zeros. What the register held goes into the first four bytes. The block is
// loaded whole and turned, so that nothing before the buffer is touched.
VPCLMUL static inline __m512i head_block(uint32_t state, const uint8_t *bytes, size_t head) {
  const __m512i ascending = _mm512_set_epi64(
      0x3f3e3d3c3b3a3938, 0x3736353433323130, 0x2f2e2d2c2b2a2928, 0x2726252423222120,
      0x1f1e1d1c1b1a1918, 0x1716151413121110, 0x0f0e0d0c0b0a0908, 0x0706050403020100);
  __m512i held = _mm512_zextsi128_si512(_mm_cvtsi32_si128((int)state));
  __m512i turned = _mm512_add_epi8(ascending, _mm512_set1_epi8((char)head));
  __mmask64 kept = ~(uint64_t)0 << (block - head);
  return _mm512_maskz_permutexvar_epi8(kept, turned, _mm512_xor_si512(load(bytes), held));
}

// Eight blocks side by side: two multiplications start every other cycle, but a block waits six
// for its own. `lanes` is the block before `bytes`, and the result the one before `*end`.
VPCLMUL static inline __m512i fold_eight(
    __m512i lanes, const uint8_t *bytes, size_t count, const uint8_t **end) {
  __m512i sums[8] = {lanes};
  for (int i = 1; i < 8; i++) sums[i] = load(bytes + (i - 1) * block);
  bytes += 7 * block, count -= 7 * block;
  const __m512i over_eight = pair(x_4127, x_4063);
  for (; count >= 8 * block; bytes += 8 * block, count -= 8 * block) {
    for (int i = 0; i < 8; i++) sums[i] = fold(sums[i], over_eight, load(bytes + i * block));
  }
  *end = bytes;
  const __m512i over_four = pair(x_2079, x_2015), over_two = pair(x_1055, x_991);
  for (int i = 0; i < 4; i++) sums[i] = fold(sums[i], over_four, sums[i + 4]);
  for (int i = 0; i < 2; i++) sums[i] = fold(sums[i], over_two, sums[i + 2]);
  return fold(sums[0], pair(x_543, x_479), sums[1]);
}

VPCLMUL uint32_t varve_crc32c_vpclmul(uint32_t crc, const void *bytes, size_t count) {
  if (count < least) return ~varve_after_bytes(~crc, bytes, count);
  const uint8_t *at = bytes, *end = at + count;
  uint32_t state = ~crc;
  size_t head = ((count - 1) & (block - 1)) + 1;
  if (head < 4) {
    state = varve_after_head(state, at, head, count);
    at += head, head = block;
  }
  __m512i lanes = head_block(state, at, head);
  at += head;
  if (end - at >= 7 * block) lanes = fold_eight(lanes, at, (size_t)(end - at), &at);
  const __m512i over_one = pair(x_543, x_479);
  for (; at != end; at += block) lanes = fold(lanes, over_one, load(at));
  return ~reduced(lanes);
}

#endif
