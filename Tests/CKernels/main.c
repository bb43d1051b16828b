// Compares each function of each set of kernels that this processor has with the portable one, element by element. The
// portable ones are compared with plain loops in Swift, with all others.
//
//   kernels [SET]   SET must be there; without it, all that are
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "Check.h"

typedef struct {
  int parts;
  atomic_int inside, calls[8];
} meeting;

// Ends when all parts have begun, which on fewer threads they never do.
static void meet(void *context, int part) {
  meeting *m = context;
  atomic_fetch_add(&m->calls[part], 1);
  atomic_fetch_add(&m->inside, 1);
  for (time_t start = time(NULL); atomic_load(&m->inside) < m->parts && time(NULL) - start < 60;) {
    nanosleep(&(struct timespec){0, 1000000}, NULL);
  }
}

static void *share(void *context) {
  meeting *m = context;
  for (int round = 0; round < 20; round++) {
    m->inside = 0;
    // No OpenMP is in this program.
    fovea_parallel(m->parts, meet, m);
    if (m->inside != m->parts) break;
  }
  return NULL;
}

void checkThreads(tested *t) {
  meeting meetings[2] = {{.parts = 4}, {.parts = 3}};
  pthread_t other;
  if (pthread_create(&other, NULL, share, &meetings[1]) != 0) abort();
  share(&meetings[0]);
  pthread_join(other, NULL);
  for (int i = 0; i < 2; i++) {
    for (int part = 0; part < 8; part++) {
      const float expected = part < meetings[i].parts ? 20 : 0, got = (float)meetings[i].calls[part];
      compare(t, "parallel", 1, &got, &expected, 0);
    }
  }
}

int main(int count, char **arguments) {
  static const struct {
    const char *name;
    fovea_instructions instructions;
  } sets[] = {{"avx2", FOVEA_KERNELS_AVX2}, {"avx512", FOVEA_KERNELS_AVX512}, {"neon", FOVEA_KERNELS_NEON}};
  bool isFound = count < 2;
  long wrong = 0;
  tested threads = {.name = "threads"};
  checkThreads(&threads);
  wrong += threads.wrong;
  for (unsigned i = 0; i < sizeof sets / sizeof *sets; i++) {
    if (!fovea_kernels_has(sets[i].instructions) || (count > 1 && strcmp(arguments[1], sets[i].name) != 0)) continue;
    isFound = true;
    tested t = {.set = fovea_kernels_of(sets[i].instructions), .instructions = sets[i].instructions, .name = sets[i].name};
    compareRowFunctions(&t);
    compareListFunctions(&t);
    compareInterleavedFunctions(&t);
    comparePlaneFunctions(&t);
    compareDenseFunctions(&t);
    compareNormalizationFunctions(&t);
    compareByteFunctions(&t);
    compareWinogradFunctions(&t);
    comparePoolingFunctions(&t);
    printf("%s: %d functions, %ld elements, %ld of them other than portable C's\n", t.name, t.functions, t.elements,
           t.wrong);
    fflush(stdout);
    wrong += t.wrong;
  }
  if (!isFound) printf("%s: not on this processor\n", arguments[1]);
  return !isFound || wrong > 0;
}
