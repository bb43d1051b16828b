#define _GNU_SOURCE
#include "Parallel.h"

#include <dlfcn.h>
#include <stdatomic.h>
#include <stddef.h>

typedef struct {
  void (*body)(void *context, int part);
  void *context;
  int parts;
  atomic_int next;
} job;

static void work(void *data) {
  job *job = data;
  for (int part; (part = atomic_fetch_add(&job->next, 1)) < job->parts;) job->body(job->context, part);
}

void fovea_parallel(int parts, void (*body)(void *context, int part), void *context) {
  job job = {body, context, parts, 0};
  // oneDNN's threads are OpenMP's, and turn idly for a while after each kernel: threads of our own would have to share
  // the cores with them. So the same team is asked, which is in the process wherever oneDNN is.
  typedef void (*starter)(void (*)(void *), void *, unsigned, unsigned);
  starter start = parts > 1 ? (starter)dlsym(RTLD_DEFAULT, "GOMP_parallel") : NULL;
  if (start) {
    start(work, &job, (unsigned)parts, 0);
  } else {
    work(&job);
  }
}
