#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "include/BareSender.h"

enum { RECEIVE_BYTES = 1 << 20, EVENTS = 64, AWAKE_NANOSECONDS = 100000 };

struct bare_links {
  int count;
  int *targets;
  int *peers;
  bare_link_kind kind;
  int nowhere;  // /dev/null
  int epoll;
  int stop;  // an eventfd
  unsigned char *buffer;
  pthread_t thread;
  int is_started;
  int stays_awake;
  _Atomic uint64_t received;
};

static uint64_t nanoseconds(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

uint64_t bare_process_time(void) { return nanoseconds(CLOCK_PROCESS_CPUTIME_ID); }

uint64_t bare_links_receiver_time(const bare_links *links) {
  clockid_t clock;
  return pthread_getcpuclockid(links->thread, &clock) == 0 ? nanoseconds(clock) : 0;
}

static int make_tcp(int *target, int *peer) {
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  struct sockaddr *any = (struct sockaddr *)&address;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0) return -errno;
  *target = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int made = *target >= 0 && bind(listener, any, length) == 0 && listen(listener, 1) == 0 &&
             getsockname(listener, any, &length) == 0 && connect(*target, any, length) == 0 &&
             (*peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) >= 0;
  int result = made ? 0 : -errno;
  close(listener);
  return result;
}

static int make(bare_link_kind kind, int *target, int *peer) {
  int ends[2];
  switch (kind) {
    case BARE_LINK_TCP: return make_tcp(target, peer);
    case BARE_LINK_UNIX:
      if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) return -errno;
      break;
    case BARE_LINK_PIPE:
      if (pipe2(ends, O_CLOEXEC) < 0) return -errno;
      // As large as any pipe may be: both it and what fills it have a megabyte.
      fcntl(ends[1], F_SETPIPE_SZ, RECEIVE_BYTES);
      break;
  }
  *peer = ends[0];
  *target = ends[1];
  return 0;
}

// Without copying where the kernel lets: what is measured is how to send.
static ssize_t discard(bare_links *links, int peer) {
  switch (links->kind) {
    case BARE_LINK_TCP: return recv(peer, NULL, RECEIVE_BYTES, MSG_TRUNC);
    case BARE_LINK_PIPE: return splice(peer, NULL, links->nowhere, NULL, RECEIVE_BYTES, 0);
    case BARE_LINK_UNIX: break;
  }
  return read(peer, links->buffer, RECEIVE_BYTES);
}

// Waits for something to receive: awake for a moment, if that is wanted, and then asleep.
static int next_events(const bare_links *links, struct epoll_event *events) {
  uint64_t start = links->stays_awake ? nanoseconds(CLOCK_MONOTONIC) : 0;
  while (links->stays_awake && nanoseconds(CLOCK_MONOTONIC) - start < AWAKE_NANOSECONDS) {
    int count = epoll_wait(links->epoll, events, EVENTS, 0);
    if (count > 0) return count;
  }
  return epoll_wait(links->epoll, events, EVENTS, -1);
}

static void *receive(void *context) {
  bare_links *links = context;
  struct epoll_event events[EVENTS];
  while (1) {
    int count = next_events(links, events);
    for (int i = 0; i < count; i++) {
      if (events[i].data.fd == links->stop) return NULL;
      ssize_t done = discard(links, events[i].data.fd);
      if (done > 0) atomic_fetch_add(&links->received, (uint64_t)done);
    }
  }
}

static int watch(bare_links *links, int descriptor) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
  return epoll_ctl(links->epoll, EPOLL_CTL_ADD, descriptor, &event) < 0 ? -errno : 0;
}

static int open_all(bare_links *links, bare_link_kind kind, int count, int is_nonblocking) {
  links->epoll = epoll_create1(EPOLL_CLOEXEC);
  links->stop = eventfd(0, EFD_CLOEXEC);
  links->nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  links->kind = kind;
  links->buffer = malloc(RECEIVE_BYTES);
  links->targets = calloc((size_t)count, sizeof(int));
  links->peers = calloc((size_t)count, sizeof(int));
  if (!links->buffer || !links->targets || !links->peers) return -ENOMEM;
  int result = watch(links, links->stop);
  while (result == 0 && links->count < count) {
    int target = -1, peer = -1;
    result = make(kind, &target, &peer);
    if (result < 0) return result;
    links->targets[links->count] = target;
    links->peers[links->count++] = peer;
    if (is_nonblocking) fcntl(target, F_SETFL, fcntl(target, F_GETFL) | O_NONBLOCK);
    result = watch(links, peer);
  }
  if (result < 0) return result;
  result = -pthread_create(&links->thread, NULL, receive, links);
  links->is_started = result == 0;
  return result;
}

int bare_links_open(bare_links **opened, bare_link_kind kind, int count, int is_nonblocking,
                    int stays_awake) {
  bare_links *links = calloc(1, sizeof *links);
  if (links == NULL) return -ENOMEM;
  links->stays_awake = stays_awake;
  int result = open_all(links, kind, count, is_nonblocking);
  if (result < 0) {
    bare_links_close(links);
    return result;
  }
  *opened = links;
  return 0;
}

void bare_links_close(bare_links *links) {
  if (links->is_started) {
    uint64_t one = 1;
    while (write(links->stop, &one, sizeof one) < 0 && errno == EINTR) continue;
    pthread_join(links->thread, NULL);
  }
  for (int i = 0; i < links->count; i++) {
    close(links->targets[i]);
    close(links->peers[i]);
  }
  close(links->stop);
  close(links->epoll);
  close(links->nowhere);
  free(links->buffer);
  free(links->targets);
  free(links->peers);
  free(links);
}

int bare_links_target(const bare_links *links, int index) { return links->targets[index]; }

uint64_t bare_links_received(const bare_links *links) {
  return atomic_load(&((bare_links *)links)->received);
}

void bare_links_wait(const bare_links *links, uint64_t bytes) {
  // What is left lies in the kernel's buffers: a moment.
  while (bare_links_received(links) < bytes) poll(NULL, 0, 0);
}
