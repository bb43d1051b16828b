#if defined(__aarch64__)

#define LANES 8
#define BYTE_PIXELS 6
#define BYTE_CASES CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6)
#define TARGET
#define BYTE_TABLE fovea_neon_bytes
#define BYTE_NAME "bytes:neon"
#include "Loops/PlainBytes.h"

#endif
