#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "include/BareSender.h"

#if __has_include(<liburing.h>)
#include <liburing.h>
#define HAS_RING 1
#else
#define HAS_RING 0
#endif

enum { PIPE_BYTES = 1 << 20, COPY_BYTES = 1 << 20, PAGE = 4096 };

struct bare_sender {
  bare_send_way way;
  int pipe[2];
  size_t pipe_bytes;
  unsigned char *buffer;
#if HAS_RING
  struct io_uring ring;
  int has_ring;
#endif
};

#if HAS_RING
static int open_ring(bare_sender *sender) {
  struct io_uring_params params = {.flags = IORING_SETUP_SINGLE_ISSUER |
                                            IORING_SETUP_DEFER_TASKRUN};
  int result = io_uring_queue_init_params(8, &sender->ring, &params);
  sender->has_ring = result == 0;
  return result;
}
#endif

static int open_sender(bare_sender *sender) {
  sender->pipe[0] = sender->pipe[1] = -1;
  sender->buffer = aligned_alloc(PAGE, COPY_BYTES);
  if (!sender->buffer) return -ENOMEM;
  if (pipe2(sender->pipe, O_CLOEXEC) < 0) return -errno;
  int size = fcntl(sender->pipe[1], F_SETPIPE_SZ, PIPE_BYTES);
  if (size < 0) return -errno;
  sender->pipe_bytes = (size_t)size;
  if (sender->way != BARE_SEND_RING) return 0;
#if HAS_RING
  return open_ring(sender);
#else
  return -ENOSYS;
#endif
}

int bare_sender_open(bare_sender **opened, bare_send_way way) {
  bare_sender *sender = calloc(1, sizeof *sender);
  if (sender == NULL) return -ENOMEM;
  sender->way = way;
  int result = open_sender(sender);
  if (result < 0) {
    bare_sender_close(sender);
    return result;
  }
  *opened = sender;
  return 0;
}

void bare_sender_close(bare_sender *sender) {
#if HAS_RING
  if (sender->has_ring) io_uring_queue_exit(&sender->ring);
#endif
  for (int i = 0; i < 2; i++) {
    if (sender->pipe[i] >= 0) close(sender->pipe[i]);
  }
  free(sender->buffer);
  free(sender);
}

static void wait_for(int target) {
  struct pollfd one = {.fd = target, .events = POLLOUT};
  poll(&one, 1, -1);
}

static int drain(bare_sender *sender, size_t held, int target) {
  while (held > 0) {
    ssize_t done = splice(sender->pipe[0], NULL, target, NULL, held, 0);
    if (done > 0) held -= (size_t)done;
    if (done < 0 && errno != EAGAIN) return -errno;
    if (done < 0) wait_for(target);
  }
  return 0;
}

static ssize_t by_copy(bare_sender *sender, int file, off_t position, size_t bytes, int target) {
  ssize_t count = pread(file, sender->buffer, bytes < COPY_BYTES ? bytes : COPY_BYTES, position);
  if (count < 0) return -errno;
  ssize_t sent = 0;
  while (sent < count) {
    ssize_t done = write(target, sender->buffer + sent, (size_t)(count - sent));
    if (done > 0) sent += done;
    if (done < 0 && errno != EAGAIN) return -errno;
    if (done < 0) wait_for(target);
  }
  return count;
}

static ssize_t by_splice(bare_sender *sender, int file, off_t position, size_t bytes,
                         int target) {
  ssize_t count = splice(file, &position, sender->pipe[1], NULL, bytes, 0);
  if (count <= 0) return count < 0 ? -errno : 0;
  int result = drain(sender, (size_t)count, target);
  return result < 0 ? result : count;
}

#if HAS_RING
// A linked pair: the second goes when the first has moved all that it was asked for.
static ssize_t by_ring(bare_sender *sender, int file, off_t position, size_t bytes, int target) {
  size_t room = sender->pipe_bytes - (size_t)position % PAGE;
  unsigned count = (unsigned)(bytes < room ? bytes : room);
  struct io_uring_sqe *fill = io_uring_get_sqe(&sender->ring);
  io_uring_prep_splice(fill, file, position, sender->pipe[1], -1, count, 0);
  fill->flags |= IOSQE_IO_LINK;
  fill->user_data = 1;
  struct io_uring_sqe *empty = io_uring_get_sqe(&sender->ring);
  io_uring_prep_splice(empty, sender->pipe[0], -1, target, -1, count, 0);
  empty->user_data = 2;
  int result = io_uring_submit_and_wait(&sender->ring, 2);
  if (result < 0) return result;
  int filled = 0, sent = 0;
  for (int i = 0; i < 2; i++) {
    struct io_uring_cqe *done;
    result = io_uring_wait_cqe(&sender->ring, &done);
    if (result < 0) return result;
    *(done->user_data == 1 ? &filled : &sent) = done->res;
    io_uring_cqe_seen(&sender->ring, done);
  }
  if (filled <= 0) return filled;
  if (sent == -EAGAIN || sent == -ECANCELED) sent = 0;
  if (sent < 0) return sent;
  result = drain(sender, (size_t)(filled - sent), target);
  return result < 0 ? result : filled;
}
#endif

// At least one byte, unless the file has ended; or -EAGAIN from a descriptor that is full.
static ssize_t send_some(bare_sender *sender, int file, off_t position, size_t bytes,
                         int target) {
  ssize_t done;
  switch (sender->way) {
    case BARE_SEND_READ_WRITE: return by_copy(sender, file, position, bytes, target);
    case BARE_SEND_SENDFILE:
      done = sendfile(target, file, &position, bytes);
      return done < 0 ? -errno : done;
    case BARE_SEND_SPLICE: return by_splice(sender, file, position, bytes, target);
    case BARE_SEND_RING:
#if HAS_RING
      return by_ring(sender, file, position, bytes, target);
#else
      return -ENOSYS;
#endif
  }
  return -EINVAL;
}

int bare_send(bare_sender *sender, int file, int64_t position, size_t bytes, int target) {
  while (bytes > 0) {
    ssize_t done = send_some(sender, file, position, bytes, target);
    if (done == -EAGAIN) {
      wait_for(target);
      continue;
    }
    if (done <= 0) return done < 0 ? (int)done : -ENODATA;
    position += done;
    bytes -= (size_t)done;
  }
  return 0;
}

int bare_send_all(bare_sender *sender, int file, const int64_t *positions, size_t bytes,
                  const bare_links *links, int count) {
  size_t sent[count];
  for (int i = 0; i < count; i++) sent[i] = 0;
  int left = count;
  while (left > 0) {
    int full = 0, last = -1;
    for (int i = 0; i < count; i++) {
      if (sent[i] == bytes) continue;
      ssize_t done = send_some(sender, file, positions[i] + (int64_t)sent[i], bytes - sent[i],
                               bare_links_target(links, i));
      if (done == 0) return -ENODATA;
      if (done < 0 && done != -EAGAIN) return (int)done;
      if (done < 0) {
        full++;
        last = i;
        continue;
      }
      sent[i] += (size_t)done;
      left -= sent[i] == bytes;
    }
    if (left > 0 && full == left) wait_for(bare_links_target(links, last));
  }
  return 0;
}
