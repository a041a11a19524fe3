#pragma once

#include <stddef.h>
#include <stdint.h>

int64_t varve_read_stream(int descriptor, void *memory, size_t count);
int64_t varve_write_stream(int descriptor, const void *memory, size_t count);

// 1 where a person looks at it.
int varve_is_terminal(int descriptor);

// Of this process's own: a library leaves its host's signals alone, a command is no library.
int varve_ignore_broken_pipes(void);

_Noreturn void varve_exit(int code);
