#pragma once

#include "BenchClock.h"
#include "BenchCounting.h"
#include "BenchLimits.h"
#include "BenchTrace.h"
