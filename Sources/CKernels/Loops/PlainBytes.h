// The functions of fovea_byte_kernels for processors without instructions of their own for it: one product after the other.
#define FACTOR int16_t
#define GROUP_SIZE 1
#define WEIGHTS whole
#define LOAD(to, from)                              \
  {                                                 \
    weightBytes bytes;                              \
    memcpy(&bytes, from, sizeof bytes);             \
    to = __builtin_convertvector(bytes, whole);     \
  }
#define REPEAT(from) SPLAT(whole, (int32_t)*(from))
#define MULTIPLY(sums, x, w) ((sums) + (x) * (w))
#include "Vectors.h"

VECTOR_TYPE(weightBytes, int8_t, LANES, 1);
VECTOR_TYPE(weightWords, int16_t, LANES, 2);

#include "ByteLoops.h"

TARGET static void depthwise(const fovea_byte_depthwise_row *row) {
  for (int c = 0; c < row->channels; c += LANES) {
    const long room = (row->result->bytes ? row->pitch : row->filters) - c;
    for (int p = 0; p < row->count; p++) {
      whole sums;
      memcpy(&sums, row->starts + c, sizeof sums);
      for (int t = 0; t < row->tapCount; t++) {
        octets x;
        weightWords w;
        memcpy(&x, row->x + c + p * row->step + row->taps[t], sizeof x);
        memcpy(&w, row->weights + ((long)c * row->tapCount + t * LANES), sizeof w);
        sums += __builtin_convertvector(x, whole) * __builtin_convertvector(w, whole);
      }
      finish(row->result, &sums, 1, c, (row->pixel + p) * row->pitch + c, row->pitch, 1, room);
    }
  }
}

const fovea_byte_kernels BYTE_TABLE = {
    .name = BYTE_NAME, .group = 1, .lanes = LANES, .row = byteRow, .depthwiseGroup = 1, .depthwise = depthwise};
