#define _GNU_SOURCE
#include "include/BenchDevice.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { SECTOR_BYTES = 512 };
// Places of the numbers in a device's line.
enum { WRITTEN_SECTORS = 6, FLUSHES = 15, NUMBERS = 17 };

static int read_line(const char *path, varve_bench_device *device) {
  FILE *file = fopen(path, "re");
  if (file == NULL) return -errno;
  uint64_t numbers[NUMBERS] = {0};
  int count = 0;
  while (count < NUMBERS && fscanf(file, "%" SCNu64, &numbers[count]) == 1) count++;
  fclose(file);
  if (count <= FLUSHES) return -ENODATA;
  device->written_bytes = numbers[WRITTEN_SECTORS] * SECTOR_BYTES;
  device->flushes = numbers[FLUSHES];
  return 0;
}

int varve_bench_device_read(const char *path, varve_bench_device *device) {
  struct stat status;
  if (stat(path, &status) != 0) return -errno;
  char name[64], probe[96], line[96];
  snprintf(name, sizeof name, "/sys/dev/block/%u:%u", major(status.st_dev),
           minor(status.st_dev));
  snprintf(probe, sizeof probe, "%s/partition", name);
  const char *disk = access(probe, F_OK) == 0 ? "/.." : "";
  snprintf(line, sizeof line, "%s%s/stat", name, disk);
  return read_line(line, device);
}
