#include "crc32c_powers.h"
#include "crc32c_x86.h"

#if VARVE_CRC32C_X86

// From this many bytes on, streams are faster than one. Joining them costs as much as five words.
enum { least = 160 };

// The most words of a stream: joining needs the power for twice as many.
enum { most = varve_crc32c_most_words / 2 };

// The register after three streams of `words` words each, whose instructions run side by side:
// one may start every cycle, but takes three.
VARVE_PCLMUL uint32_t after_streams(uint32_t state, const uint8_t *bytes, size_t words) {
  const uint8_t *end = bytes + 8 * words;
  uint64_t first = state, second = 0, third = 0;
  for (const uint8_t *at = bytes; at != end; at += 8) {
    first = _mm_crc32_u64(first, varve_load_word(at));
    second = _mm_crc32_u64(second, varve_load_word(at + 8 * words));
    third = _mm_crc32_u64(third, varve_load_word(at + 16 * words));
  }
  return varve_joined((uint32_t)first, (uint32_t)second, (uint32_t)third, (long)words);
}

__attribute__((target("sse4.2,pclmul")))
uint32_t varve_crc32c_pclmul(uint32_t crc, const void *bytes, size_t count) {
  if (count < least) return ~varve_after_bytes(~crc, bytes, count);
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

__attribute__((target("sse4.2,pclmul")))
uint32_t varve_crc32c_shift_pclmul(uint32_t crc, uint64_t count) {
  return varve_shift_pclmul(crc, count);
}

#endif
