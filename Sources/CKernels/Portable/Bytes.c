#include "Tuning.h"

#define TARGET
#define BYTE_TABLE fovea_portable_bytes
#define BYTE_NAME "bytes:portable"
#include "Loops/PlainBytes.h"
