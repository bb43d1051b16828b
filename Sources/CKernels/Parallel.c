#define _GNU_SOURCE
#include "Parallel.h"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

typedef struct job {
  void (*body)(void *context, int part);
  void *context;
  int parts;
  atomic_int next;
  // Of threads of our own: how many are at it, and the job of another caller.
  int helpers;
  struct job *following;
} job;

static void work(void *data) {
  job *job = data;
  for (int part; (part = atomic_fetch_add(&job->next, 1)) < job->parts;) job->body(job->context, part);
}

typedef void (*starter)(void (*)(void *), void *, unsigned, unsigned);

// oneDNN's threads are OpenMP's, and look for more work for a while after each kernel: threads of our own would have to
// share the cores with them. So the same team is asked, by the entry that GNU's runtime has, and LLVM's on Linux too.
static starter openMP(void) {
  static _Atomic(starter) found;
  starter start = atomic_load_explicit(&found, memory_order_relaxed);
  if (!start) {
    start = (starter)dlsym(RTLD_DEFAULT, "GOMP_parallel");
    atomic_store_explicit(&found, start, memory_order_relaxed);
  }
  return start;
}

void fovea_parallel(int parts, void (*body)(void *context, int part), void *context) {
  const starter start = parts > 1 ? openMP() : NULL;
  if (!start) {
    fovea_parallel_apart(parts, body, context);
    return;
  }
  job job = {.body = body, .context = context, .parts = parts};
  start(work, &job, (unsigned)parts, 0);
}

// The threads of our own, which sleep until there is a job with parts that nobody has taken. Each caller works on its own
// job too, so that none waits for another's.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t isWork = PTHREAD_COND_INITIALIZER, isDone = PTHREAD_COND_INITIALIZER;
static job *jobs;
static int wanted, started;

static job *openJob(void) {
  job *job = jobs;
  while (job && atomic_load(&job->next) >= job->parts) job = job->following;
  return job;
}

static void *help(void *nothing) {
  pthread_mutex_lock(&lock);
  for (;;) {
    job *job = openJob();
    if (!job) {
      pthread_cond_wait(&isWork, &lock);
      continue;
    }
    job->helpers++;
    pthread_mutex_unlock(&lock);
    work(job);
    pthread_mutex_lock(&lock);
    if (--job->helpers == 0) pthread_cond_broadcast(&isDone);
  }
  return nothing;
}

// Until there are as many as all callers have asked for at once. What cannot be started, the callers do themselves.
static void startHelpers(void) {
  sigset_t all, before;
  sigfillset(&all);
  // Signals are for the threads that know what to do with them.
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  while (started < wanted && pthread_create(&thread, NULL, help, NULL) == 0) {
    pthread_detach(thread);
    started++;
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void fovea_parallel_apart(int parts, void (*body)(void *context, int part), void *context) {
  job job = {.body = body, .context = context, .parts = parts};
  if (parts < 2) {
    work(&job);
    return;
  }
  pthread_mutex_lock(&lock);
  job.following = jobs;
  jobs = &job;
  wanted += parts - 1;
  if (started < wanted) startHelpers();
  pthread_cond_broadcast(&isWork);
  pthread_mutex_unlock(&lock);
  work(&job);
  pthread_mutex_lock(&lock);
  wanted -= parts - 1;
  struct job **place = &jobs;
  while (*place != &job) place = &(*place)->following;
  *place = job.following;
  while (job.helpers > 0) pthread_cond_wait(&isDone, &lock);
  pthread_mutex_unlock(&lock);
}
