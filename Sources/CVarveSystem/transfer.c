#define _GNU_SOURCE
#include "varve_transfer.h"

#include "varve_files.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

// Whether a call of this thread may have found its reader gone, and raised SIGPIPE.
static _Thread_local int met_broken_pipe;

// What a call that may raise SIGPIPE returned. One that had moved some bytes by then says so, and not why
// it moved no more.
static int64_t raising(ssize_t done, size_t count) {
  if (done >= 0) {
    if ((size_t)done < count) met_broken_pipe = 1;
    return done;
  }
  int error = errno;
  if (error == EPIPE) met_broken_pipe = 1;
  return -error;
}

int64_t varve_sendfile(int from, int64_t position, size_t count, int to) {
  off_t at = position;
  return raising(sendfile(to, from, &at, count), count);
}

int64_t varve_copy_file_range(int from, int64_t position, size_t count, int to) {
  off64_t at = position;
  ssize_t done = copy_file_range(from, &at, to, NULL, count, 0);
  return done < 0 ? -errno : done;
}

int64_t varve_splice(int from, int64_t position, size_t count, int to) {
  off64_t at = position;
  return raising(splice(from, position < 0 ? NULL : &at, to, NULL, count, 0), count);
}

int varve_pipe_make(int size, int *from, int *to) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) return -errno;
  // Refused where this user has too many pages in pipes: then it stays what it is.
  fcntl(ends[1], F_SETPIPE_SZ, size);
  int found = fcntl(ends[1], F_GETPIPE_SZ);
  if (found < 0) {
    int error = errno;
    close(ends[0]);
    close(ends[1]);
    return -error;
  }
  *from = ends[0];
  *to = ends[1];
  return found;
}

#ifndef SYS_cachestat
// The same number on every machine.
#define SYS_cachestat 451
#endif

int varve_resident(int descriptor, int64_t position, int64_t count,
                   struct varve_residency *residency) {
  struct {
    uint64_t offset, length;
  } range = {(uint64_t)position, (uint64_t)count};
  struct {
    uint64_t cached, dirty, writeback, evicted, recently_evicted;
  } found;
  if (syscall(SYS_cachestat, descriptor, &range, &found, 0) < 0) return -errno;
  residency->cached = (int64_t)found.cached;
  residency->dirty = (int64_t)found.dirty;
  residency->writeback = (int64_t)found.writeback;
  return 0;
}

static int64_t send_with(int to, const void *memory, size_t count, int flags) {
  ssize_t done = send(to, memory, count, MSG_NOSIGNAL | flags);
  if (done < 0 && errno == ENOTSOCK) return raising(write(to, memory, count), count);
  return done < 0 ? -errno : done;
}

int64_t varve_send(int to, const void *memory, size_t count) {
  return send_with(to, memory, count, 0);
}

int64_t varve_send_more(int to, const void *memory, size_t count) {
  return send_with(to, memory, count, MSG_MORE);
}

int64_t varve_send_small(int from, int64_t position, size_t count, const void *header,
                         size_t header_count, int to, int may_wait_for_device) {
  char memory[VARVE_SMALL_BYTES];
  if (count > sizeof memory) return -EINVAL;
  int64_t found = may_wait_for_device ? varve_read(from, memory, count, position)
                                      : varve_read_resident(from, memory, count, position);
  if (found < 0) return found;
  // What is missing is a device's to bring, or has been cut off.
  if ((size_t)found < count) return -EAGAIN;
  struct iovec parts[2] = {{(void *)header, header_count}, {memory, count}};
  struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
  ssize_t done = sendmsg(to, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  return done < 0 ? -errno : done;
}

static struct varve_passed pass(int from, int64_t position, size_t count, const void *header,
                                size_t header_count, int to, int by_splice) {
  struct varve_passed passed = {0, 0};
  int64_t done = 0;
  if (header_count > 0) {
    done = varve_send_more(to, header, header_count);
    if (done > 0) passed.count = done;
  }
  if (done == (int64_t)header_count) {
    done = by_splice ? varve_splice(from, position, count, to)
                     : varve_sendfile(from, position, count, to);
    if (done > 0) passed.count += done;
  }
  if (done < 0) passed.error = (int32_t)-done;
  return passed;
}

struct varve_passed varve_pass(int from, int64_t position, size_t count, const void *header,
                               size_t header_count, int to, int by_splice,
                               int is_sigpipe_ignored) {
  if (is_sigpipe_ignored) return pass(from, position, count, header, header_count, to, by_splice);
  int was_blocked = varve_sigpipe_block();
  struct varve_passed passed = pass(from, position, count, header, header_count, to, by_splice);
  varve_sigpipe_restore(was_blocked);
  return passed;
}

int varve_is_nonblocking(int descriptor) {
  int flags = fcntl(descriptor, F_GETFL);
  return flags < 0 ? -errno : (flags & O_NONBLOCK) != 0;
}

int varve_is_same_file(int descriptor, int other) {
  struct stat found, others;
  if (fstat(descriptor, &found) < 0 || fstat(other, &others) < 0) return -errno;
  return found.st_dev == others.st_dev && found.st_ino == others.st_ino;
}

int varve_is_socket(int descriptor) {
  struct stat found;
  if (fstat(descriptor, &found) < 0) return -errno;
  return S_ISSOCK(found.st_mode);
}

static int is_socket_of(int descriptor, int *family, int *type) {
  socklen_t length = sizeof *family, other_length = sizeof *type;
  if (getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, family, &length) == 0 &&
      getsockopt(descriptor, SOL_SOCKET, SO_TYPE, type, &other_length) == 0)
    return 1;
  return errno == ENOTSOCK ? 0 : -errno;
}

static int kind_of_no_socket(int descriptor) {
  // Only a pipe has a size of that kind, and to ask for it takes half as long as fstat.
  if (fcntl(descriptor, F_GETPIPE_SZ) >= 0) return VARVE_TARGET_PIPE;
  struct stat found;
  if (fstat(descriptor, &found) < 0) return -errno;
  return S_ISREG(found.st_mode) ? VARVE_TARGET_FILE : VARVE_TARGET_OTHER;
}

int varve_target(int descriptor, int wants_waiting, struct varve_target *target) {
  // Most are sockets: then one call says that, and which kind.
  int family = 0, type = 0, is_socket = is_socket_of(descriptor, &family, &type);
  if (is_socket < 0) return is_socket;
  target->kind = type == SOCK_STREAM ? VARVE_TARGET_SOCKET : VARVE_TARGET_MESSAGES;
  target->is_local = is_socket && family == AF_UNIX;
  if (!is_socket) {
    int kind = kind_of_no_socket(descriptor);
    if (kind < 0) return kind;
    target->kind = kind;
  }
  int flags = 0;
  if (wants_waiting || target->kind >= VARVE_TARGET_FILE) {
    flags = fcntl(descriptor, F_GETFL);
    if (flags < 0) return -errno;
  }
  target->is_nonblocking = (flags & O_NONBLOCK) != 0;
  target->is_appending = (flags & O_APPEND) != 0;
  return 0;
}

int varve_wait_writable(int descriptor, int wake, int milliseconds) {
  struct pollfd both[2] = {{.fd = descriptor, .events = POLLOUT}, {.fd = wake, .events = POLLIN}};
  int done = poll(both, 2, milliseconds);
  if (done < 0) return -errno;
  return both[0].revents != 0;
}

_Static_assert(sizeof(struct varve_poll) == sizeof(struct pollfd) &&
                   offsetof(struct varve_poll, wanted) == offsetof(struct pollfd, events) &&
                   offsetof(struct varve_poll, found) == offsetof(struct pollfd, revents) &&
                   VARVE_POLL_READABLE == POLLIN && VARVE_POLL_WRITABLE == POLLOUT &&
                   VARVE_POLL_ERROR == POLLERR && VARVE_POLL_HANGUP == POLLHUP &&
                   VARVE_POLL_INVALID == POLLNVAL,
               "varve_poll is not what poll(2) takes");

int varve_poll(struct varve_poll *set, size_t count, int milliseconds) {
  int done = poll((struct pollfd *)set, count, milliseconds);
  return done < 0 ? -errno : done;
}

int varve_take_socket_error(int descriptor, int *error) {
  socklen_t length = sizeof *error;
  return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, error, &length) < 0 ? -errno : 0;
}

int varve_event_make(void) {
  int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return event < 0 ? -errno : event;
}

int varve_event_signal(int event) {
  uint64_t one = 1;
  // Full, it is signalled as well as can be.
  return write(event, &one, sizeof one) < 0 && errno != EAGAIN ? -errno : 0;
}

int varve_event_clear(int event) {
  uint64_t count;
  return read(event, &count, sizeof count) < 0 && errno != EAGAIN ? -errno : 0;
}

int varve_sigpipe_block(void) {
  sigset_t pipe, old;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  int error = pthread_sigmask(SIG_BLOCK, &pipe, &old);
  if (error) return -error;
  int was_blocked = sigismember(&old, SIGPIPE);
  if (!was_blocked) met_broken_pipe = 0;
  return was_blocked;
}

int varve_sigpipe_is_ignored(void) {
  struct sigaction found;
  return sigaction(SIGPIPE, NULL, &found) == 0 && found.sa_handler == SIG_IGN;
}

void varve_sigpipe_restore(int was_blocked) {
  if (was_blocked) return;
  sigset_t pipe, pending;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  // A write to a closed pipe raises the signal on the thread that wrote, so one that is pending
  // here now is ours: nobody else's was blocked for longer than this call.
  if (met_broken_pipe) sigpending(&pending);
  if (met_broken_pipe && sigismember(&pending, SIGPIPE)) {
    struct timespec none = {0, 0};
    sigtimedwait(&pipe, NULL, &none);
  }
  pthread_sigmask(SIG_UNBLOCK, &pipe, NULL);
}
