#pragma once

#include "BenchClock.h"
#include "BenchCounting.h"
#include "BenchDevice.h"
#include "BenchFiles.h"
#include "BenchLimits.h"
#include "BenchTrace.h"
#include "BenchWarmth.h"
