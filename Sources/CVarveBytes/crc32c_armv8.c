#include "crc32c_variants.h"

#if VARVE_CRC32C_ARM

#include <arm_acle.h>
#include <string.h>

#define CRC __attribute__((target("crc")))

CRC static inline uint32_t after_word(uint32_t state, const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
  return __crc32cd(state, word);
}

// The register after three streams of `length` bytes each, whose instructions run side by side:
// one may start every cycle, but takes two or three. The tables then move the first and second
// on, to where the third ends. That is slow, so streams are long.
CRC static uint32_t after_streams(uint32_t state, const uint8_t *bytes, size_t length) {
  uint32_t first = state, second = 0, third = 0;
  for (size_t i = 0; i < length; i += 8) {
    first = after_word(first, bytes + i);
    second = after_word(second, bytes + length + i);
    third = after_word(third, bytes + 2 * length + i);
  }
  second ^= varve_crc32c_shift_table(first, length);
  return varve_crc32c_shift_table(second, length) ^ third;
}

// The stream lengths have a single hexadecimal digit that is not 0, and so shift in one step.
CRC uint32_t varve_crc32c_armv8(uint32_t crc, const void *bytes, size_t count) {
  const uint8_t *at = bytes;
  uint32_t state = ~crc;
  for (; count >= 3 * 4096; at += 3 * 4096, count -= 3 * 4096) {
    state = after_streams(state, at, 4096);
  }
  for (; count >= 3 * 512; at += 3 * 512, count -= 3 * 512) state = after_streams(state, at, 512);
  for (; count >= 8; at += 8, count -= 8) state = after_word(state, at);
  for (; count > 0; at++, count--) state = __crc32cb(state, *at);
  return ~state;
}

#endif
