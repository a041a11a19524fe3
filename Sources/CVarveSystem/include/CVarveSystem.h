#pragma once

// Every function here returns >= 0, or -errno. No policy, and no state but the guard's.
// What a call is for, and which errors it retries, is said where Swift wraps it.

#include "varve_files.h"
#include "varve_guard.h"
#include "varve_memory.h"
#include "varve_processes.h"
#include "varve_ring.h"
#include "varve_streams.h"
#include "varve_threads.h"
#include "varve_time.h"
#include "varve_transfer.h"
