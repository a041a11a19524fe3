#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// libFuzzer's loop, for programs that have a `main` of their own. It brings no header along.
int LLVMFuzzerRunDriver(
    int *argc, char ***argv, int (*target)(const uint8_t *bytes, size_t count));

// From here on, this thread may hold so many bytes more than it holds now; one more aborts.
void fuzz_guard_begin(size_t limit);

// Lifts the limit.
void fuzz_guard_end(void);

#ifdef __cplusplus
}
#endif
