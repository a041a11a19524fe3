#pragma once

#include "varve_crc32c.h"

// Which of the variants this build has. Whether the machine can run them, too, is asked at run
// time: none needs a compiler flag, since each function names the instructions it uses.
#if defined(__x86_64__)
#define VARVE_CRC32C_X86 1
#elif defined(__aarch64__) && defined(__linux__) && defined(__AARCH64EL__)
#define VARVE_CRC32C_ARM 1
#endif

// What a variant is made of.
//
// `checksum` is varve_crc32c. `shift` is the linear part of combining: `crc` times
// x^(8 * count), which is what `count` bytes of zeros make of a register that holds `crc`.
typedef uint32_t varve_crc32c_checksum(uint32_t crc, const void *bytes, size_t count);
typedef uint32_t varve_crc32c_shift(uint32_t crc, uint64_t count);

varve_crc32c_checksum varve_crc32c_table;
varve_crc32c_shift varve_crc32c_shift_table;

#if VARVE_CRC32C_X86
varve_crc32c_checksum varve_crc32c_sse42;
varve_crc32c_checksum varve_crc32c_fresh_sse42;
varve_crc32c_checksum varve_crc32c_pclmul;
varve_crc32c_checksum varve_crc32c_vpclmul;
varve_crc32c_shift varve_crc32c_shift_pclmul;
#endif

#if VARVE_CRC32C_ARM
varve_crc32c_checksum varve_crc32c_armv8;
#endif
