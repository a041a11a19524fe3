#pragma once

#include "BareAppender.h"
#include "BareReader.h"
#include "BareWake.h"
#include "BareWriter.h"
