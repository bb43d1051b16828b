#pragma once

#include "include/CKernels.h"
