#pragma once

#include "varve_crc32.h"
#include "varve_crc32c.h"
