#pragma once

#include "crc32c_variants.h"

#if VARVE_CRC32C_X86

#include <immintrin.h>
#include <string.h>

#include "crc32c_powers.h"

#define VARVE_SSE42 __attribute__((target("sse4.2"))) static inline
#define VARVE_PCLMUL __attribute__((target("sse4.2,pclmul"))) static inline

static inline uint64_t varve_load_word(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
  return word;
}

// 1...7 bytes in a word's low end. The loads overlap rather than branch on every length.
static inline uint64_t varve_load_short(const uint8_t *bytes, size_t count) {
  if (count < 4) {
    uint32_t middle = (uint32_t)bytes[count / 2] << (8 * (count / 2));
    uint32_t last = (uint32_t)bytes[count - 1] << (8 * (count - 1));
    return bytes[0] | middle | last;
  }
  uint32_t first, last;
  memcpy(&first, bytes, 4);
  memcpy(&last, bytes + count - 4, 4);
  return first | (uint64_t)last << (8 * (count - 4));
}

// `word` times x^32: what a register of zeros becomes after these eight bytes.
VARVE_SSE42 uint32_t varve_after_word(uint64_t word) { return (uint32_t)_mm_crc32_u64(0, word); }

// The bytes that come before the last whole words, 1...8 of them unless there are none.
static inline size_t varve_head_count(size_t count) { return ((count - 1) & 7) + 1; }

// The register after the first `head` bytes, of `count` that are there, by one instruction.
//
// A register of zeros stays so while zeros come in. The odd bytes can therefore be had at the
// front instead of the end, as one word that zeros fill up, provided that the register's
// contents go into the bytes themselves, where they belong. If there are fewer than four of
// these, what is left of the contents has merely moved down.
VARVE_SSE42 uint32_t varve_after_head(
    uint32_t state, const uint8_t *bytes, size_t head, size_t count) {
  uint64_t word = count < 8 ? varve_load_short(bytes, count) : varve_load_word(bytes);
  word = (word ^ state) << (64 - 8 * head);
  // In two halves, since all 64 bits at once are undefined.
  uint32_t left = (uint32_t)((uint64_t)state >> (4 * head) >> (4 * head));
  return varve_after_word(word) ^ left;
}

// The register after `count` bytes, a multiple of eight.
VARVE_SSE42 uint32_t varve_after_words(uint32_t state, const uint8_t *bytes, size_t count) {
  uint64_t register64 = state;
  for (size_t i = 0; i < count; i += 8) {
    register64 = _mm_crc32_u64(register64, varve_load_word(bytes + i));
  }
  return (uint32_t)register64;
}

// The register after any number of bytes, by no more instructions than they have words.
VARVE_SSE42 uint32_t varve_after_bytes(uint32_t state, const uint8_t *bytes, size_t count) {
  if (count == 0) return state;
  size_t head = varve_head_count(count);
  state = varve_after_head(state, bytes, head, count);
  return varve_after_words(state, bytes + head, count - head);
}

// The product a * b * x, still to be reduced.
VARVE_PCLMUL uint64_t varve_product(uint32_t a, uint32_t b) {
  __m128i wide = _mm_clmulepi64_si128(_mm_cvtsi32_si128((int)a), _mm_cvtsi32_si128((int)b), 0);
  return (uint64_t)_mm_cvtsi128_si64(wide);
}

// The register after three streams of `words` words each, from theirs: the first one's is moved
// ahead over the other two, the second one's over the third.
VARVE_PCLMUL uint32_t varve_joined(uint32_t first, uint32_t second, uint32_t third, long words) {
  uint64_t moved = varve_product(first, *varve_crc32c_over_words(2 * words)) ^
                   varve_product(second, *varve_crc32c_over_words(words));
  return varve_after_word(moved) ^ third;
}

// The register after `count` bytes of zeros: a multiplication for each hexadecimal digit.
VARVE_PCLMUL uint32_t varve_shift_pclmul(uint32_t state, uint64_t count) {
  uint32_t rest = varve_crc32c_wrapped(count);
  for (int i = 0; rest != 0; i++, rest >>= 4) {
    if ((rest & 15) == 0) continue;
    state = varve_after_word(varve_product(state, varve_crc32c_digit_powers[i][rest & 15]));
  }
  return state;
}

#endif
