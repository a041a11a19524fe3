#define _GNU_SOURCE
#include "include/BenchTrace.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// A mark is a getpriority() of a kind that doesn't exist: harmless, and no one else's.
enum { MARK = 0x56415256, MARK_BEGIN = 1, MARK_END = 2 };

void varve_bench_trace_begin(void) { syscall(SYS_getpriority, MARK, MARK_BEGIN); }
void varve_bench_trace_end(void) { syscall(SYS_getpriority, MARK, MARK_END); }

// What the tracer has seen so far.
struct tracing {
  pid_t leader;
  int counting, began, ended;
  int timed_out, exit_status;
  varve_bench_trace *trace;
};

// -- The program to be traced, between fork and exec: system calls only.

static void reset_signals(void) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  signal(SIGALRM, SIG_DFL);
}

static void await_tracer(int gate) {
  char byte;
  while (read(gate, &byte, 1) < 0 && errno == EINTR) continue;
}

static void become_program(const char *path, char *const arguments[], unsigned seconds,
                           int gate) {
  setpgid(0, 0);
  reset_signals();
  await_tracer(gate);
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  dup2(null, STDIN_FILENO);
  dup2(null, STDOUT_FILENO);
  // Outlives the exec, and bounds the tracer's waiting along with the program's running.
  alarm(seconds);
  execv(path, arguments);
  _exit(127);
}

// -- The tracer.

static pid_t wait_for(pid_t which, int *status) {
  for (;;) {
    pid_t task = waitpid(which, status, __WALL);
    if (task >= 0 || errno != EINTR) return task;
  }
}

static void observe_mark(struct tracing *tracing, uint64_t mark) {
  if (mark == MARK_BEGIN) tracing->counting = tracing->began = 1;
  if (mark == MARK_END) {
    tracing->ended = tracing->began;
    tracing->counting = 0;
  }
}

static void observe_call(struct tracing *tracing, pid_t task) {
  struct __ptrace_syscall_info info;
  memset(&info, 0, sizeof info);
  if (ptrace(PTRACE_GET_SYSCALL_INFO, task, sizeof info, &info) < 0) return;
  if (info.op != PTRACE_SYSCALL_INFO_ENTRY) return;
  if (info.entry.nr == SYS_getpriority && info.entry.args[0] == MARK) {
    observe_mark(tracing, info.entry.args[1]);
    return;
  }
  if (!tracing->counting) return;
  tracing->trace->total++;
  if (info.entry.nr < VARVE_BENCH_TRACE_NUMBERS) tracing->trace->by_number[info.entry.nr]++;
}

// The signal to let the task go on with.
static int observe_stop(struct tracing *tracing, pid_t task, int status) {
  int signal = WSTOPSIG(status);
  if (signal == (SIGTRAP | 0x80)) {
    observe_call(tracing, task);
    return 0;
  }
  // An event of ptrace's own, a thread's start among them.
  if (status >> 16 != 0) return 0;
  if (signal == SIGALRM) {
    tracing->timed_out = 1;
    return SIGKILL;
  }
  return signal;
}

static void follow(struct tracing *tracing) {
  int status;
  pid_t task;
  // By process group, and not any child: those that are not ours are not to be reaped.
  while ((task = wait_for(-tracing->leader, &status)) > 0) {
    if (WIFSTOPPED(status)) {
      int signal = observe_stop(tracing, task, status);
      // Fails for a task that was killed meanwhile; its end is reported next.
      ptrace(PTRACE_SYSCALL, task, NULL, (void *)(intptr_t)signal);
    } else if (task == tracing->leader) {
      tracing->exit_status = status;
    }
  }
}

static int verdict(const struct tracing *tracing) {
  if (tracing->timed_out) return -ETIMEDOUT;
  if (!WIFEXITED(tracing->exit_status) || WEXITSTATUS(tracing->exit_status) != 0) return -ECHILD;
  return tracing->ended ? 0 : -EPROTO;
}

// The program's process, which waits for the gate to be closed.
static pid_t start_program(const char *path, char *const arguments[], unsigned seconds,
                           int *gate) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) return -errno;
  pid_t child = fork();
  int error = errno;
  if (child == 0) {
    close(ends[1]);
    become_program(path, arguments, seconds, ends[0]);
  }
  close(ends[0]);
  if (child < 0) {
    close(ends[1]);
    return -error;
  }
  setpgid(child, child);
  *gate = ends[1];
  return child;
}

// Seized rather than attached: a new thread's first stop can't be taken for a SIGSTOP. The
// first stop of all is that of the exec.
static int seize(pid_t child) {
  long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |
                 PTRACE_O_EXITKILL;
  if (ptrace(PTRACE_SEIZE, child, NULL, (void *)options) == 0) return 0;
  int error = errno, status;
  kill(child, SIGKILL);
  wait_for(child, &status);
  return -error;
}

int varve_bench_trace_run(const char *path, char *const arguments[], unsigned seconds,
                          varve_bench_trace *trace) {
  memset(trace, 0, sizeof *trace);
  int gate;
  pid_t child = start_program(path, arguments, seconds, &gate);
  if (child < 0) return child;
  int error = seize(child);
  close(gate);
  if (error < 0) return error;
  struct tracing tracing = {.leader = child, .trace = trace};
  follow(&tracing);
  return verdict(&tracing);
}
