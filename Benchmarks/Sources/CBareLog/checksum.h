#pragma once

#include <stddef.h>
#include <stdint.h>

// The library's own checksum, so that what is compared differs in everything but that. It isn't a
// product to depend on, but whatever links Varve has it.
uint32_t varve_crc32c(uint32_t crc, const void *bytes, size_t count);

// A batch's checksum covers what follows it in the header.
enum { BARE_CHECKED_FROM = 21 };

static inline void bare_check(const unsigned char *batch, size_t count) {
  uint32_t crc = varve_crc32c(0, batch + BARE_CHECKED_FROM, count - BARE_CHECKED_FROM);
  __asm__ volatile("" : : "r"(crc));
}
