#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The least that anything can do that moves or reads so many bytes. Both do all their work
// on every call: neither is inlined, and neither result can be known beforehand.
void varve_bench_copy(void *destination, const void *source, size_t count);
uint64_t varve_bench_sum(const void *source, size_t count);

// Writes to each page of a block of its own and frees it.
void varve_bench_touch(size_t count);

// The cheapest call into the kernel that the C library doesn't answer by itself.
void varve_bench_enter_kernel(void);

#ifdef __cplusplus
}
#endif
