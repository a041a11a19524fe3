#pragma once

#include "counters.h"

// Whether retains and releases go by way of the counters.
void varve_bench_switch_hooks(int on);
