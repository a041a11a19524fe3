#define _GNU_SOURCE
#include "varve_threads.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

size_t varve_mutex_size(void) { return sizeof(pthread_mutex_t); }

int varve_mutex_init(void *mutex) { return -pthread_mutex_init(mutex, NULL); }

void varve_mutex_destroy(void *mutex) { pthread_mutex_destroy(mutex); }
// What a lock protects is mostly over in less time than going to sleep takes, so a thread looks
// again for a while. Ever more rarely: each look takes the line away from whoever holds the lock,
// and glibc's own adaptive mutex, which looks at every pause, makes two appenders half as fast as
// one. This keeps them within a tenth.
//
// From the seventh look on, others may have the processor in between: where there are more threads than
// processors, it may be one of them who holds the lock, and has lost his.
enum { LOOKS = 100, LOOKS_IN_A_ROW = 6, MOST_PAUSES = 32 };

static inline void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

static __attribute__((noinline)) void lock_contended(void *mutex) {
  int pauses = 1;
  for (int look = 0; look < LOOKS; look++) {
    for (int i = 0; i < pauses; i++) pause_briefly();
    if (pauses < MOST_PAUSES) pauses *= 2;
    if (pthread_mutex_trylock(mutex) == 0) return;
    if (look >= LOOKS_IN_A_ROW) sched_yield();
  }
  pthread_mutex_lock(mutex);
}

void varve_mutex_lock(void *mutex) {
  if (pthread_mutex_trylock(mutex) != 0) lock_contended(mutex);
}
int varve_mutex_try_lock(void *mutex) { return pthread_mutex_trylock(mutex) == 0; }
void varve_mutex_unlock(void *mutex) { pthread_mutex_unlock(mutex); }

size_t varve_condition_size(void) { return sizeof(pthread_cond_t); }

int varve_condition_init(void *condition) {
  pthread_condattr_t attributes;
  int error = pthread_condattr_init(&attributes);
  if (error) return -error;
  // A wall clock that is set back would make a wait last for hours.
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  error = pthread_cond_init(condition, &attributes);
  pthread_condattr_destroy(&attributes);
  return -error;
}

void varve_condition_destroy(void *condition) { pthread_cond_destroy(condition); }
void varve_condition_wait(void *condition, void *mutex) { pthread_cond_wait(condition, mutex); }

int varve_condition_wait_until(void *condition, void *mutex, int64_t nanoseconds) {
  // pthread refuses what lies before 0, and does not wait: that would pass for being woken.
  if (nanoseconds < 0) nanoseconds = 0;
  struct timespec until = {.tv_sec = nanoseconds / 1000000000,
                           .tv_nsec = (long)(nanoseconds % 1000000000)};
  return pthread_cond_timedwait(condition, mutex, &until) != ETIMEDOUT;
}

void varve_condition_signal(void *condition) { pthread_cond_signal(condition); }
void varve_condition_broadcast(void *condition) { pthread_cond_broadcast(condition); }

// On the stack of the thread that sleeps.
struct sleeper {
  _Atomic uint32_t is_woken;
  // Within the queue whoever comes next, and once taken out of it whom this one wakes.
  struct sleeper *next;
};

struct sleepers {
  struct sleeper *first, *last;
};

size_t varve_sleepers_size(void) { return sizeof(struct sleepers); }
void varve_sleepers_init(void *memory) { *(struct sleepers *)memory = (struct sleepers){0}; }

static void wake(struct sleeper *sleeper) {
  _Atomic uint32_t *word = &sleeper->is_woken;
  atomic_store_explicit(word, 1, memory_order_release);
  // The thread may be gone by now, and its stack with it: then nobody waits at that address, or somebody who
  // looks why he was woken.
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

void varve_sleepers_wait(void *memory, void *mutex) {
  struct sleepers *sleepers = memory;
  struct sleeper own = {0};
  if (sleepers->last) sleepers->last->next = &own;
  else sleepers->first = &own;
  sleepers->last = &own;
  pthread_mutex_unlock(mutex);
  while (!atomic_load_explicit(&own.is_woken, memory_order_acquire)) {
    syscall(SYS_futex, &own.is_woken, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
  }
  if (own.next) wake(own.next);
}

void *varve_sleepers_take_one(void *memory) {
  struct sleepers *sleepers = memory;
  struct sleeper *taken = sleepers->first;
  if (!taken) return NULL;
  sleepers->first = taken->next;
  if (!sleepers->first) sleepers->last = NULL;
  taken->next = NULL;
  return taken;
}

void *varve_sleepers_take_all(void *memory) {
  struct sleepers *sleepers = memory;
  struct sleeper *taken = sleepers->first;
  *sleepers = (struct sleepers){0};
  return taken;
}

enum { MOST_CHAINS = 8 };

void varve_sleepers_wake(void *taken, int chains) {
  if (chains > MOST_CHAINS) chains = MOST_CHAINS;
  struct sleeper *heads[MOST_CHAINS] = {0}, *tails[MOST_CHAINS] = {0};
  int count = 0;
  for (struct sleeper *next = taken; next; count++) {
    struct sleeper *sleeper = next;
    next = sleeper->next;
    sleeper->next = NULL;
    int chain = count % chains;
    if (tails[chain]) tails[chain]->next = sleeper;
    else heads[chain] = sleeper;
    tails[chain] = sleeper;
  }
  // Only now: who is woken looks at once whom it has to wake.
  for (int chain = 0; chain < chains && heads[chain]; chain++) wake(heads[chain]);
}

struct start {
  void (*body)(void *);
  void *context;
  char name[16];
};

static void *run(void *argument) {
  struct start start = *(struct start *)argument;
  free(argument);
  pthread_setname_np(pthread_self(), start.name);
  start.body(start.context);
  return NULL;
}

int varve_thread_start(const char *name, void (*body)(void *), void *context, uint64_t *thread) {
  struct start *start = malloc(sizeof *start);
  if (!start) return -ENOMEM;
  start->body = body;
  start->context = context;
  strncpy(start->name, name, sizeof start->name - 1);
  start->name[sizeof start->name - 1] = 0;

  // A thread inherits its creator's mask: set ours, start, and put the caller's back. A host's
  // handlers never run on our threads; what a fault of the thread itself raises is not blocked,
  // because the kernel would kill the process without asking anyone.
  sigset_t all, old;
  sigfillset(&all);
  static const int faults[] = {SIGBUS, SIGSEGV, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS};
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) sigdelset(&all, faults[i]);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  pthread_t started;
  int error = pthread_create(&started, NULL, run, start);
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  if (error) {
    free(start);
    return -error;
  }
  *thread = (uint64_t)started;
  return 0;
}

int varve_thread_join(uint64_t thread) { return -pthread_join((pthread_t)thread, NULL); }
int varve_thread_detach(uint64_t thread) { return -pthread_detach((pthread_t)thread); }

int varve_thread_blocks(int signal) {
  sigset_t now;
  int error = pthread_sigmask(SIG_SETMASK, NULL, &now);
  return error ? -error : sigismember(&now, signal);
}

int varve_thread_name(char text[16]) { return -pthread_getname_np(pthread_self(), text, 16); }
