#include "crc32c_powers.h"
#include "crc32c_variants.h"
#include "crc_slicing.h"

static const varve_crc_tables tables = {
    {ALL(0x82f63b78, 0x417b1dbc, 0x20bd8ede, 0x105ec76f,
         0x8ad958cf, 0xc79a971f, 0xe13b70f7, 0xf26b8303)},
    {ALL(0xfbc3faf9, 0xff17c604, 0x7f8be302, 0x3fc5f181,
         0x9d14c3b8, 0x4e8a61dc, 0x274530ee, 0x13a29877)},
    {ALL(0x8b277743, 0xc76580d9, 0xe144fb14, 0x70a27d8a,
         0x38513ec5, 0x9edea41a, 0x4f6f520d, 0xa541927e)},
    {ALL(0x52a0c93f, 0xaba65fe7, 0xd725148b, 0xe964b13d,
         0xf64463e6, 0x7b2231f3, 0xbf672381, 0xdd45aab8)},
    {ALL(0x6ea2d55c, 0x37516aae, 0x1ba8b557, 0x8f2261d3,
         0xc5670b91, 0xe045beb0, 0x7022df58, 0x38116fac)},
    {ALL(0x1c08b7d6, 0x0e045beb, 0x85f4168d, 0xc00c303e,
         0x6006181f, 0xb2f53777, 0xdb8ca0c3, 0xef306b19)},
    {ALL(0xf56e0ef4, 0x7ab7077a, 0x3d5b83bd, 0x9c5bfaa6,
         0x4e2dfd53, 0xa5e0c5d1, 0xd0065990, 0x68032cc8)},
    {ALL(0x34019664, 0x1a00cb32, 0x0d006599, 0x847609b4,
         0x423b04da, 0x211d826d, 0x9278fa4e, 0x493c7d27)},
};

uint32_t varve_crc32c_table(uint32_t crc, const void *bytes, size_t count) {
  return varve_crc_sliced(tables, crc, bytes, count);
}

// The carry-less product, four bits of `a` at a time by a table of the multiples of `b`.
static uint64_t product(uint32_t a, uint32_t b) {
  uint64_t multiples[16] = {0};
  for (int i = 1; i < 16; i++) {
    multiples[i] = multiples[i >> 1] << 1 ^ ((i & 1) ? b : 0);
  }
  uint64_t sum = 0;
  for (int i = 0; i < 32; i += 4) sum ^= multiples[a >> i & 15] << i;
  return sum;
}

uint32_t varve_crc32c_shift_table(uint32_t crc, uint64_t count) {
  uint32_t rest = varve_crc32c_wrapped(count);
  for (int i = 0; rest != 0; i++, rest >>= 4) {
    if ((rest & 15) == 0) continue;
    crc = varve_crc_after_word(
        tables, product(crc, varve_crc32c_digit_powers[i][rest & 15]));
  }
  return crc;
}
