#pragma once

#include <stdint.h>

// Powers of x modulo the polynomial, the constants of every variant.
//
// All values are reflected: the top bit of a 32-bit one is the coefficient of x^0, and the
// lowest bit that of x^31. In the same way a 64-bit word has x^63 at its lowest bit. The words
// of a message come in falling powers, so loading them little-endian gives just this form.
//
// A carry-less multiplication of 64 by 64 bits gives 127, one fewer than its register holds, and
// so lies one power off: it yields a * b * x. If b is a 32-bit constant in a 64-bit word, it
// stands for b * x^32 there. So "times x^n" is a multiplication by x^(n - 33), here and below.

// The most are what crc32c_vpclmul.c moves a row ahead by. Those below 0 are read, but only to
// be multiplied by zeros.
enum { varve_crc32c_most_words = 257, varve_crc32c_least_words = -7 };

// Falling powers of x^64, of which varve_crc32c_over_words finds one.
extern const uint32_t varve_crc32c_word_powers[
    varve_crc32c_most_words - varve_crc32c_least_words + 1];

// x^(64 * words - 33): what moves a checksum or a word of a message ahead by so many words.
// Behind it are the powers for one word less, and so on, as the words of a message want them.
static inline const uint32_t *varve_crc32c_over_words(long words) {
  return varve_crc32c_word_powers + (varve_crc32c_most_words - words);
}

// x^(8 * d * 16^i - 33) at [i][d]: what moves a checksum ahead by as many bytes as digit i of a
// hexadecimal count stands for. Eight digits do for any count, see varve_crc32c_wrapped.
extern const uint32_t varve_crc32c_digit_powers[8][16];

// A count of bytes that moves just as far, in less than 32 bits.
//
// The polynomial is (x + 1) times a primitive one of degree 31, so x^(2^31 - 1) is 1. As that
// exponent is a prime, x^8 returns to 1 after as many steps, too. Thus only the count modulo
// 2^31 - 1 matters, and 2^31 being 1 there, a count may be cut into 31-bit pieces and these
// added up.
static inline uint32_t varve_crc32c_wrapped(uint64_t count) {
  const uint64_t order = 0x7fffffff;
  count = (count & order) + (count >> 31 & order) + (count >> 62);
  return (uint32_t)((count & order) + (count >> 31));
}
