#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// File to descriptor, within the kernel. May be short; 0 at the end of the file.
int64_t varve_sendfile(int from, int64_t position, size_t count, int to);
// Memory to descriptor: to a socket without raising SIGPIPE, to anything else as write(2) does.
int64_t varve_send(int to, const void *memory, size_t count);

// 1 if the descriptor is non-blocking, 0 if not.
int varve_is_nonblocking(int descriptor);
int varve_is_socket(int descriptor);

// Waits until `descriptor` takes bytes or is broken, or until something lies in `wake` (< 0: no
// such thing), for `milliseconds` at the most (< 0: for ever). 1 if `descriptor` is ready.
int varve_wait_writable(int descriptor, int wake, int milliseconds);

// SIGPIPE on this thread: blocked (returns 1 if it was already, 0 if not), and given back, where
// one that our own write raised is taken away first.
int varve_sigpipe_block(void);
void varve_sigpipe_restore(int was_blocked);

#ifdef __cplusplus
}
#endif
