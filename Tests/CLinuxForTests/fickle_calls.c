// Calls of the system as they are on a bad day: interrupted, short, or turned away.
//
// These stand in front of the C library's own in every program that they are linked into, and pass on what
// they are asked for, until linux_be_fickle is called. Under a sanitizer, which stands there itself, they
// are left out.
#define _GNU_SOURCE
#include "linux_for_tests.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_SANITIZED 1
#endif
#endif

#ifdef IS_SANITIZED
int linux_be_fickle(unsigned seed) { return -ENOTSUP; }
long linux_fickle_count(void) { return 0; }
#else

static atomic_ullong state;  // 0 until they are fickle
static atomic_long count;

int linux_be_fickle(unsigned seed) {
  atomic_store(&state, ((unsigned long long)seed << 32) | 1);
  return 0;
}

long linux_fickle_count(void) { return atomic_load(&count); }

static uint64_t draw(void) {
  uint64_t mixed = atomic_fetch_add(&state, 0x9e3779b97f4a7c15u);
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
  return mixed ^ (mixed >> 31);
}

// Of five calls one is interrupted.
static int is_interrupted(void) {
  if (atomic_load_explicit(&state, memory_order_relaxed) == 0 || draw() % 5 != 0) return 0;
  atomic_fetch_add(&count, 1);
  errno = EINTR;
  return 1;
}

// Of five calls two do less than they are asked for, and at least a byte of it.
static size_t shortened(size_t wanted) {
  if (wanted < 2 || atomic_load_explicit(&state, memory_order_relaxed) == 0) return wanted;
  uint64_t drawn = draw();
  if (drawn % 5 > 1) return wanted;
  atomic_fetch_add(&count, 1);
  return drawn % 5 == 0 ? 1 + (drawn >> 8) % wanted : 1 + (drawn >> 8) % (wanted < 16 ? wanted : 16);
}

// Of eight calls to a descriptor that does not wait, one finds that there is no room, though there is.
static int is_turned_away(int descriptor) {
  if (atomic_load_explicit(&state, memory_order_relaxed) == 0 || draw() % 8 != 0) return 0;
  int flags = fcntl(descriptor, F_GETFL);
  if (flags < 0 || !(flags & O_NONBLOCK)) return 0;
  atomic_fetch_add(&count, 1);
  errno = EAGAIN;
  return 1;
}

ssize_t pread(int descriptor, void *memory, size_t size, off_t position) {
  if (is_interrupted()) return -1;
  return syscall(SYS_pread64, descriptor, memory, shortened(size), position);
}

ssize_t pwrite(int descriptor, const void *memory, size_t size, off_t position) {
  if (is_interrupted()) return -1;
  return syscall(SYS_pwrite64, descriptor, memory, shortened(size), position);
}

int fdatasync(int descriptor) {
  return is_interrupted() ? -1 : (int)syscall(SYS_fdatasync, descriptor);
}

int fsync(int descriptor) { return is_interrupted() ? -1 : (int)syscall(SYS_fsync, descriptor); }

int ftruncate(int descriptor, off_t size) {
  return is_interrupted() ? -1 : (int)syscall(SYS_ftruncate, descriptor, size);
}

int fallocate(int descriptor, int mode, off_t position, off_t size) {
  return is_interrupted() ? -1 : (int)syscall(SYS_fallocate, descriptor, mode, position, size);
}

ssize_t send(int descriptor, const void *memory, size_t size, int flags) {
  if (is_interrupted() || is_turned_away(descriptor)) return -1;
  return syscall(SYS_sendto, descriptor, memory, shortened(size), flags, NULL, 0);
}

ssize_t sendmsg(int descriptor, const struct msghdr *message, int flags) {
  if (is_interrupted() || is_turned_away(descriptor)) return -1;
  return syscall(SYS_sendmsg, descriptor, message, flags);
}

ssize_t sendfile(int to, int from, off_t *position, size_t size) {
  if (is_interrupted() || is_turned_away(to)) return -1;
  return syscall(SYS_sendfile, to, from, position, shortened(size));
}

ssize_t splice(int from, off64_t *position, int to, off64_t *to_position, size_t size,
               unsigned flags) {
  if (is_interrupted() || is_turned_away(to)) return -1;
  return syscall(SYS_splice, from, position, to, to_position, shortened(size), flags);
}

ssize_t copy_file_range(int from, off64_t *position, int to, off64_t *to_position, size_t size,
                        unsigned flags) {
  if (is_interrupted()) return -1;
  return syscall(SYS_copy_file_range, from, position, to, to_position, shortened(size), flags);
}
#endif
