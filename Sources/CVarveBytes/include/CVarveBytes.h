#pragma once

#include "varve_crc32c.h"
