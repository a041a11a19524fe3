#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// File to descriptor, within the kernel. May be short; 0 at the end of the file.
int64_t varve_sendfile(int from, int64_t position, size_t count, int to);
// File to file, at the place where the one written to stands. May be short; 0 at the end.
int64_t varve_copy_file_range(int from, int64_t position, size_t count, int to);
// File to pipe, or pipe to descriptor (position -1). May be short; 0 at the end of the file.
int64_t varve_splice(int from, int64_t position, size_t count, int to);
// A pipe as large as `size`, or as large as this user may have: its size.
int varve_pipe_make(int size, int *from, int *to);

// How many pages of a file, from a position on, are in memory; some may still be on their way from the device.
struct varve_residency {
  int64_t cached;
  // Of these, so that they are whole. One that was changed while it was written is both: no sum says anything.
  int64_t dirty, writeback;
};
// -ENOSYS before Linux 6.5; -EPERM for the files of others.
int varve_resident(int descriptor, int64_t position, int64_t count,
                   struct varve_residency *residency);

// Memory to descriptor: to a socket without raising SIGPIPE, to anything else as write(2) does.
int64_t varve_send(int to, const void *memory, size_t count);
// The same, where more follows at once: a socket may wait for that to fill a packet.
int64_t varve_send_more(int to, const void *memory, size_t count);

enum { VARVE_SMALL_BYTES = 8 << 10 };
// Few bytes of a file to a socket of the network's, by way of the stack and behind a header, in one: may
// be short. Raises no SIGPIPE. -EAGAIN where there is no room, or where bytes are missing: those that are
// not in memory, unless it may wait for the device, and those behind the end.
int64_t varve_send_small(int from, int64_t position, size_t count, const void *header,
                         size_t header_count, int to, int may_wait_for_device);
// How much went out of header and file, and the error number of the call that failed behind that, or 0.
struct varve_passed {
  int64_t count;
  int32_t error;
};
// Bytes of a file to a socket or a pipe within the kernel, behind a header: may be short. Raises no
// SIGPIPE; who knows that the process ignores it anyway saves two calls. To pipes by splice(2), if that is
// wanted, and else by sendfile(2).
struct varve_passed varve_pass(int from, int64_t position, size_t count, const void *header,
                               size_t header_count, int to, int by_splice, int is_sigpipe_ignored);

// 1 if the descriptor is non-blocking, 0 if not.
int varve_is_nonblocking(int descriptor);
int varve_is_socket(int descriptor);
// 1 if both are of one file.
int varve_is_same_file(int descriptor, int other);

enum {
  VARVE_TARGET_SOCKET = 0,  // of a stream
  VARVE_TARGET_PIPE = 1,
  VARVE_TARGET_FILE = 2,
  VARVE_TARGET_OTHER = 3,
  VARVE_TARGET_MESSAGES = 4  // a socket that sends each piece by itself
};
// What bytes are sent to.
struct varve_target {
  int32_t kind;  // one of VARVE_TARGET_*
  int32_t is_nonblocking;
  int32_t is_appending;
  int32_t is_local;  // a socket whose peer is on this machine by its kind
};
// Is `is_nonblocking` not wanted of what is no file, then that saves a call.
int varve_target(int descriptor, int wants_waiting, struct varve_target *target);

// Waits until `descriptor` takes bytes or is broken, or until something lies in `wake` (< 0: no
// such thing), for `milliseconds` at the most (< 0: for ever). 1 if `descriptor` is ready.
int varve_wait_writable(int descriptor, int wake, int milliseconds);

// A descriptor among those that are waited for together: the kernel's own structure, in which the
// numbers of an event are the same on x86-64 and arm64.
struct varve_poll {
  int descriptor;
  int16_t wanted;  // VARVE_POLL_*
  int16_t found;   // 0 for nothing; also other bits than those that were wanted
};
enum {
  VARVE_POLL_READABLE = 1,
  VARVE_POLL_WRITABLE = 4,
  VARVE_POLL_ERROR = 8,
  VARVE_POLL_HANGUP = 16,
  VARVE_POLL_INVALID = 32
};
// How many of them are ready, or broken.
int varve_poll(struct varve_poll *set, size_t count, int milliseconds);
// The error that a socket has for its next call, which then does not get it; 0 for none.
int varve_take_socket_error(int descriptor, int *error);

// What wakes a thread that waits so: readable from a signal on until it is cleared.
int varve_event_make(void);
int varve_event_signal(int event);
int varve_event_clear(int event);

// SIGPIPE on this thread: blocked (returns 1 if it was already, 0 if not), and given back, where
// one that our own write raised is taken away first.
int varve_sigpipe_block(void);
void varve_sigpipe_restore(int was_blocked);
// Whether the process ignores it.
int varve_sigpipe_is_ignored(void);

#ifdef __cplusplus
}
#endif
