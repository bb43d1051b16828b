#include "Parallel.h"

typedef struct {
  size_t count;
  int parts;
  const float *x, *y;
  float *sum;
} job;

// What takes less time than a thread to wake up.
enum { FEWEST = 1 << 14 };

// Any processor's vectors keep up with the memory.
static void addPart(void *context, int part) {
  const job *job = context;
  const size_t end = job->count * (part + 1) / job->parts;
  for (size_t i = job->count * part / job->parts; i < end; i++) job->sum[i] = job->x[i] + job->y[i];
}

void fovea_add(size_t count, int32_t threads, const float *x, const float *y, float *sum) {
  job job = {.count = count, .parts = fovea_parts(count < FEWEST ? 1 : threads, FEWEST), .x = x, .y = y, .sum = sum};
  fovea_parallel(job.parts, addPart, &job);
}
