#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// What this build knows of io_uring, decided by the compiler.
enum {
  VARVE_RING_BUILT = 0,          // liburing is compiled in
  VARVE_RING_TRAIT_OFF = 1,      // the IOUring trait is off
  VARVE_RING_HEADER_MISSING = 2  // the trait is on, but there was no liburing.h
};

int varve_ring_build(void);

// All that follows is -ENOSYS, or does nothing, where varve_ring_build() is not VARVE_RING_BUILT.

// Sets up the smallest ring and closes it again. >= 0: the kernel's feature bits.
int varve_ring_probe(void);

struct varve_ring;

// A ring of the calling thread, which alone may use it: room for so many requests at a time, and at
// most so many threads of the kernel's to carry them out.
int varve_ring_open(struct varve_ring **ring, unsigned entries, unsigned workers);
// Waits for nothing: what is under way is cancelled, and ends when it ends.
void varve_ring_close(struct varve_ring *ring);
// Readable when varve_ring_next() has something to tell.
int varve_ring_descriptor(struct varve_ring *ring);

// Asks for a splice; no other begins that is linked to one which moves less than it was to. A position
// of -1 is a pipe's. -EBUSY: no room before varve_ring_submit().
int varve_ring_splice(struct varve_ring *ring, int from, int64_t position, int to, unsigned count,
                      int is_linked, uint64_t tag);
// Asks for the request with a tag to be ended. What becomes of it, its own completion tells; what
// becomes of the wish, nobody is told.
int varve_ring_cancel(struct varve_ring *ring, uint64_t tag);
// Hands all that was asked for to the kernel, and has it tell what is done.
int varve_ring_submit(struct varve_ring *ring);
// 1 and the next request that is done, or 0.
int varve_ring_next(struct varve_ring *ring, uint64_t *tag, int32_t *result);

#ifdef __cplusplus
}
#endif
