#define _GNU_SOURCE
#include "varve_streams.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

int64_t varve_read_stream(int descriptor, void *memory, size_t count) {
  ssize_t done = read(descriptor, memory, count);
  return done < 0 ? -errno : done;
}

int64_t varve_write_stream(int descriptor, const void *memory, size_t count) {
  ssize_t done = write(descriptor, memory, count);
  return done < 0 ? -errno : done;
}

int varve_is_terminal(int descriptor) { return isatty(descriptor); }

int varve_ignore_broken_pipes(void) { return signal(SIGPIPE, SIG_IGN) == SIG_ERR ? -errno : 0; }

void varve_exit(int code) { exit(code); }
