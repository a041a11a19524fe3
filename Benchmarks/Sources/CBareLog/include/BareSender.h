#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Descriptors to send to, all of a kind, and one thread that receives what is sent to them and throws
// it away.
typedef struct bare_links bare_links;

typedef enum { BARE_LINK_TCP, BARE_LINK_UNIX, BARE_LINK_PIPE } bare_link_kind;

// `stays_awake`: the thread looks for more for a moment before it sleeps, so that it need not be woken.
int bare_links_open(bare_links **links, bare_link_kind kind, int count, int is_nonblocking,
                    int stays_awake);
void bare_links_close(bare_links *links);
int bare_links_target(const bare_links *links, int index);
// Bytes that have been received so far.
uint64_t bare_links_received(const bare_links *links);
// Waits until so many have been.
void bare_links_wait(const bare_links *links, uint64_t bytes);
// The processor time of the thread that receives, in nanoseconds.
uint64_t bare_links_receiver_time(const bare_links *links);

// The processor time of all threads of the process, the kernel's that work for it too.
uint64_t bare_process_time(void);

// A way to send bytes of a file, and no more than it takes.
typedef struct bare_sender bare_sender;

typedef enum {
  BARE_SEND_READ_WRITE,
  BARE_SEND_SENDFILE,
  BARE_SEND_SPLICE,
  BARE_SEND_RING
} bare_send_way;

// -ENOSYS: there is no ring to be had.
int bare_sender_open(bare_sender **sender, bare_send_way way);
void bare_sender_close(bare_sender *sender);

// Sends so many bytes of a file. A descriptor that takes no more now is waited for.
int bare_send(bare_sender *sender, int file, int64_t position, size_t bytes, int target);
// The same to each of many descriptors, one after the other; those that are full come later.
int bare_send_all(bare_sender *sender, int file, const int64_t *positions, size_t bytes,
                  const bare_links *links, int count);

#ifdef __cplusplus
}
#endif
