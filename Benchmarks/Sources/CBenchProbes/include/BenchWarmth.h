#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// Memory that has been touched and is given back to the system as that runs out of what was free
// when this began: so that what the page cache gets has been touched of late. NULL if there is none.
typedef struct varve_bench_warmth varve_bench_warmth;

varve_bench_warmth *varve_bench_warm(size_t count);
void varve_bench_cool(varve_bench_warmth *warmth);

#ifdef __cplusplus
}
#endif
