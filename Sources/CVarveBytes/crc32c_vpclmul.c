#include "crc32c_powers.h"
#include "crc32c_x86.h"

#if VARVE_CRC32C_X86

#define VPCLMUL __attribute__((target("sse4.2,pclmul,vpclmulqdq,avx512f")))

// From this many bytes on, multiplying is faster than the crc32 instruction alone.
enum { least = 96 };

// A block is one register: eight words, in four lanes of 128 bits.
//
// A row is eight blocks, folded side by side. A multiplication of a register may start every
// other cycle, and a block takes two of them, but waits eight cycles for its own: two blocks
// would do. Eight also hide the loads, and leave registers for the rest.
enum { block = 64, row = 8 * block };

// Under two rows, every word is multiplied by a power of its own. That needs no fold after fold,
// but there are only so many constants.
enum { many = 2 * row };

// A chunk is three streams for the crc32 instruction, and after them the rows to fold meanwhile:
// the two keep different units busy. A row takes 32 cycles, in which each stream advances by
// eight words.
enum { rows = 8, stream = rows * 8 * 8, chunk = 3 * stream + rows * row };

// The bytes of a chunk for each row of it, and how far ahead of use they are fetched. The
// hardware doesn't see one walk through memory in four that take turns, so it is told of one.
enum { share = chunk / rows, ahead = 2 * chunk };

VPCLMUL static inline __m512i load(const uint8_t *bytes) { return _mm512_loadu_si512(bytes); }

// What a register holds goes into the first four bytes of what comes next.
VPCLMUL static inline __m512i put_in_front(uint32_t state, __m512i words) {
  return _mm512_xor_si512(words, _mm512_zextsi128_si512(_mm_cvtsi32_si128((int)state)));
}

// The constants that move either word of a lane ahead by a distance of `words`: the earlier one
// is a word further away from there.
VPCLMUL static inline __m512i over(long words) {
  const uint32_t *powers = varve_crc32c_over_words(words + 1);
  return _mm512_broadcast_i32x4(_mm_set_epi64x(powers[1], powers[0]));
}

// `sum`, and in each lane the products of both words with their powers.
VPCLMUL static inline __m512i fold(__m512i words, __m512i powers, __m512i sum) {
  __m512i earlier = _mm512_clmulepi64_epi128(words, powers, 0x00);
  __m512i later = _mm512_clmulepi64_epi128(words, powers, 0x11);
  return _mm512_ternarylogic_epi64(earlier, later, sum, 0x96);  // all three added up
}

// `sum`, and a block that `after` words follow: every word of it moved ahead over those in the
// block and these, so that all lanes come to lie in one place.
VPCLMUL static inline __m512i fold_to_end(__m512i words, long after, __m512i sum) {
  const __m256i *powers = (const __m256i *)varve_crc32c_over_words(after + 7);
  return fold(words, _mm512_cvtepu32_epi64(_mm256_loadu_si256(powers)), sum);
}

// The register after the 128 bits that the four lanes add up to.
VPCLMUL static inline uint32_t reduced(__m512i four) {
  __m256i two =
      _mm256_xor_si256(_mm512_castsi512_si256(four), _mm512_extracti64x4_epi64(four, 1));
  __m128i one = _mm_xor_si128(_mm256_castsi256_si128(two), _mm256_extracti128_si256(two, 1));
  uint64_t state = _mm_crc32_u64(0, (uint64_t)_mm_cvtsi128_si64(one));
  return (uint32_t)_mm_crc32_u64(state, (uint64_t)_mm_extract_epi64(one, 1));
}

// The whole of a chunk. The row before it is in `sums`, and moves ahead over the streams as well
// in the first fold. The streams' register moves ahead over the rows, to the chunk's end.
VPCLMUL static inline uint32_t fold_chunk(__m512i sums[8], uint32_t state, const uint8_t *bytes) {
  const uint8_t *words = bytes, *blocks = bytes + 3 * stream;
  uint64_t first = state, second = 0, third = 0;
  __m512i powers = over((3 * stream + row) / 8);
  for (int i = 0; i < rows; i++) {
    // An integer, since it may lie behind the buffer's end. To fetch from there does no harm.
    uintptr_t next = (uintptr_t)bytes + ahead + (uintptr_t)(i * share);
    for (int j = 0; j < share; j += 64, next += 64) {
      _mm_prefetch((const char *)next, _MM_HINT_T0);
    }
    for (int j = 0; j < 8; j++, words += 8, blocks += block) {
      sums[j] = fold(sums[j], powers, load(blocks));
      first = _mm_crc32_u64(first, varve_load_word(words));
      second = _mm_crc32_u64(second, varve_load_word(words + stream));
      third = _mm_crc32_u64(third, varve_load_word(words + 2 * stream));
    }
    powers = over(row / 8);
  }
  state = varve_joined((uint32_t)first, (uint32_t)second, (uint32_t)third, stream / 8);
  return varve_shift_pclmul(state, rows * row);
}

// The register after `count` bytes, a multiple of eight. `sum` is what has been moved ahead to
// their end already. The odd words come first, as a block that zeros fill up.
VPCLMUL static inline uint32_t after_blocks(
    __m512i sum, uint32_t state, const uint8_t *bytes, size_t count) {
  if (count == 0) return reduced(sum) ^ state;
  size_t words = count / 8, odd = ((words - 1) & 7) + 1;
  __m512i first = _mm512_maskz_loadu_epi64((__mmask8)(0xff >> (8 - odd)), bytes);
  sum = fold_to_end(put_in_front(state, first), (long)words - 8, sum);
  for (bytes += 8 * odd, words -= odd; words != 0; bytes += block, words -= 8) {
    sum = fold_to_end(load(bytes), (long)words - 8, sum);
  }
  return reduced(sum);
}

// The same for a count of a row and more. It isn't inlined, for else the short buffers, too,
// would save the registers that it wants.
VPCLMUL __attribute__((noinline)) static uint32_t after_rows(
    uint32_t state, const uint8_t *bytes, size_t count) {
  __m512i sums[8];
  for (int i = 0; i < 8; i++) sums[i] = load(bytes + i * block);
  sums[0] = put_in_front(state, sums[0]);
  state = 0;
  bytes += row, count -= row;
  for (; count >= chunk; bytes += chunk, count -= chunk) state = fold_chunk(sums, state, bytes);
  const __m512i powers = over(row / 8);
  for (; count >= row; bytes += row, count -= row, state = 0) {
    sums[0] = fold(sums[0], powers, put_in_front(state, load(bytes)));
    for (int i = 1; i < 8; i++) sums[i] = fold(sums[i], powers, load(bytes + i * block));
  }
  __m512i sum = _mm512_setzero_si512();
  for (int i = 0; i < 8; i++) sum = fold_to_end(sums[i], (long)(count / 8) + (7 - i) * 8, sum);
  return after_blocks(sum, state, bytes, count);
}

VPCLMUL uint32_t varve_crc32c_vpclmul(uint32_t crc, const void *bytes, size_t count) {
  if (count < least) return ~varve_after_bytes(~crc, bytes, count);
  const uint8_t *at = bytes;
  size_t head = varve_head_count(count);
  uint32_t state = varve_after_head(~crc, at, head, count);
  at += head, count -= head;
  if (count >= many) return ~after_rows(state, at, count);
  return ~after_blocks(_mm512_setzero_si512(), state, at, count);
}

#endif
