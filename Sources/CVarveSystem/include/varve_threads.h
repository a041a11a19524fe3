#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// A mutex, for which there must be varve_mutex_size() bytes, aligned to 16. Who does not get it looks
// again for some 50 microseconds before it sleeps.
size_t varve_mutex_size(void);
int varve_mutex_init(void *mutex);
void varve_mutex_destroy(void *mutex);
void varve_mutex_lock(void *mutex);
int varve_mutex_try_lock(void *mutex);  // 1 if it was taken, 0 if not
void varve_mutex_unlock(void *mutex);

// A condition, for which there must be varve_condition_size() bytes, aligned to 16.
size_t varve_condition_size(void);
int varve_condition_init(void *condition);
void varve_condition_destroy(void *condition);
void varve_condition_wait(void *condition, void *mutex);
// Until then by varve_monotonic_nanoseconds(). 1 if woken, 0 if the time has come.
int varve_condition_wait_until(void *condition, void *mutex, int64_t nanoseconds);
void varve_condition_signal(void *condition);
void varve_condition_broadcast(void *condition);

// Threads that sleep, in the order in which they came: for each queue there must be varve_sleepers_size() bytes,
// aligned to 16, and a mutex, which whoever waits or takes holds.
size_t varve_sleepers_size(void);
void varve_sleepers_init(void *sleepers);
// Sleeps until taken and woken. The mutex is given back meanwhile, and not taken again.
void varve_sleepers_wait(void *sleepers, void *mutex);
// Takes out the first one, or all, to be woken without the mutex. NULL if nobody sleeps.
void *varve_sleepers_take_one(void *sleepers);
void *varve_sleepers_take_all(void *sleepers);
// Wakes who was taken out: so many at once, each of whom wakes the next one before it goes on.
void varve_sleepers_wake(void *taken, int chains);

// Starts a thread that blocks every signal but those which a fault of its own raises, SIGBUS among
// them. The name is cut to 15 bytes. `*thread` is set on success, for varve_thread_join, or for
// varve_thread_detach, which lets the thread give back its stack on its own when it ends.
int varve_thread_start(const char *name, void (*body)(void *), void *context, uint64_t *thread);
int varve_thread_join(uint64_t thread);
int varve_thread_detach(uint64_t thread);

// For tests: whether this thread blocks a signal, and its name.
int varve_thread_blocks(int signal);
int varve_thread_name(char text[16]);

#ifdef __cplusplus
}
#endif
