#pragma once

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

// Sets up the smallest ring and closes it again. >= 0: the kernel's feature bits.
// -ENOSYS also where varve_ring_build() is not VARVE_RING_BUILT.
int varve_ring_probe(void);

#ifdef __cplusplus
}
#endif
