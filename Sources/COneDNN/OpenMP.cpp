// The threads that oneDNN's primitives run on.
#include "Support.hpp"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <thread>

namespace fovea::dnn {

namespace {

/// OpenMP's functions are looked up in the process, rather than linked, so that they are those of the runtime that
/// oneDNN itself was built with (GNU's, LLVM's or Intel's), and their absence (a oneDNN on TBB) is no link error.
struct OpenMP {
  void (*setThreads)(int) = nullptr;
  int (*maximumThreads)() = nullptr;
  int (*processors)() = nullptr;
  // GNU's entry to a parallel region.
  void (*startGNU)(void (*)(void *), void *, unsigned, unsigned) = nullptr;
  // GNU's way to end the calling thread's team.
  int (*endTeam)(int, int) = nullptr;
  int (*initialDevice)() = nullptr;
  // LLVM's and Intel's: for how many milliseconds a thread that waits spins before it sleeps.
  void (*setSpinning)(int) = nullptr;

  OpenMP() {
    // Only this call makes sure that oneDNN, and with it its runtime, is loaded.
    if (dnnl_version()->cpu_runtime != DNNL_RUNTIME_OMP) return;
    if (!find(setThreads, "omp_set_num_threads") || !find(maximumThreads, "omp_get_max_threads")) {
      setThreads = nullptr;
      maximumThreads = nullptr;
      return;
    }
    find(processors, "omp_get_num_procs");
    find(startGNU, "GOMP_parallel");
    find(setSpinning, "kmp_set_blocktime");
    // There, it would be the teams of all threads.
    if (setSpinning == nullptr && !(find(endTeam, "omp_pause_resource") && find(initialDevice, "omp_get_initial_device"))) {
      endTeam = nullptr;
    }
    letWaitingThreadsSleep();
  }

  static const OpenMP &shared() {
    // Never taken down: threads may still use it when the process ends.
    static const OpenMP &instance = *new OpenMP();
    return instance;
  }

 private:
  template <typename Function>
  static bool find(Function &function, const char *name) {
    function = reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, name));
    return function != nullptr;
  }

  /// A thread that waits for the others of its team spins for 3 ms (GNU) or 200 ms (LLVM, Intel) before it sleeps. Where
  /// another program wants the core, it spins in the way of the very thread that it waits for, and training becomes many
  /// times slower. Whoever sets the runtime's own variables decides otherwise.
  void letWaitingThreadsSleep() const {
    for (const char *name : {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME"}) {
      if (std::getenv(name) != nullptr) return;
    }
    if (setSpinning != nullptr) {
      setSpinning(0);
    } else if (startGNU != nullptr && processors != nullptr && processors() > 1) {
      startRestingTeam();
    }
  }

  /// GNU's runtime can be told before a process starts, by its environment, and not later. But it spins for a hundred
  /// turns only where it manages more threads than there are processors (libgomp's manual, GOMP_SPINCOUNT), so it is given
  /// a second team, which does nothing and sleeps.
  void startRestingTeam() const {
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) return;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 1 << 17);
    // Signals are for the threads that do something.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    pthread_create(&thread, &attributes, rest, const_cast<OpenMP *>(this));
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    pthread_attr_destroy(&attributes);
  }

  // A team lasts as long as the thread that started it.
  static void *rest(void *data) {
    const auto *openMP = static_cast<const OpenMP *>(data);
    openMP->startGNU([](void *) {}, nullptr, static_cast<unsigned>(openMP->processors()), 0);
    while (true) pause();
  }
};

/// How many threads wait in teams for the threads whose they are.
std::atomic<int> waitingInTeams{0};

/// The calling thread's team ends with it.
struct Team {
  int size = 0;

  void resize(int count) {
    waitingInTeams += count - size;
    size = count;
  }
  ~Team() { resize(0); }
};
thread_local Team team;

std::atomic<int32_t> nextThread{0};

/// What was asked for on this thread of a oneDNN without OpenMP, for kernels that are not its own.
thread_local int threadsWithoutOpenMP = 0;

}  // namespace

int threads() noexcept {
  const OpenMP &openMP = OpenMP::shared();
  if (openMP.maximumThreads != nullptr) return openMP.maximumThreads();
  if (threadsWithoutOpenMP == 0) threadsWithoutOpenMP = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return threadsWithoutOpenMP;
}

bool setThreads(int count) noexcept {
  const OpenMP &openMP = OpenMP::shared();
  if (count < 1) return false;
  if (openMP.setThreads == nullptr) {
    threadsWithoutOpenMP = count;
    return false;
  }
  openMP.setThreads(count);
  return true;
}

}  // namespace fovea::dnn

bool fovea_dnn_set_threads(int32_t count) { return fovea::dnn::setThreads(count); }

int32_t fovea_dnn_threads(void) { return fovea::dnn::threads(); }

void fovea_dnn_rest(int32_t helpers, int32_t most) {
  using namespace fovea::dnn;
  if (helpers > team.size) team.resize(helpers);
  const OpenMP &openMP = OpenMP::shared();
  if (waitingInTeams.load(std::memory_order_relaxed) <= most || openMP.endTeam == nullptr) return;
  constexpr int soft = 1;
  if (openMP.endTeam(soft, openMP.initialDevice()) == 0) team.resize(0);
}

fovea_dnn_thread *fovea_dnn_this_thread(void) {
  thread_local fovea_dnn_thread thread{fovea::dnn::nextThread.fetch_add(1), false};
  return &thread;
}
