#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// All descriptors are opened close-on-exec, and symbolic links in the last place are followed.
int varve_open_reading(const char *path);
int varve_open_writing(const char *path);   // read and write; the file must exist
int varve_open_creating(const char *path);  // read and write; the file must not exist
int varve_open_any(const char *path);       // read and write; created where it is missing
int varve_close(int descriptor);

struct varve_status {
  int64_t byte_count;
  int64_t allocated_byte_count;
  int64_t inode;
  int64_t device;
  int64_t modified_seconds;
  int64_t modified_nanoseconds;
  int32_t kind;  // one of VARVE_KIND_*
};
enum { VARVE_KIND_FILE = 0, VARVE_KIND_DIRECTORY = 1, VARVE_KIND_OTHER = 2 };
int varve_status(int descriptor, struct varve_status *status);
int varve_status_at(const char *path, struct varve_status *status);
// The same by a name in a directory, which is looked up once for all of its names.
int varve_open_directory(const char *path);
int varve_status_in(int directory, const char *name, struct varve_status *status);

// The counts that these return may be short, and 0 at the end of the file.
int64_t varve_read(int descriptor, void *memory, size_t count, int64_t position);
// -EAGAIN where the bytes are not in memory; -EOPNOTSUPP where the file system cannot tell.
int64_t varve_read_resident(int descriptor, void *memory, size_t count, int64_t position);
// Past the page cache where the file system can, and otherwise after the cache has been let go.
int64_t varve_read_device(int descriptor, void *memory, size_t count, int64_t position);
// The first byte from a position on that is no hole, nor space that was allocated and never written
// to, and where the next such begins behind it; -ENXIO where there is none.
int64_t varve_next_data(int descriptor, int64_t position, int64_t *end);
int64_t varve_write(int descriptor, const void *memory, size_t count, int64_t position);

int varve_allocate(int descriptor, int64_t position, int64_t count);
int varve_truncate(int descriptor, int64_t count);
int varve_sync_data(int descriptor);
int varve_sync_all(int descriptor);
int varve_set_modified(int descriptor, int64_t seconds, int64_t nanoseconds);

// An exclusive lock on the whole file, held by the open description: -EAGAIN where another one, or
// a process, holds one.
int varve_lock(int descriptor);
int varve_unlock(int descriptor);
// 1 where somebody else's lock is in the way, 0 where none is. The process is above 0 where the lock
// is a process's, and the kernel can name it to this one.
int varve_lock_owner(int descriptor, int32_t *process);

int varve_rename(const char *from, const char *to);
int varve_unlink(const char *path);
int varve_make_directory(const char *path);
int varve_remove_directory(const char *path);
int varve_sync_directory(const char *path);

// Calls `each` for every name but "." and "..", until it returns something other than 0.
int varve_list(const char *path, void *context, int (*each)(void *context, const char *name));

struct varve_space {
  int64_t free_byte_count;   // for whoever is not root
  int64_t total_byte_count;
  int64_t type;              // the file system's magic number
};
int varve_space(const char *path, struct varve_space *space);
// The magic number of the file system that a file lies in.
int64_t varve_file_system_type(int descriptor);

// How many files the process may have open.
int64_t varve_file_limit(void);

// The kernel's boot id: 36 characters and a 0.
int varve_boot_id(char text[37]);

#ifdef __cplusplus
}
#endif
