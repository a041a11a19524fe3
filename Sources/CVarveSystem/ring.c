#define _GNU_SOURCE
#include "varve_ring.h"

#include <errno.h>

#if !defined(VARVE_IOURING) || !__has_include(<liburing.h>)

#if defined(VARVE_IOURING)
int varve_ring_build(void) { return VARVE_RING_HEADER_MISSING; }
#else
int varve_ring_build(void) { return VARVE_RING_TRAIT_OFF; }
#endif

int varve_ring_probe(void) { return -ENOSYS; }
int varve_ring_open(struct varve_ring **ring, unsigned entries, unsigned workers) {
  (void)ring, (void)entries, (void)workers;
  return -ENOSYS;
}
void varve_ring_close(struct varve_ring *ring) { (void)ring; }
int varve_ring_descriptor(struct varve_ring *ring) {
  (void)ring;
  return -ENOSYS;
}
int varve_ring_splice(struct varve_ring *ring, int from, int64_t position, int to, unsigned count,
                      int is_linked, uint64_t tag) {
  (void)ring, (void)from, (void)position, (void)to, (void)count, (void)is_linked, (void)tag;
  return -ENOSYS;
}
int varve_ring_cancel(struct varve_ring *ring, uint64_t tag) {
  (void)ring, (void)tag;
  return -ENOSYS;
}
int varve_ring_submit(struct varve_ring *ring) {
  (void)ring;
  return -ENOSYS;
}
int varve_ring_next(struct varve_ring *ring, uint64_t *tag, int32_t *result) {
  (void)ring, (void)tag, (void)result;
  return 0;
}

#else

#include <fcntl.h>
#include <liburing.h>
#include <stdlib.h>
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

struct varve_ring {
  struct io_uring uring;
};

// The tag of what nobody is told of.
static const uint64_t untold = UINT64_MAX;

// Of one thread, where the kernel knows that. Not with IORING_SETUP_DEFER_TASKRUN: who polls such a ring
// together with other descriptors is not always woken (seen on Linux 6.18).
static int set_up(struct io_uring *uring, unsigned entries) {
  int result = io_uring_queue_init(entries, uring, IORING_SETUP_SINGLE_ISSUER);
  return result == -EINVAL ? io_uring_queue_init(entries, uring, 0) : result;
}

int varve_ring_open(struct varve_ring **opened, unsigned entries, unsigned workers) {
  struct varve_ring *ring = calloc(1, sizeof *ring);
  if (!ring) return -ENOMEM;
  int result = set_up(&ring->uring, entries);
  if (result >= 0) {
    // Those for files and those for pipes and sockets. A kernel before 5.15 cannot be told, and
    // would start one for each request.
    unsigned limits[2] = {workers, workers};
    result = io_uring_register_iowq_max_workers(&ring->uring, limits);
    // What may be set up need not be let in.
    if (result >= 0) result = io_uring_submit_and_get_events(&ring->uring);
    if (result < 0) io_uring_queue_exit(&ring->uring);
  }
  if (result < 0) {
    free(ring);
    return result;
  }
  *opened = ring;
  return 0;
}

void varve_ring_close(struct varve_ring *ring) {
  io_uring_queue_exit(&ring->uring);
  free(ring);
}

int varve_ring_descriptor(struct varve_ring *ring) { return ring->uring.ring_fd; }

int varve_ring_splice(struct varve_ring *ring, int from, int64_t position, int to, unsigned count,
                      int is_linked, uint64_t tag) {
  struct io_uring_sqe *request = io_uring_get_sqe(&ring->uring);
  if (!request) return -EBUSY;
  io_uring_prep_splice(request, from, position, to, -1, count, SPLICE_F_NONBLOCK);
  if (is_linked) request->flags |= IOSQE_IO_LINK;
  request->user_data = tag;
  return 0;
}

int varve_ring_cancel(struct varve_ring *ring, uint64_t tag) {
  struct io_uring_sqe *request = io_uring_get_sqe(&ring->uring);
  if (!request) return -EBUSY;
  io_uring_prep_cancel64(request, tag, 0);
  request->user_data = untold;
  return 0;
}

int varve_ring_submit(struct varve_ring *ring) {
  return io_uring_submit_and_get_events(&ring->uring);
}

int varve_ring_next(struct varve_ring *ring, uint64_t *tag, int32_t *result) {
  struct io_uring_cqe *done;
  while (io_uring_peek_cqe(&ring->uring, &done) == 0) {
    *tag = done->user_data;
    *result = done->res;
    io_uring_cqe_seen(&ring->uring, done);
    if (*tag != untold) return 1;
  }
  return 0;
}

#endif
