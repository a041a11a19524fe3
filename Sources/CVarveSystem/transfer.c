#define _GNU_SOURCE
#include "varve_transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int64_t varve_sendfile(int from, int64_t position, size_t count, int to) {
  off_t at = position;
  ssize_t done = sendfile(to, from, &at, count);
  return done < 0 ? -errno : done;
}

int64_t varve_send(int to, const void *memory, size_t count) {
  ssize_t done = send(to, memory, count, MSG_NOSIGNAL);
  if (done < 0 && errno == ENOTSOCK) done = write(to, memory, count);
  return done < 0 ? -errno : done;
}

int varve_is_nonblocking(int descriptor) {
  int flags = fcntl(descriptor, F_GETFL);
  return flags < 0 ? -errno : (flags & O_NONBLOCK) != 0;
}

int varve_is_socket(int descriptor) {
  struct stat found;
  if (fstat(descriptor, &found) < 0) return -errno;
  return S_ISSOCK(found.st_mode);
}

int varve_wait_writable(int descriptor, int wake, int milliseconds) {
  struct pollfd both[2] = {{.fd = descriptor, .events = POLLOUT}, {.fd = wake, .events = POLLIN}};
  int done = poll(both, 2, milliseconds);
  if (done < 0) return -errno;
  return both[0].revents != 0;
}

int varve_sigpipe_block(void) {
  sigset_t pipe, old;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  int error = pthread_sigmask(SIG_BLOCK, &pipe, &old);
  if (error) return -error;
  return sigismember(&old, SIGPIPE);
}

void varve_sigpipe_restore(int was_blocked) {
  if (was_blocked) return;
  sigset_t pipe, pending;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  // A write to a closed pipe raises the signal on the thread that wrote, so one that is pending
  // here now is ours: nobody else's was blocked for longer than this call.
  sigpending(&pending);
  if (sigismember(&pending, SIGPIPE)) {
    struct timespec none = {0, 0};
    sigtimedwait(&pipe, NULL, &none);
  }
  pthread_sigmask(SIG_UNBLOCK, &pipe, NULL);
}
