#define _GNU_SOURCE
#include "varve_processes.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int32_t varve_process_id(void) { return getpid(); }

int varve_find_process(int32_t process) { return kill(process, 0) < 0 ? -errno : 0; }

int64_t varve_process_status(int32_t process, char *text, size_t count) {
  char path[32];
  snprintf(path, sizeof path, "/proc/%d/stat", process);
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return -errno;
  ssize_t done = read(descriptor, text, count);
  int error = errno;
  close(descriptor);
  return done < 0 ? -error : done;
}

int varve_host_name(char text[65]) {
  if (gethostname(text, 65) < 0) return -errno;
  text[64] = 0;
  return 0;
}
