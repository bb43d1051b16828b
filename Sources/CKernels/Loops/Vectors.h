// What all loops are written in: vectors of the compiler's own, so that a loop is written once for all instruction sets.
// Clang compiles the toolkit; the spellings of GCC are for Debian's cross compiler, which tests what this machine is not.
#pragma once

#include <math.h>
#include <string.h>

#include "Kernels.h"

#if defined(__clang__)
#define VECTOR_TYPE(name, element, lanes, alignment) \
  typedef element name __attribute__((ext_vector_type(lanes), aligned(alignment)))
// All lanes the same, and one or the other by a comparison's result.
#define SPLAT(type, value) ((type)(value))
#define SELECT(condition, yes, no) ((condition) ? (yes) : (no))
#define SQUARE_ROOTS(values) __builtin_elementwise_sqrt(values)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define VECTOR_TYPE(name, element, lanes, alignment) \
  typedef element name __attribute__((vector_size((lanes) * sizeof(element)), aligned(alignment)))
#define SPLAT(type, value) ((type)((value) - (type){0}))
#define SELECT(condition, yes, no)                                           \
  ({                                                                         \
    const __typeof__(condition) mask = (condition);                          \
    (__typeof__(no))((mask & (__typeof__(mask))(yes)) | (~mask & (__typeof__(mask))(no))); \
  })
#define SQUARE_ROOTS(values)                                                                            \
  ({                                                                                                    \
    __typeof__(values) roots = (values);                                                                \
    for (unsigned lane = 0; lane < sizeof roots / sizeof(float); lane++) roots[lane] = sqrtf(roots[lane]); \
    roots;                                                                                              \
  })
#define UNROLL _Pragma("GCC unroll 32")
#endif

#define INLINE static inline __attribute__((always_inline)) TARGET

VECTOR_TYPE(vector, float, LANES, LANES * 4);
VECTOR_TYPE(loose, float, LANES, 4);
VECTOR_TYPE(whole, int32_t, LANES, LANES * 4);

// So many rows share a pointer: their distances are multiples of one register that an x86's addresses can hold (0, 1, 2, 3
// and 4 steps), which leaves enough registers for 24 accumulators.
enum { GROUP = 5 };
