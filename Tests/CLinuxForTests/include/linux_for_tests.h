#pragma once

// What tests ask of Linux and Swift's Glibc does not have. As in the library,
// every function returns >= 0, or -errno.

#ifdef __cplusplus
extern "C" {
#endif

// A terminal: what is written to one of its ends, the other one reads.
int linux_open_terminal(int *master, int *slave);

// The calling thread's number in /proc/self/task.
int linux_thread_id(void);

// Gives the calling thread a table of mounts of its own, which ends with it: -EPERM if that is
// not allowed here.
int linux_own_mounts(void);
int linux_mount_tmpfs(const char *path, const char *options);
int linux_make_read_only(const char *path);
// Ends what an ext4 or XFS file system does, as if its device had gone: what has not reached that is lost,
// and all that is asked of it fails from here on.
int linux_shut_down(const char *path);

// From here on, the calling thread reaches files as nobody, and without a root's capabilities.
int linux_become_nobody(void);

// The process's limit for the length of files: what goes beyond raises SIGXFSZ. < 0 for as long as it may have
// them.
int linux_limit_file_size(long count);
// From here on, the calling thread can start no other: it is a nobody, whom the process's limit allows
// none. Not a limit of memory, of which AddressSanitizer has its own opinion; and it must be allowed
// again before the process ends, for which AddressSanitizer has a thread of its own.
int linux_forbid_threads(void);
int linux_allow_threads(void);

// From here on the process's calls of io_uring fail with this error number, as in a container that
// does not allow them; there is no way back.
int linux_forbid_ring(int error);
// Lets the process have so many descriptors: -EPERM where that is more than it may.
int linux_allow_descriptors(long count);
// Lets it have no more than so many.
int linux_limit_descriptors(long count);
// Whether it could be allowed so many.
int linux_may_allow_descriptors(long count);
// Lets it have no more addresses than for so many bytes.
int linux_limit_address_space(long count);
// Whether memory is the process's own, and not a sanitizer's.
int linux_has_own_memory(void);
// Forgets what is in memory of a file, once that is on the device.
int linux_drop_pages(const char *path);

// From here on calls of this process that read, write, send and sync are interrupted at random, do less than
// they are asked for, or find no room where there is some: -ENOTSUP under a sanitizer.
int linux_be_fickle(unsigned seed);
// How often that has happened.
long linux_fickle_count(void);

// A pipe that no program started from here gets, and with numbers that leave the low ones free.
int linux_own_pipe(int *from, int *to);

// Handlers as a host may have them. The counting one ends the process with 99 at its 1000th call:
// after a fault that it cannot mend it would be called for ever.
int linux_default(int signal, int flags);
int linux_ignore(int signal);
int linux_count(int signal, int flags);
int linux_exit_on(int signal, int code, int flags);
// The handler with the older signature.
int linux_plain_exit_on(int signal, int code);
// How often the counting handler was called, and whether the signal was blocked while it ran.
int linux_signal_count(void);
int linux_was_blocked_in_handler(void);

// Whether a signal waits to be let through to the calling thread.
int linux_is_pending(int signal);
int linux_block(int signal);
int linux_unblock(int signal);

// Children that wait to be killed, or for the file to be gone. What else the caller has open, they
// have not: it would keep locks of other tests. Each returns the child's number.

// One that has locked a whole file as a JVM does: -EAGAIN where it could not.
int linux_fork_locking(const char *path);
// One that has what the caller has open of a file, as any child has that does not call exec.
int linux_fork_keeping(const char *path);
// Ends a child: from then on it is a zombie, until it is reaped.
int linux_kill_child(int process);
int linux_reap_child(int process);

#ifdef __cplusplus
}
#endif
