#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Stores into a mapped file can fail: the device is gone, the file was cut from outside. The kernel
// says so with SIGBUS, which kills. The guard is a handler that acts only on addresses in the range
// that the faulting thread has armed: it maps memory of our own over the page, so that the store
// succeeds, and counts. Every other fault goes to the handler that was there before.

// Installs the handler, the first time it is called in a process. Where another one came later, it
// stays: it may pass on to ours, and ours in front of it again would make the two call each other
// for ever. Returns what varve_guard_is_installed() does.
int varve_guard_install(void);
// 1 while the process's SIGBUS handler is ours, 0 otherwise.
int varve_guard_is_installed(void);

// Arms a range for this thread.
void varve_guard_arm(void *memory, size_t count);
// Disarms it, and returns how many pages had to be replaced since it was armed.
int varve_guard_disarm(void);

#ifdef __cplusplus
}
#endif
