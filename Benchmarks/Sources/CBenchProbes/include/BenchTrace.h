#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { VARVE_BENCH_TRACE_NUMBERS = 512 };

// System calls of all threads between the marks, by number.
typedef struct {
  uint64_t total;
  uint64_t by_number[VARVE_BENCH_TRACE_NUMBERS];
} varve_bench_trace;

// Called by the traced program. Without a tracer each is a system call that fails.
void varve_bench_trace_begin(void);
void varve_bench_trace_end(void);

// Runs a program under ptrace, for at most so many seconds, and counts what it calls between
// its marks. 0, or -errno: -EPERM where tracing isn't allowed, -ETIMEDOUT, -ECHILD where the
// program failed, -EPROTO where it never reached both marks.
int varve_bench_trace_run(const char *path, char *const arguments[], unsigned seconds,
                          varve_bench_trace *trace);

#ifdef __cplusplus
}
#endif
