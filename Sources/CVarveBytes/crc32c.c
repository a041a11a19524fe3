// Which variant runs: nothing is computed here.

#include <stdatomic.h>

#include "crc32c_variants.h"

#if VARVE_CRC32C_ARM
#include <sys/auxv.h>
#endif

typedef struct variant {
  varve_crc32c_checksum *checksum;
  varve_crc32c_checksum *fresh;
  varve_crc32c_shift *shift;
} variant;

static variant variant_named(varve_crc32c_variant name) {
  switch (name) {
#if VARVE_CRC32C_X86
    case varve_crc32c_variant_sse42:
      return (variant){varve_crc32c_sse42, varve_crc32c_fresh_sse42, varve_crc32c_shift_table};
    case varve_crc32c_variant_pclmul:
      return (variant){varve_crc32c_pclmul, varve_crc32c_fresh_sse42, varve_crc32c_shift_pclmul};
    case varve_crc32c_variant_vpclmul:
      return (variant){varve_crc32c_vpclmul, varve_crc32c_fresh_sse42, varve_crc32c_shift_pclmul};
#elif VARVE_CRC32C_ARM
    case varve_crc32c_variant_armv8:
      return (variant){varve_crc32c_armv8, varve_crc32c_armv8, varve_crc32c_shift_table};
#endif
    default:
      return (variant){varve_crc32c_table, varve_crc32c_table, varve_crc32c_shift_table};
  }
}

// The compiler's own questions also ask whether the system saves the registers.
bool varve_crc32c_supported(varve_crc32c_variant name) {
  switch (name) {
    case varve_crc32c_variant_table:
      return true;
#if VARVE_CRC32C_X86
    case varve_crc32c_variant_sse42:
      __builtin_cpu_init();
      return __builtin_cpu_supports("sse4.2");
    case varve_crc32c_variant_pclmul:
      return varve_crc32c_supported(varve_crc32c_variant_sse42) &&
             __builtin_cpu_supports("pclmul");
    case varve_crc32c_variant_vpclmul:
      return varve_crc32c_supported(varve_crc32c_variant_pclmul) &&
             __builtin_cpu_supports("vpclmulqdq") && __builtin_cpu_supports("avx512f");
#elif VARVE_CRC32C_ARM
    case varve_crc32c_variant_armv8:
      return (getauxval(AT_HWCAP) & 1 << 7) != 0;  // HWCAP_CRC32
#endif
    default:
      return false;
  }
}

varve_crc32c_variant varve_crc32c_best(void) {
  varve_crc32c_variant name = varve_crc32c_variant_armv8;
  while (!varve_crc32c_supported(name)) name--;
  return name;
}

// The function to call, found out by the first call. Several threads may do so at once and will
// all come to the same answer. Nothing else is published with it, so no order is asked for.
static varve_crc32c_checksum first_checksum;
static varve_crc32c_checksum first_fresh;
static varve_crc32c_shift first_shift;
static _Atomic(varve_crc32c_checksum *) checksum = first_checksum;
static _Atomic(varve_crc32c_checksum *) fresh = first_fresh;
static _Atomic(varve_crc32c_shift *) shift = first_shift;

static uint32_t first_checksum(uint32_t crc, const void *bytes, size_t count) {
  varve_crc32c_checksum *found = variant_named(varve_crc32c_best()).checksum;
  atomic_store_explicit(&checksum, found, memory_order_relaxed);
  return found(crc, bytes, count);
}

static uint32_t first_fresh(uint32_t crc, const void *bytes, size_t count) {
  varve_crc32c_checksum *found = variant_named(varve_crc32c_best()).fresh;
  atomic_store_explicit(&fresh, found, memory_order_relaxed);
  return found(crc, bytes, count);
}

static uint32_t first_shift(uint32_t crc, uint64_t count) {
  varve_crc32c_shift *found = variant_named(varve_crc32c_best()).shift;
  atomic_store_explicit(&shift, found, memory_order_relaxed);
  return found(crc, count);
}

uint32_t varve_crc32c(uint32_t crc, const void *bytes, size_t count) {
  return atomic_load_explicit(&checksum, memory_order_relaxed)(crc, bytes, count);
}

uint32_t varve_crc32c_fresh(uint32_t crc, const void *bytes, size_t count) {
  return atomic_load_explicit(&fresh, memory_order_relaxed)(crc, bytes, count);
}

// The inversions at either end are the same for both pieces and the whole, and cancel.
uint32_t varve_crc32c_combine(
    uint32_t crc_of_first, uint32_t crc_of_second, uint64_t count_of_second) {
  return atomic_load_explicit(&shift, memory_order_relaxed)(crc_of_first, count_of_second) ^
         crc_of_second;
}

// The checksums of the old and the new bytes differ by what their difference does, and it does
// so through all the bytes that follow.
uint32_t varve_crc32c_patch(
    uint32_t crc, const void *old_bytes, const void *new_bytes, size_t count,
    uint64_t count_after) {
  uint32_t difference = varve_crc32c(0, old_bytes, count) ^ varve_crc32c(0, new_bytes, count);
  return varve_crc32c_combine(difference, crc, count_after);
}

uint32_t varve_crc32c_with(
    varve_crc32c_variant name, uint32_t crc, const void *bytes, size_t count) {
  return variant_named(name).checksum(crc, bytes, count);
}

uint32_t varve_crc32c_combine_with(
    varve_crc32c_variant name, uint32_t crc_of_first, uint32_t crc_of_second,
    uint64_t count_of_second) {
  return variant_named(name).shift(crc_of_first, count_of_second) ^ crc_of_second;
}
