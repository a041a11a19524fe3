#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

int32_t varve_process_id(void);
// -ESRCH where there is no such process, -EPERM where there is one of somebody else's.
int varve_find_process(int32_t process);
// What /proc says of a process, in one line: returns how many bytes of it were put into `text`.
int64_t varve_process_status(int32_t process, char *text, size_t count);
// The host's name: at most 64 characters and a 0.
int varve_host_name(char text[65]);

#ifdef __cplusplus
}
#endif
