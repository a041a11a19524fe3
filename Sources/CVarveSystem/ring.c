#include "varve_ring.h"

#include <errno.h>

#if !defined(VARVE_IOURING)

int varve_ring_build(void) { return VARVE_RING_TRAIT_OFF; }
int varve_ring_probe(void) { return -ENOSYS; }

#elif !__has_include(<liburing.h>)

int varve_ring_build(void) { return VARVE_RING_HEADER_MISSING; }
int varve_ring_probe(void) { return -ENOSYS; }

#else

#include <liburing.h>
#include <string.h>

// Asks for -luring right where the header was found. SwiftPM gets the flag from liburing.pc, but
// without pkg-config it looks only in folders where Debian does not put that file, and the
// header alone would then end in undefined symbols. From this section the Swift driver takes
// what it hands to any linker, and the linker drops it ("e"). The `link` of a module map goes
// the same way, but cannot depend on whether there is a header. Asking twice does no harm.
// Assembly, because AddressSanitizer would keep a reference to a variable in the section.
__asm__(
    ".pushsection .swift1_autolink_entries, \"e\", %progbits\n"
    ".asciz \"-luring\"\n"
    ".popsection\n");

int varve_ring_build(void) { return VARVE_RING_BUILT; }

int varve_ring_probe(void) {
  struct io_uring ring;
  struct io_uring_params params;
  memset(&params, 0, sizeof params);
  int result = io_uring_queue_init_params(1, &ring, &params);
  if (result < 0) return result;
  io_uring_queue_exit(&ring);
  // The feature bits fit: the kernel has handed out fewer than 20 of them.
  return (int)(params.features & 0x7fffffff);
}

#endif
