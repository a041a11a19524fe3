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

// To fold is to move 128 bits ahead by a distance of D bits, without changing what they are
// modulo the polynomial: the earlier word, which stands 64 bits before the later one, is
// multiplied by x^(D + 64), the later by x^D. The constants for D are thus x^(D + 31) and
// x^(D - 33).
//
// To join two checksums of which the second covers n bytes is to multiply the first by x^(8n):
// the constant is x^(8n - 33), and for whole 16 bytes it is also one of folding.
#define VARVE_CRC32C_POWERS(POWER) \
  POWER(95, 0x493c7d27u) POWER(159, 0xf20c0dfeu) POWER(223, 0xba4fc28eu) \
  POWER(287, 0x3da6d0cbu) POWER(351, 0xddc0152bu) POWER(415, 0x1c291d04u) \
  POWER(479, 0x9e4addf8u) POWER(543, 0x740eef02u) POWER(991, 0x0d3b6092u) \
  POWER(1055, 0x6992cea2u) POWER(2015, 0xb9e02b86u) POWER(2079, 0xdcb17aa4u) \
  POWER(4063, 0xdd7e3b0cu) POWER(4127, 0xbd6f81f8u) POWER(8159, 0x170076fau) \
  POWER(16351, 0xa51b6135u)

#define VARVE_CRC32C_DEFINE(exponent, value) \
  static const uint32_t x_##exponent __attribute__((unused)) = value;
VARVE_CRC32C_POWERS(VARVE_CRC32C_DEFINE)
#undef VARVE_CRC32C_DEFINE

// x^(8 * d * 16^i - 33) at [i][d]: what joins over as many bytes as digit i of a hexadecimal
// count stands for. Eight digits do for any count, see varve_crc32c_wrapped.
extern const uint32_t varve_crc32c_digit_powers[8][16];

// A count of bytes that shifts just as far, in less than 32 bits.
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
