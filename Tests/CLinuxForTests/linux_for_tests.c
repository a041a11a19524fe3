#define _GNU_SOURCE
#include "linux_for_tests.h"

#include <malloc.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int result(int value) { return value < 0 ? -errno : value; }

int linux_open_terminal(int *master, int *slave) {
  *master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (*master < 0 || grantpt(*master) < 0 || unlockpt(*master) < 0) return -errno;
  char name[64];
  if (ptsname_r(*master, name, sizeof name) != 0) return -errno;
  *slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
  return *slave < 0 ? -errno : 0;
}

int linux_thread_id(void) { return gettid(); }

int linux_own_mounts(void) {
  if (unshare(CLONE_NEWNS) < 0) return -errno;
  // Or what is mounted here would be seen by everyone.
  return result(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL));
}

int linux_mount_tmpfs(const char *path, const char *options) {
  return result(mount("none", path, "tmpfs", 0, options));
}

int linux_make_read_only(const char *path) {
  return result(mount("none", path, NULL, MS_REMOUNT | MS_RDONLY, NULL));
}

int linux_shut_down(const char *path) {
  // That of XFS, which ext4 has by the same number.
  enum { WITHOUT_FLUSHING_ITS_JOURNAL = 2 };
  uint32_t how = WITHOUT_FLUSHING_ITS_JOURNAL;
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return -errno;
  int done = result(ioctl(file, _IOR('X', 125, uint32_t), &how));
  close(file);
  return done;
}

int linux_become_nobody(void) {
  // These return what was before, and say nothing of failure: a second call shows.
  enum { NOBODY = 65534 };
  setfsgid(NOBODY);
  setfsuid(NOBODY);
  return setfsuid(NOBODY) == NOBODY ? 0 : -EPERM;
}

int linux_limit_file_size(long count) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_FSIZE, &limit) < 0) return -errno;
  limit.rlim_cur = count < 0 ? limit.rlim_max : (rlim_t)count;
  return result(setrlimit(RLIMIT_FSIZE, &limit));
}

// Of the calling thread alone, by the call itself: the C library would take all threads along. Who root
// was is kept, as a way back.
static int become(int user) { return result((int)syscall(SYS_setresuid, user, user, 0)); }

static int limit_threads(int are_forbidden) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NPROC, &limit) < 0) return -errno;
  limit.rlim_cur = are_forbidden ? 0 : limit.rlim_max;
  return result(setrlimit(RLIMIT_NPROC, &limit));
}

int linux_forbid_threads(void) {
  enum { NOBODY = 65534 };
  int done = limit_threads(1);
  // Root is above that limit.
  return done < 0 || getuid() != 0 ? done : become(NOBODY);
}

int linux_allow_threads(void) {
  int done = limit_threads(0);
  // Where it was not root, that fails and changes nothing.
  if (done == 0) become(0);
  return done;
}

int linux_forbid_ring(int error) {
  // io_uring_setup, _enter and _register have the same numbers on every machine, in a row.
  enum { FIRST = 425, LAST = 427 };
  struct sock_filter rules[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FIRST, 0, 2),
      BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, LAST, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog filter = {.len = sizeof rules / sizeof *rules, .filter = rules};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return -errno;
  // For the threads that there are already, too.
  return result((int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC,
                             &filter));
}

int linux_may_allow_descriptors(long count) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return -errno;
  return limit.rlim_max >= (rlim_t)count;
}

int linux_allow_descriptors(long count) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return -errno;
  if (limit.rlim_max < (rlim_t)count) return -EPERM;
  if (limit.rlim_cur < (rlim_t)count) limit.rlim_cur = (rlim_t)count;
  return result(setrlimit(RLIMIT_NOFILE, &limit));
}

int linux_limit_descriptors(long count) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return -errno;
  limit.rlim_cur = (rlim_t)count;
  return result(setrlimit(RLIMIT_NOFILE, &limit));
}

int linux_limit_address_space(long count) {
  // Or each thread that allocates reserves 128 MiB.
  mallopt(M_ARENA_MAX, 1);
  struct rlimit limit = {.rlim_cur = (rlim_t)count, .rlim_max = (rlim_t)count};
  return result(setrlimit(RLIMIT_AS, &limit));
}

int linux_has_own_memory(void) {
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
  return 0;
#endif
#endif
  return 1;
}

int linux_drop_pages(const char *path) {
  int descriptor = open(path, O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return -errno;
  int done = result(fsync(descriptor));
  if (done >= 0) done = -posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
  close(descriptor);
  return done;
}

int linux_own_pipe(int *from, int *to) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) return -errno;
  enum { LOWEST = 16 };
  *from = fcntl(ends[0], F_DUPFD_CLOEXEC, LOWEST);
  *to = fcntl(ends[1], F_DUPFD_CLOEXEC, LOWEST);
  int error = *from < 0 || *to < 0 ? -errno : 0;
  close(ends[0]);
  close(ends[1]);
  return error;
}

static volatile sig_atomic_t count, was_blocked, exit_code;

static void exiting(int signal) {
  (void)signal;
  _exit(exit_code);
}

static void exiting_with_info(int signal, siginfo_t *info, void *context) {
  (void)context;
  // What a chained handler gets must be what the kernel said.
  _exit(info && info->si_signo == signal && context ? exit_code : 98);
}

static void counting(int signal, siginfo_t *info, void *context) {
  (void)info;
  (void)context;
  sigset_t now;
  pthread_sigmask(SIG_SETMASK, NULL, &now);
  was_blocked = sigismember(&now, signal);
  if (++count >= 1000) _exit(99);
}

static int set(int signal, struct sigaction action) {
  sigemptyset(&action.sa_mask);
  return result(sigaction(signal, &action, NULL));
}

int linux_default(int signal, int flags) {
  return set(signal, (struct sigaction){.sa_handler = SIG_DFL, .sa_flags = flags});
}
int linux_ignore(int signal) { return set(signal, (struct sigaction){.sa_handler = SIG_IGN}); }

int linux_count(int signal, int flags) {
  return set(signal,
             (struct sigaction){.sa_sigaction = counting, .sa_flags = flags | SA_SIGINFO});
}

int linux_exit_on(int signal, int code, int flags) {
  exit_code = code;
  return set(signal, (struct sigaction){.sa_sigaction = exiting_with_info,
                                        .sa_flags = flags | SA_SIGINFO});
}

int linux_plain_exit_on(int signal, int code) {
  exit_code = code;
  return set(signal, (struct sigaction){.sa_handler = exiting});
}

int linux_signal_count(void) { return count; }
int linux_was_blocked_in_handler(void) { return was_blocked; }

int linux_is_pending(int signal) {
  sigset_t pending;
  if (sigpending(&pending) < 0) return -errno;
  return sigismember(&pending, signal);
}

static int change(int how, int signal) {
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, signal);
  return -pthread_sigmask(how, &one, NULL);
}

int linux_block(int signal) { return change(SIG_BLOCK, signal); }
int linux_unblock(int signal) { return change(SIG_UNBLOCK, signal); }

// In a child of a process with threads: only what a signal handler may do.

static int is_file(int descriptor, const struct stat *file) {
  struct stat found;
  return fstat(descriptor, &found) == 0 && found.st_dev == file->st_dev &&
         found.st_ino == file->st_ino;
}

static int close_all_but(int report, const char *path) {
  struct stat file;
  if (path && stat(path, &file) < 0) return -errno;
  enum { MOST = 4096 };
  for (int descriptor = 0; descriptor < MOST; descriptor++) {
    if (descriptor != report && !(path && is_file(descriptor, &file))) close(descriptor);
  }
  return result(close_range(MOST, ~0U, 0));
}

static int lock_as_a_jvm(const char *path) {
  int descriptor = open(path, O_RDWR | O_CREAT, 0644);
  if (descriptor < 0) return -errno;
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  return result(fcntl(descriptor, F_SETLK, &lock));
}

static void live(int report, const char *path, int is_locking) {
  int done = close_all_but(report, is_locking ? NULL : path);
  if (done >= 0 && is_locking) done = lock_as_a_jvm(path);
  if (write(report, &done, sizeof done) != sizeof done || done < 0) _exit(1);
  close(report);
  // As long as its test, whose directory goes at the end, and never much longer than a run of all.
  enum { MOST_SECONDS = 1800 };
  for (int second = 0; second < MOST_SECONDS && access(path, F_OK) == 0; second++) {
    poll(NULL, 0, 1000);
  }
  _exit(0);
}

static int fork_child(const char *path, int is_locking) {
  int report[2];
  if (pipe2(report, O_CLOEXEC) < 0) return -errno;
  pid_t child = fork();
  if (child == 0) live(report[1], path, is_locking);
  int error = errno, done = -EIO;
  close(report[1]);
  if (child > 0) {
    ssize_t count = read(report[0], &done, sizeof done);
    if (count != sizeof done) done = -EIO;
  }
  close(report[0]);
  if (child < 0) return -error;
  if (done >= 0) return child;
  waitpid(child, NULL, 0);
  return done;
}

int linux_fork_locking(const char *path) { return fork_child(path, 1); }
int linux_fork_keeping(const char *path) { return fork_child(path, 0); }

int linux_kill_child(int process) {
  if (kill(process, SIGKILL) < 0) return -errno;
  siginfo_t info;
  return result(waitid(P_PID, (id_t)process, &info, WEXITED | WNOWAIT));
}

int linux_reap_child(int process) { return result(waitpid(process, NULL, 0)); }
