#pragma once

#include "BareAppender.h"
#include "BareChecker.h"
#include "BareReader.h"
#include "BareSender.h"
#include "BareSyncer.h"
#include "BareWake.h"
#include "BareWriter.h"
