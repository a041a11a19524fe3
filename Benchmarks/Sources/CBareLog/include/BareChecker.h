#pragma once

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The least that recovery can do: a segment's file is read in pieces of 256 KiB, and each batch in
// it compared with its checksum and with the offset of the one before.
typedef struct bare_checker bare_checker;

int bare_checker_open(bare_checker **checker, const char *path);
void bare_checker_close(bare_checker *checker);

// Goes through the file as far as there are batches, and says how many, or -errno; -EBADMSG where
// one is not as its header says. Where it rewrites, what was read is written once more where it was,
// and synced in the end: for after a sync that may have failed.
int64_t bare_checker_run(bare_checker *checker, bool rewrites);

#ifdef __cplusplus
}
#endif
