#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

size_t varve_page_size(void);

// Maps a file for stores that others see. `*memory` is set on success.
int varve_map_shared(int descriptor, size_t count, void **memory);
// Maps memory that begins as zeros and takes no space until it is touched.
int varve_map_anonymous(size_t count, void **memory);
// Asks for that memory in large pages. Advice: without them it is the same.
void varve_prefer_large_pages(void *memory, size_t count);
// Has bytes brought into the cache, and does not wait: no more of them than two lines.
void varve_prefetch(const void *memory, size_t count);
// Maps a part of a file to be read, from a multiple of the page size on.
int varve_map_to_read(int descriptor, int64_t position, size_t count, void **memory);
int varve_unmap(void *memory, size_t count);

// Brings pages in, ready for stores: what a store would have to wait for, or die of, happens
// here, as -EFAULT. Works on whole pages, so `memory` must begin one.
int varve_populate(void *memory, size_t count);

#ifdef __cplusplus
}
#endif
