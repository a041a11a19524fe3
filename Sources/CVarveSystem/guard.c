#define _GNU_SOURCE
#include "varve_guard.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct armed {
  uintptr_t start;
  uintptr_t end;
  int faults;
};

// Initial-exec: the handler must not allocate, which other models of thread-local storage may do at
// the first touch.
// Volatile, because the compiler sees no handler between two stores of ours.
static _Thread_local volatile struct armed armed __attribute__((tls_model("initial-exec")));

// Who handled SIGBUS before. Written under the lock, before our handler is reachable; read by the
// handler alone.
static struct sigaction before;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

// A fault happens again when its instruction does; what somebody sent does not, and neither does
// the news of a broken page that nobody has asked for yet.
static int happens_again(const siginfo_t *info) {
  return info->si_code > 0 && info->si_code != BUS_MCEERR_AO;
}

static void end_process(int signal, siginfo_t *info) {
  struct sigaction none;
  memset(&none, 0, sizeof none);
  none.sa_handler = SIG_DFL;
  sigaction(signal, &none, NULL);
  if (!happens_again(info)) raise(signal);
}

// Does what the kernel would have done if ours were not there.
static void pass_on(int signal, siginfo_t *info, void *context) {
  if (before.sa_handler == SIG_IGN && !happens_again(info)) return;
  // Whether or not faults are ignored, nobody survives them.
  if (before.sa_handler == SIG_DFL || before.sa_handler == SIG_IGN) {
    end_process(signal, info);
    return;
  }
  if (before.sa_flags & SA_RESETHAND) {
    struct sigaction none = before;
    none.sa_handler = SIG_DFL;
    sigaction(signal, &none, NULL);
  }
  // The kernel puts the mask back when we return.
  sigset_t mask = before.sa_mask;
  if (!(before.sa_flags & SA_NODEFER)) sigaddset(&mask, signal);
  pthread_sigmask(SIG_BLOCK, &mask, NULL);
  if (before.sa_flags & SA_SIGINFO) {
    before.sa_sigaction(signal, info, context);
  } else {
    before.sa_handler(signal);
  }
}

static void handle(int signal, siginfo_t *info, void *context) {
  uintptr_t address = (uintptr_t)info->si_addr;
  // si_code > 0: the kernel's own fault, not a kill(2) from somewhere.
  if (info->si_code <= 0 || address < armed.start || address >= armed.end) {
    pass_on(signal, info, context);
    return;
  }
  int error = errno;
  uintptr_t size = (uintptr_t)sysconf(_SC_PAGESIZE);
  void *page = (void *)(address & ~(size - 1));
  void *mapped = mmap(page, size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  errno = error;
  if (mapped == MAP_FAILED) {
    pass_on(signal, info, context);
    return;
  }
  armed.faults++;
}

int varve_guard_is_installed(void) {
  struct sigaction now;
  if (sigaction(SIGBUS, NULL, &now) < 0) return -errno;
  return (now.sa_flags & SA_SIGINFO) && now.sa_sigaction == handle;
}

int varve_guard_install(void) {
  static int installed;
  pthread_mutex_lock(&lock);
  int done = 0;
  if (!installed) {
    struct sigaction ours;
    memset(&ours, 0, sizeof ours);
    ours.sa_sigaction = handle;
    // On the alternate stack where the thread has one. What is blocked while a handler runs that
    // we pass the signal to, is for that one to say.
    ours.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    sigemptyset(&ours.sa_mask);
    // Two calls, so that `before` is there before ours can run.
    done = sigaction(SIGBUS, NULL, &before);
    if (done == 0) done = sigaction(SIGBUS, &ours, NULL);
    if (done == 0) installed = 1;
    else done = -errno;
  }
  pthread_mutex_unlock(&lock);
  return done < 0 ? done : varve_guard_is_installed();
}

void varve_guard_arm(void *memory, size_t count) {
  armed.faults = 0;
  armed.start = (uintptr_t)memory;
  armed.end = (uintptr_t)memory + count;
  // The stores that follow must not be moved before this.
  __asm__ volatile("" ::: "memory");
}

int varve_guard_disarm(void) {
  __asm__ volatile("" ::: "memory");
  armed.start = 0;
  armed.end = 0;
  return armed.faults;
}
