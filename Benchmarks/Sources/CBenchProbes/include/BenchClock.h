#pragma once

#include <stdint.h>
#include <time.h>

// Nanoseconds since some fixed point. On most machines this doesn't enter the kernel.
static inline uint64_t varve_bench_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

// Sleeps until then, or until a signal comes.
static inline void varve_bench_sleep(uint64_t time) {
  struct timespec then = {.tv_sec = (time_t)(time / 1000000000u), .tv_nsec = (long)(time % 1000000000u)};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &then, NULL);
}

// The compiler has to assume that all memory reachable from here is read: nothing that led
// to it can be optimised away. No instruction is emitted.
static inline void varve_bench_consume(const void *value) {
  __asm__ volatile("" : : "r"(value) : "memory");
}

// Likewise read and written: what is there afterwards is unknown to the compiler.
static inline void varve_bench_launder(void *value) {
  __asm__ volatile("" : : "r"(value) : "memory");
}
